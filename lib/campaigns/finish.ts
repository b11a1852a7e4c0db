import { and, eq, isNull, sql } from "drizzle-orm";
import { campaign } from "#drizzle/schema/campaigns.ts";
import { systemScope } from "../auth/scope.ts";
import { type Db, endWhenAbandoned } from "../db.ts";
import { cancelPending, isDrained } from "../delivery/cancel.ts";
import { log } from "../log.ts";
import { campaignProgress } from "./progress.ts";

/**
 * Closes a campaign of which no message can change any more by itself: none pending, claimed, sending, deferred, or in
 * doubt and due to be sent again. The states must add up to the frozen count; if they do not, that is a bug, and the
 * campaign stays open and is reported. Returns whether it is finished now. `from` is "paused" for one that a breaker
 * stopped while its last answers were on their way.
 */
export async function finishIfDrained(
  db: Db,
  workspaceId: string,
  campaignId: string,
  from: "sending" | "paused" = "sending",
): Promise<boolean> {
  if (!(await isDrained(db, workspaceId, campaignId))) return false;
  return db.transaction(async (tx) => {
    const mine = and(
      eq(campaign.workspaceId, workspaceId),
      eq(campaign.id, campaignId),
      eq(campaign.status, from),
      // The batches of a decision open chunks again.
      isNull(campaign.deciding),
    );
    const [open] = await tx.select({ abandoned: endWhenAbandoned }).from(campaign).where(mine).for("update");
    // Looked at again under the lock: somebody may have decided meanwhile that people get another try.
    if (!open || !(await isDrained(tx, workspaceId, campaignId))) return false;
    const { frozen, written, sent, failed, inDoubt, skipped } = await campaignProgress(
      tx,
      systemScope(workspaceId),
      campaignId,
    );
    const settled = sent + failed + inDoubt + skipped;
    if (settled !== frozen || written !== frozen) {
      log.error(
        { workspaceId, campaignId, frozen, written, settled },
        "the states of a drained campaign do not add up",
      );
      return false;
    }
    const done = await tx
      .update(campaign)
      .set({
        status: "finished",
        finishedAt: sql`clock_timestamp()`,
        ...(from === "paused" && { pauseReason: null, pausedAt: null }),
        updatedAt: sql`clock_timestamp()`,
      })
      .where(mine)
      .returning({ id: campaign.id });
    return done.length === 1;
  });
}

/**
 * Carries a cancellation through: what was not handed over becomes skipped(cancelled), then, when no worker holds a
 * message any more, the campaign is cancelled. Called again until it returns true.
 */
export async function carryOutCancel(db: Db, workspaceId: string, campaignId: string): Promise<boolean> {
  if (!(await cancelPending(db, workspaceId, campaignId))) return false;
  const { written } = await campaignProgress(db, systemScope(workspaceId), campaignId);
  const done = await db
    .update(campaign)
    .set({
      status: "cancelled",
      finishedAt: sql`clock_timestamp()`,
      // Cancelled while its rows were being written: those that are there are all there will be.
      frozenCount: sql`coalesce(${campaign.frozenCount}, ${written})`,
      updatedAt: sql`clock_timestamp()`,
    })
    .where(and(eq(campaign.workspaceId, workspaceId), eq(campaign.id, campaignId), eq(campaign.status, "cancelling")))
    .returning({ id: campaign.id });
  return done.length === 1;
}
