import { and, eq, sql } from "drizzle-orm";
import { campaign } from "#drizzle/schema/campaigns.ts";
import type { Db } from "../db.ts";
import type { FullLimit } from "../senders/allowance.ts";
import { quotaReason } from "./quota-reason.ts";

/**
 * Notes that a campaign waits for a limit of its sender, and until when, or, with null, that it goes on. A full limit is
 * no failure: the campaign stays as it is, the sender stays in use, and what a failing sender said is not overwritten.
 * Writes only when something changes. Called by the worker that wants to wait.
 */
export async function noteQuota(
  db: Db,
  workspaceId: string,
  campaignId: string,
  full: FullLimit | null,
): Promise<void> {
  const reason = full && quotaReason(full);
  await db
    .update(campaign)
    .set({ pauseReason: reason })
    .where(
      and(
        eq(campaign.workspaceId, workspaceId),
        eq(campaign.id, campaignId),
        eq(campaign.status, "sending"),
        sql`(pause_reason like 'quota: %' or (pause_reason is null and ${reason !== null}))`,
        sql`pause_reason is distinct from ${reason}::text`,
      ),
    );
}
