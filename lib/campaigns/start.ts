import { and, eq, sql } from "drizzle-orm";
import { type CampaignStatus, campaign, frozenContent, link } from "#drizzle/schema/campaigns.ts";
import { audit } from "../auth/audit.ts";
import { systemScope } from "../auth/scope.ts";
import { getWorkspace } from "../auth/workspaces.ts";
import { config } from "../config.ts";
import { compileMail } from "../content/compile-mail.ts";
import { type Db, endWhenAbandoned } from "../db.ts";
import { lookAtInstance } from "../instance/look.ts";
import { enqueue } from "../queue.ts";
import { type Review, reviewCampaign } from "./review.ts";

/**
 * Starts a scheduled campaign whose time has come: freezes its content, its links and the counts of everyone left out,
 * and begins writing message rows (freeze.ts). Too late by more than DELIVERY_MAX_MISSED_START_SECONDS, or no longer
 * fit to be sent, it becomes "missed" (with the check's code in pauseReason) and waits for a person. Starts nothing while
 * sending is locked. Harmless when called twice or too early: returns the status it has then, or null when it is gone.
 */
export async function startCampaign(db: Db, workspaceId: string, campaignId: string): Promise<CampaignStatus | null> {
  const scope = systemScope(workspaceId);
  return db.transaction(async (tx) => {
    const [due] = await tx
      .select({
        status: campaign.status,
        isDue: sql<boolean>`${campaign.launchAt} <= clock_timestamp()`,
        abandoned: endWhenAbandoned,
        lateSeconds: sql<number>`extract(epoch from clock_timestamp() - ${campaign.launchAt})::float8`,
      })
      .from(campaign)
      .where(and(eq(campaign.workspaceId, workspaceId), eq(campaign.id, campaignId)))
      .for("update");
    if (!due) return null;
    if (due.status !== "scheduled" || !due.isDue) return due.status;
    // The sweep comes again until somebody has confirmed the copy, who then says what becomes of it.
    if ((await lookAtInstance(tx)).locked) return due.status;
    if (due.lateSeconds > config().DELIVERY_MAX_MISSED_START_SECONDS)
      return markMissed(tx, workspaceId, campaignId, null);

    const review = await reviewCampaign(tx, scope, campaignId);
    // The person's yes to plain http was given at the launch.
    const unfit = review.checks.find((check) => check.state === "blocked");
    if (unfit) return markMissed(tx, workspaceId, campaignId, unfit.code);

    await freezeContent(tx, workspaceId, review);
    await tx
      .update(campaign)
      .set({
        status: "freezing",
        launchedAt: sql`clock_timestamp()`,
        excludedCounts: { ...review.audience.excluded },
        updatedAt: sql`clock_timestamp()`,
      })
      .where(and(eq(campaign.workspaceId, workspaceId), eq(campaign.id, campaignId)));
    await enqueue(tx, "campaign.freeze", { workspaceId, campaignId });
    return "freezing";
  });
}

async function markMissed(
  tx: Db,
  workspaceId: string,
  campaignId: string,
  reason: string | null,
): Promise<CampaignStatus> {
  await tx
    .update(campaign)
    .set({
      status: "missed",
      pauseReason: reason,
      version: sql`${campaign.version} + 1`,
      updatedAt: sql`clock_timestamp()`,
    })
    .where(and(eq(campaign.workspaceId, workspaceId), eq(campaign.id, campaignId)));
  await audit(tx, systemScope(workspaceId), "campaign.missed", { kind: "campaign", id: campaignId }, { reason });
  return "missed";
}

/** From here on nothing that is edited (template, workspace address, field) changes what this campaign sends. */
export async function freezeContent(
  tx: Db,
  workspaceId: string,
  { campaign: frozen, compiled }: Review,
): Promise<void> {
  if (!compiled.ok) throw new Error("content that does not compile cannot be frozen");
  const workspace = await getWorkspace(tx, { workspaceId });
  const mail = compileMail(compiled, {
    workspace: { name: workspace.name, postal_address: workspace.postalAddress },
    campaign: { name: frozen.name, subject: frozen.subject },
    trackOpens: frozen.trackOpens,
    trackClicks: frozen.trackClicks,
  });
  const key = { workspaceId, campaignId: frozen.id };
  const { subject, html, text } = compiled;
  await tx.insert(frozenContent).values({ ...key, variantId: frozen.variantId, subject, html, text, compiled: mail });
  if (mail.links.length > 0)
    await tx.insert(link).values(mail.links.map((url, position) => ({ ...key, position, url })));
}
