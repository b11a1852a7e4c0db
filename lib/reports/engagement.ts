import { sql } from "drizzle-orm";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";

/** People are counted once, however often they opened or clicked. */
export interface People {
  human: number;
  machine: number;
  /** Human or machine or both: less than the sum where a person has both. */
  any: number;
}

/** Every hit counts. */
export interface Hits {
  human: number;
  machine: number;
}

export interface Engagement {
  openedBy: People;
  clickedBy: People;
  unsubscribed: number;
  opens: Hits;
  clicks: Hits;
}

/**
 * Who opened and clicked, and how often. Definitions:
 *   a person has opened   when a hit on the mail's pixel bears that verdict (human, machine); clicked likewise for links.
 *                         A click does not count as an open: pictures may have been off.
 *   unsubscribed          through this campaign's own link or its one-click header, once per person
 *   machine               privacy proxies that fetch every picture, link scanners, prefetching; see lib/tracking/verdict.ts
 * People come from first_touch (one row per person who did anything), hits from the events themselves: 0.3 s for
 * a million of them.
 */
export async function engagement(db: Db, scope: Scope, campaignId: string): Promise<Engagement> {
  const people = await engagedPeople(db, scope, campaignId);
  const { rows } = await db.execute<{ kind: string; verdict: "human" | "machine"; hits: number }>(sql`
    select kind, verdict, count(*)::int as hits from event
    where workspace_id = ${scope.workspaceId} and campaign_id = ${campaignId} and kind in ('open', 'click')
    group by kind, verdict`);
  const hits = (kind: string, verdict: string) =>
    rows.find((row) => row.kind === kind && row.verdict === verdict)?.hits ?? 0;
  return {
    ...people,
    opens: { human: hits("open", "human"), machine: hits("open", "machine") },
    clicks: { human: hits("click", "human"), machine: hits("click", "machine") },
  };
}

export type EngagedPeople = Pick<Engagement, "openedBy" | "clickedBy" | "unsubscribed">;

/** The people alone: one pass over first_touch, 40 ms for 330,000 of them: cheap enough while a campaign is sending. */
export async function engagedPeople(db: Db, scope: Scope, campaignId: string): Promise<EngagedPeople> {
  allow(scope, "read");
  const { rows } = await db.execute<Record<string, number>>(sql`
    select count(human_open_at)::int as human_opened, count(machine_open_at)::int as machine_opened,
      count(coalesce(human_open_at, machine_open_at))::int as any_opened,
      count(human_click_at)::int as human_clicked, count(machine_click_at)::int as machine_clicked,
      count(coalesce(human_click_at, machine_click_at))::int as any_clicked,
      count(unsubscribed_at)::int as unsubscribed
    from first_touch where workspace_id = ${scope.workspaceId} and campaign_id = ${campaignId}`);
  const count = (name: string) => rows[0]?.[name] ?? 0;
  const people = (done: string) => ({
    human: count(`human_${done}`),
    machine: count(`machine_${done}`),
    any: count(`any_${done}`),
  });
  return { openedBy: people("opened"), clickedBy: people("clicked"), unsubscribed: count("unsubscribed") };
}
