import { and, eq, sql } from "drizzle-orm";
import { campaign } from "#drizzle/schema/campaigns.ts";
import { audit } from "../auth/audit.ts";
import { systemScope } from "../auth/scope.ts";
import type { Db } from "../db.ts";

/*
 * What delivery tells about a campaign while it is sent. pauseReason is "person" for a pause by hand; otherwise
 * "<kind>: <the server's words>", with kind one of content, block, auth (paused, waits for a click) and sender (still
 * sending: it goes on by itself when the sender is back).
 */

/** Pauses a campaign that must not go on as it is. Does nothing unless it is sending. */
export async function pauseForTrouble(db: Db, workspaceId: string, campaignId: string, reason: string): Promise<void> {
  await db.transaction(async (tx) => {
    const paused = await tx
      .update(campaign)
      .set({
        status: "paused",
        pauseReason: reason.slice(0, 1000),
        pausedAt: sql`clock_timestamp()`,
        updatedAt: sql`clock_timestamp()`,
      })
      .where(and(eq(campaign.workspaceId, workspaceId), eq(campaign.id, campaignId), eq(campaign.status, "sending")))
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

/** Notes why the campaigns that go out through this one's sender stand still, or, with null, that they go on. */
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
        sql`sender_id is not distinct from
          (select k.sender_id from campaign k where k.workspace_id = ${workspaceId} and k.id = ${campaignId})`,
        words === null ? sql`pause_reason like 'sender: %'` : undefined,
      ),
    );
}
