import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";
import { countRows, type StateCounts, stateCounts } from "../delivery/counts.ts";
import { hasMonth, oldestMonth } from "../month-partitions.ts";

/** A number that is not what its rows say. */
export interface Difference {
  workspaceId: string;
  campaignId: string;
  name: string;
  /** Which number: a state, a kind of refusal, "frozen", or a kind of first touch. */
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
  const { rows } = await db.execute<{ workspace_id: string; id: string; name: string; month: string }>(sql`
    select workspace_id, id, name, to_char(launched_at at time zone 'UTC', 'YYYY-MM-01') as month
    from campaign where launched_at is not null order by launched_at`);
  const differences: Difference[] = [];
  for (const { workspace_id: workspaceId, id: campaignId, name, month } of rows) {
    const found = await differencesOf(db, workspaceId, campaignId, month);
    differences.push(...found.map((difference) => ({ workspaceId, campaignId, name, ...difference })));
  }
  return { campaigns: rows.length, differences };
}

type Numbers = Omit<Difference, "workspaceId" | "campaignId" | "name">;

async function differencesOf(db: Db, workspaceId: string, campaignId: string, month: string): Promise<Numbers[]> {
  return db.transaction(
    async (tx) => {
      const numbers = [
        // Months that were kept long enough are dropped whole: then the counts are all there is.
        ...((await hasMonth(tx, "message", month)) ? await messageNumbers(tx, workspaceId, campaignId) : []),
        ...(await touchNumbers(tx, workspaceId, campaignId)),
      ];
      return numbers.filter((number) => number.shown !== number.counted);
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

async function messageNumbers(tx: Db, workspaceId: string, campaignId: string): Promise<Numbers[]> {
  const shown = await stateCounts(tx, workspaceId, campaignId);
  const counted = await countRows(tx, workspaceId, campaignId);
  const states = Object.keys(counted) as Array<keyof StateCounts>;
  return [
    ...states.map((what) => ({ what, shown: shown[what], counted: counted[what] })),
    ...(await refusalNumbers(tx, workspaceId, campaignId)),
    ...(await frozenNumber(tx, workspaceId, campaignId, counted.total)),
  ];
}

/**
 * The counters that stop a campaign. They count answers, not messages: one that was refused as spam twice counts twice,
 * also after a person gave it another try.
 */
async function refusalNumbers(tx: Db, workspaceId: string, campaignId: string): Promise<Numbers[]> {
  const { rows } = await tx.execute<Numbers & Record<string, unknown>>(sql`
    with rolled as (
      select coalesce(sum(hard), 0)::int as hard, coalesce(sum(blocked), 0)::int as blocked,
        coalesce(sum(content), 0)::int as content
      from chunk where workspace_id = ${workspaceId} and source_id = ${campaignId}),
    answers as (
      select count(*) filter (where a.class = 'hard' and a.state = 'failed')::int as hard,
        count(*) filter (where a.class = 'block')::int as blocked, count(*) filter (where a.class = 'content')::int as content
      from attempt a
      where a.workspace_id = ${workspaceId} and a.source_id = ${campaignId}
        and a.state in ('deferred', 'failed', 'in_doubt', 'skipped') and a.class in ('hard', 'block', 'content'))
    select v.what, v.shown, v.counted from rolled r cross join answers a
    cross join lateral (values ('refused for good', r.hard, a.hard), ('refused as spam', r.blocked, a.blocked),
      ('refused content', r.content, a.content)) as v (what, shown, counted)`);
  return rows.map(({ what, shown, counted }) => ({ what, shown, counted }));
}

async function frozenNumber(tx: Db, workspaceId: string, campaignId: string, counted: number): Promise<Numbers[]> {
  const { rows } = await tx.execute<{ frozen: number | null }>(sql`
    select frozen_count as frozen from campaign where workspace_id = ${workspaceId} and id = ${campaignId}`);
  const shown = rows[0]?.frozen ?? null;
  return shown === null ? [] : [{ what: "frozen", shown, counted }];
}

/**
 * People with a first touch against people with such an event. Retention drops events by the month and keeps first
 * touches, so those from before the oldest month left, and of people without any event left, are not looked at.
 */
async function touchNumbers(tx: Db, workspaceId: string, campaignId: string): Promise<Numbers[]> {
  const since = sql`${(await oldestMonth(tx, "event")) ?? "-infinity"}::date at time zone 'UTC'`;
  const kinds = ["human_open_at", "machine_open_at", "human_click_at", "machine_click_at", "unsubscribed_at"];
  // Per kind: the first touch, and the first event. Both are passed over when the first touch is older than all events.
  const pairs = kinds.map((kind) => {
    const at = sql.identifier(kind);
    return sql`count(t.${at}) filter (where t.${at} >= ${since})::int,
      count(h.${at}) filter (where t.${at} is null or t.${at} >= ${since})::int`;
  });
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
      group by subscriber_id)
    select what, shown, counted from (
      select ${sql.join(pairs, sql`, `)}
      from had h
      left join first_touch t on t.workspace_id = ${workspaceId} and t.campaign_id = ${campaignId}
        and t.subscriber_id = h.subscriber_id) n (a, b, c, d, e, f, g, h, i, j)
    cross join lateral (values ('opened by people', a, b), ('opened by machines', c, d), ('clicked by people', e, f),
      ('clicked by machines', g, h), ('unsubscribed', i, j)) as v (what, shown, counted)`);
  return rows.map(({ what, shown, counted }) => ({ what, shown, counted }));
}
