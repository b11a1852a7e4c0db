import { and, eq, sql } from "drizzle-orm";
import { campaign } from "#drizzle/schema/campaigns.ts";
import { audit } from "../auth/audit.ts";
import { systemScope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { checkBreakers } from "../delivery/check-breakers.ts";
import { readPauseReason, reasonOf } from "./pause-reason.ts";

/* What delivery tells about a campaign while it is sent. The kinds of reasons: pause-reason.ts. */

/**
 * Pauses a campaign that must not go on as it is. Does nothing unless it is sending, nor for a breaker that a person
 * has overruled meanwhile.
 */
export async function pauseForTrouble(db: Db, workspaceId: string, campaignId: string, reason: string): Promise<void> {
  const read = readPauseReason(reason);
  const notOverruled = read.kind === "breaker" ? sql`not ${read.breaker} = any(${campaign.overruled})` : undefined;
  await db.transaction(async (tx) => {
    const paused = await tx
      .update(campaign)
      .set({
        status: "paused",
        pauseReason: reason.slice(0, 1000),
        pausedAt: sql`clock_timestamp()`,
        updatedAt: sql`clock_timestamp()`,
      })
      .where(
        and(
          eq(campaign.workspaceId, workspaceId),
          eq(campaign.id, campaignId),
          eq(campaign.status, "sending"),
          notOverruled,
        ),
      )
      .returning({ id: campaign.id });
    if (paused.length === 0) return;
    await audit(
      tx,
      systemScope(workspaceId),
      "campaign.paused_by_engine",
      { kind: "campaign", id: campaignId },
      { reason },
    );
  });
}

/**
 * Pauses a campaign that a breaker stops by the rows of all workers. Returns whether one did. Called by the sweep, and
 * by a worker after answers that count for one.
 */
export async function pauseIfTripped(db: Db, workspaceId: string, campaignId: string): Promise<boolean> {
  const found = await checkBreakers(db, workspaceId, campaignId);
  if (found) await pauseForTrouble(db, workspaceId, campaignId, reasonOf(found));
  return found !== null;
}

/** Notes why the campaigns that go out through this one's sender (or senders) stand still, or, with null, that they go on. */
export async function noteSenderTrouble(
  db: Db,
  workspaceId: string,
  campaignId: string,
  words: string | null,
): Promise<void> {
  await db
    .update(campaign)
    .set({ pauseReason: words === null ? null : `sender: ${words}`.slice(0, 1000) })
    .where(
      and(
        eq(campaign.workspaceId, workspaceId),
        eq(campaign.status, "sending"),
        sql`exists (
          select from campaign k
          where k.workspace_id = ${workspaceId} and k.id = ${campaignId}
            and k.sender_id is not distinct from campaign.sender_id
            and k.sender_ids is not distinct from campaign.sender_ids)`,
        words === null ? sql`pause_reason like 'sender: %'` : undefined,
      ),
    );
}
