import { and, eq, inArray, sql } from "drizzle-orm";
import { type CampaignStatus, campaign } from "#drizzle/schema/campaigns.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound, Refusal } from "../errors.ts";
import { enqueue } from "../queue.ts";

/**
 * Stops a campaign under way until somebody resumes it. Delivery looks at the state before every group it hands over,
 * so no new mail is begun 2 s later. Pausing what is paused changes only who holds it: a person, not the engine.
 */
export async function pauseCampaign(db: Db, scope: Scope, campaignId: string): Promise<void> {
  allow(scope, "launch");
  await move(db, scope, campaignId, {
    from: ["freezing", "sending", "paused"],
    to: { status: "paused", pauseReason: "person", pausedAt: sql`clock_timestamp()` },
    action: "campaign.pause",
  });
}

/** Lets a paused campaign go on, with freezing where that was not done. */
export async function resumeCampaign(db: Db, scope: Scope, campaignId: string): Promise<void> {
  allow(scope, "launch");
  await move(db, scope, campaignId, {
    from: ["paused"],
    to: {
      status: sql`case when ${campaign.frozenAt} is null then 'freezing' else 'sending' end`,
      pauseReason: null,
      pausedAt: null,
    },
    action: "campaign.resume",
  });
}

/**
 * Cancels a campaign for good: what was not handed over becomes skipped(cancelled), by the sweep that this rings for.
 * Mails whose outcome is in doubt stay as they are.
 */
export async function cancelCampaign(db: Db, scope: Scope, campaignId: string): Promise<void> {
  allow(scope, "launch");
  await move(db, scope, campaignId, {
    from: ["freezing", "sending", "paused"],
    to: { status: "cancelling", pauseReason: null, pausedAt: null },
    action: "campaign.cancel",
  });
}

type Changes = Parameters<ReturnType<Db["update"]>["set"]>[0];

async function move(
  db: Db,
  scope: Scope,
  campaignId: string,
  step: { from: CampaignStatus[]; to: Changes; action: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const mine = and(eq(campaign.workspaceId, scope.workspaceId), eq(campaign.id, campaignId));
    const [moved] = await tx
      .update(campaign)
      .set({ ...step.to, version: sql`${campaign.version} + 1`, updatedAt: sql`clock_timestamp()` })
      .where(and(mine, inArray(campaign.status, step.from)))
      .returning({ status: campaign.status, name: campaign.name });
    if (!moved) {
      const [current] = await tx.select({ status: campaign.status }).from(campaign).where(mine);
      if (!current) throw new NotFound("campaign");
      throw new Refusal("campaign.not_possible_now", { status: current.status });
    }
    if (moved.status === "freezing")
      await enqueue(tx, "campaign.freeze", { workspaceId: scope.workspaceId, campaignId });
    if (moved.status === "sending") await enqueue(tx, "delivery.wake", {});
    if (moved.status === "cancelling") await enqueue(tx, "campaign.sweep", {});
    await audit(tx, scope, step.action, { kind: "campaign", id: campaignId }, { name: moved.name });
  });
}
