import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";
import { countRows, type StateCounts, stateCounts } from "../delivery/counts.ts";

/** A number that is not what its rows say. */
export interface Difference {
  workspaceId: string;
  campaignId: string;
  name: string;
  /** Which number: a state, "frozen", or a kind of first touch. */
  what: string;
  shown: number;
  counted: number;
}

/**
 * Proves every number that is kept beside its rows, for all campaigns of all workspaces that were ever launched: chunk
 * rollups and frozen counts against message and attempt rows, first touches against events. Each campaign is looked at
 * in one snapshot, so it may be run while mails go out. Reads every row: a million messages take some seconds.
 */
export async function verifyCounts(db: Db): Promise<{ campaigns: number; differences: Difference[] }> {
  const { rows } = await db.execute<{ workspace_id: string; id: string; name: string }>(sql`
    select workspace_id, id, name from campaign where launched_at is not null order by launched_at`);
  const differences: Difference[] = [];
  for (const { workspace_id: workspaceId, id: campaignId, name } of rows) {
    const found = await differencesOf(db, workspaceId, campaignId);
    differences.push(...found.map((difference) => ({ workspaceId, campaignId, name, ...difference })));
  }
  return { campaigns: rows.length, differences };
}

type Numbers = Omit<Difference, "workspaceId" | "campaignId" | "name">;

async function differencesOf(db: Db, workspaceId: string, campaignId: string): Promise<Numbers[]> {
  return db.transaction(
    async (tx) => {
      const shown = await stateCounts(tx, workspaceId, campaignId);
      const counted = await countRows(tx, workspaceId, campaignId);
      const states = (Object.keys(counted) as Array<keyof StateCounts>).map((what) => ({
        what,
        shown: shown[what],
        counted: counted[what],
      }));
      const numbers = [
        ...states,
        ...(await frozenNumber(tx, workspaceId, campaignId, counted.total)),
        ...(await touchNumbers(tx, workspaceId, campaignId)),
      ];
      return numbers.filter((number) => number.shown !== number.counted);
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

async function frozenNumber(tx: Db, workspaceId: string, campaignId: string, counted: number): Promise<Numbers[]> {
  const { rows } = await tx.execute<{ frozen: number | null }>(sql`
    select frozen_count as frozen from campaign where workspace_id = ${workspaceId} and id = ${campaignId}`);
  const shown = rows[0]?.frozen ?? null;
  return shown === null ? [] : [{ what: "frozen", shown, counted }];
}

/**
 * People with a first touch against people with such an event. Retention drops events by the month and keeps first
 * touches, so those of people without any event left are not looked at.
 */
async function touchNumbers(tx: Db, workspaceId: string, campaignId: string): Promise<Numbers[]> {
  const { rows } = await tx.execute<Numbers & Record<string, unknown>>(sql`
    with had as (
      select subscriber_id,
        min(received_at) filter (where kind = 'open' and verdict = 'human') as human_open_at,
        min(received_at) filter (where kind = 'open' and verdict = 'machine') as machine_open_at,
        min(received_at) filter (where kind = 'click' and verdict = 'human') as human_click_at,
        min(received_at) filter (where kind = 'click' and verdict = 'machine') as machine_click_at,
        min(received_at) filter (where kind = 'unsubscribe') as unsubscribed_at
      from event
      where workspace_id = ${workspaceId} and campaign_id = ${campaignId} and subscriber_id is not null
      group by subscriber_id),
    paired as (
      select t.*, h.human_open_at as ho, h.machine_open_at as mo, h.human_click_at as hc, h.machine_click_at as mc,
        h.unsubscribed_at as un
      from had h
      left join first_touch t on t.workspace_id = ${workspaceId} and t.campaign_id = ${campaignId}
        and t.subscriber_id = h.subscriber_id)
    select what, shown, counted from (
      select count(human_open_at)::int as a, count(ho)::int as b, count(machine_open_at)::int as c, count(mo)::int as d,
        count(human_click_at)::int as e, count(hc)::int as f, count(machine_click_at)::int as g, count(mc)::int as h,
        count(unsubscribed_at)::int as i, count(un)::int as j
      from paired) n
    cross join lateral (values ('opened by people', a, b), ('opened by machines', c, d), ('clicked by people', e, f),
      ('clicked by machines', g, h), ('unsubscribed', i, j)) as v (what, shown, counted)`);
  return rows.map(({ what, shown, counted }) => ({ what, shown, counted }));
}
