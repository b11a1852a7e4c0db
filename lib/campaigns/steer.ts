import { and, eq, inArray, sql } from "drizzle-orm";
import { type CampaignStatus, campaign } from "#drizzle/schema/campaigns.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import type { Breaker } from "../delivery/breakers.ts";
import { releaseHeld } from "../delivery/canary.ts";
import { NotFound, Refusal } from "../errors.ts";
import { refuseWhileLocked } from "../instance/sending-lock.ts";
import { enqueue } from "../queue.ts";
import { readPauseReason } from "./pause-reason.ts";

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

/**
 * Lets a paused campaign go on, with freezing where that was not done. One that a breaker stopped goes on only when the
 * person overrules that breaker by name; it never stops this campaign again, the others still do. Refuses
 * `campaign.breaker_stands` when it is not named, and `instance.locked`.
 */
export async function resumeCampaign(
  db: Db,
  scope: Scope,
  campaignId: string,
  overrule: Breaker | null = null,
): Promise<void> {
  allow(scope, "launch");
  await refuseWhileLocked(db);
  await db.transaction(async (tx) => {
    const [paused] = await tx
      .select({ reason: campaign.pauseReason })
      .from(campaign)
      .where(
        and(eq(campaign.workspaceId, scope.workspaceId), eq(campaign.id, campaignId), eq(campaign.status, "paused")),
      )
      .for("update");
    const why = paused?.reason ? readPauseReason(paused.reason) : null;
    const stands = why?.kind === "breaker" ? why : null;
    if (stands && stands.breaker !== overrule) throw new Refusal("campaign.breaker_stands");
    await move(tx, scope, campaignId, {
      from: ["paused"],
      to: {
        status: sql`case when ${campaign.frozenAt} is null then 'freezing' else 'sending' end`,
        pauseReason: null,
        pausedAt: null,
        ...(stands && { overruled: sql`array_append(${campaign.overruled}, ${stands.breaker})` }),
      },
      action: stands ? "campaign.overrule" : "campaign.resume",
      detail: stands ? { breaker: stands.breaker, count: stands.count, tried: stands.tried } : {},
    });
  });
}

/** Ends the wait after a canary before its time: the rest is sent from now on. Refuses unless there is such a wait. */
export async function goOnNow(db: Db, scope: Scope, campaignId: string): Promise<void> {
  allow(scope, "launch");
  await db.transaction(async (tx) => {
    await move(tx, scope, campaignId, {
      from: ["sending"],
      to: { canaryUntil: sql`clock_timestamp()` },
      action: "campaign.go_on",
    });
    if (!(await releaseHeld(tx, scope.workspaceId, campaignId))) throw new Refusal("campaign.not_possible_now");
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
  step: { from: CampaignStatus[]; to: Changes; action: string; detail?: Record<string, unknown> },
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
    await audit(tx, scope, step.action, { kind: "campaign", id: campaignId }, { name: moved.name, ...step.detail });
  });
}
