import { sql } from "drizzle-orm";
import type { CampaignStatus } from "#drizzle/schema/campaigns.ts";
import type { Db } from "../db.ts";

/** How many messages of a campaign are in each state. They add up to `total`. */
export interface StateCounts {
  total: number;
  pending: number;
  sending: number;
  sent: number;
  deferred: number;
  failed: number;
  inDoubt: number;
  skipped: number;
}

/** From the chunk rollups, for live progress: 2,000 rows for a million people. verifyCounts proves them. */
export async function stateCounts(db: Db, workspaceId: string, campaignId: string): Promise<StateCounts> {
  const { rows } = await db.execute<Record<keyof StateCounts, number>>(sql`
    select coalesce(sum(total), 0)::int as total,
      coalesce(sum(total - sending - sent - deferred - failed - in_doubt - skipped), 0)::int as pending,
      coalesce(sum(sending), 0)::int as sending, coalesce(sum(sent), 0)::int as sent,
      coalesce(sum(deferred), 0)::int as deferred, coalesce(sum(failed), 0)::int as failed,
      coalesce(sum(in_doubt), 0)::int as "inDoubt", coalesce(sum(skipped), 0)::int as skipped
    from chunk where workspace_id = ${workspaceId} and source_id = ${campaignId}`);
  if (!rows[0]) throw new Error("an aggregate without a row");
  return rows[0];
}

/** The same counted from the message and attempt rows themselves: the truth that the rollups must equal. */
export async function countRows(db: Db, workspaceId: string, campaignId: string): Promise<StateCounts> {
  const { rows } = await db.execute<Record<keyof StateCounts, number>>(sql`
    select count(*)::int as total, count(*) filter (where state in ('pending', 'claimed'))::int as pending,
      count(*) filter (where state = 'sending')::int as sending, count(*) filter (where state = 'sent')::int as sent,
      count(*) filter (where state = 'deferred')::int as deferred, count(*) filter (where state = 'failed')::int as failed,
      count(*) filter (where state = 'in_doubt')::int as "inDoubt", count(*) filter (where state = 'skipped')::int as skipped
    from message_state where workspace_id = ${workspaceId} and source_id = ${campaignId}`);
  if (!rows[0]) throw new Error("an aggregate without a row");
  return rows[0];
}

/** The status of some campaigns of any workspace, for a worker that is sending them. */
export async function statusesOf(db: Db, campaignIds: readonly string[]): Promise<Map<string, CampaignStatus>> {
  const { rows } = await db.execute<{ id: string; status: CampaignStatus }>(sql`
    select id, status from campaign where id = any(${sql.param(campaignIds)}::uuid[])`);
  return new Map(rows.map((row) => [row.id, row.status]));
}
