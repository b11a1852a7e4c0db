import { sql } from "drizzle-orm";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import type { Hits, People } from "./engagement.ts";

export interface LinkClicks {
  /** Place in the mail, from 0. */
  position: number;
  url: string;
  clickedBy: People;
  clicks: Hits;
}

/**
 * Every link of the frozen mail with its clicks, in the order of the mail; one that nobody clicked is there with zeros.
 * A person is counted once per link, so the links' people do not add up to the campaign's.
 */
export async function linkClicks(db: Db, scope: Scope, campaignId: string): Promise<LinkClicks[]> {
  allow(scope, "read");
  const { rows } = await db.execute<Record<string, number> & { url: string }>(sql`
    select l.position, l.url,
      count(distinct e.subscriber_id) filter (where e.verdict = 'human')::int as human_people,
      count(distinct e.subscriber_id) filter (where e.verdict = 'machine')::int as machine_people,
      count(distinct e.subscriber_id)::int as any_people,
      count(e.id) filter (where e.verdict = 'human')::int as human_clicks,
      count(e.id) filter (where e.verdict = 'machine')::int as machine_clicks
    from link l
    left join event e on e.workspace_id = l.workspace_id and e.campaign_id = l.campaign_id and e.kind = 'click'
      and e.link_position = l.position
    where l.workspace_id = ${scope.workspaceId} and l.campaign_id = ${campaignId}
    group by l.position, l.url order by l.position`);
  return rows.map((row) => ({
    position: row.position ?? 0,
    url: row.url,
    clickedBy: { human: row.human_people ?? 0, machine: row.machine_people ?? 0, any: row.any_people ?? 0 },
    clicks: { human: row.human_clicks ?? 0, machine: row.machine_clicks ?? 0 },
  }));
}
