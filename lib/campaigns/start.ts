import { and, eq, sql } from "drizzle-orm";
import { type CampaignStatus, campaign, frozenContent, link } from "#drizzle/schema/campaigns.ts";
import { audit } from "../auth/audit.ts";
import { systemScope } from "../auth/scope.ts";
import { getWorkspace } from "../auth/workspaces.ts";
import { config } from "../config.ts";
import { type CompiledMail, compileMail } from "../content/compile-mail.ts";
import { type Db, endWhenAbandoned } from "../db.ts";
import { lookAtInstance } from "../instance/look.ts";
import { enqueue } from "../queue.ts";
import type { Check } from "./checks.ts";
import { type Review, reviewCampaign } from "./review.ts";

/**
 * Starts a scheduled campaign whose time has come: freezes its content, its links and the counts of everyone left out,
 * and begins writing message rows (freeze.ts). Too late by more than DELIVERY_MAX_MISSED_START_SECONDS, or no longer
 * fit to be sent, it becomes "missed" (with the check's code in pauseReason) and waits for a person. Starts nothing while
 * sending is locked. Harmless when called twice or too early: returns the status it has then, or null when it is gone.
 */
export async function startCampaign(db: Db, workspaceId: string, campaignId: string): Promise<CampaignStatus | null> {
  const due = await findDue(db, workspaceId, campaignId);
  if (!due) return null;
  if (due.status !== "scheduled" || !due.isDue) return due.status;
  // Compiled before the campaign's row is held, so that nothing slow happens in the transaction.
  const prepared = isTooLate(due) ? null : await prepare(db, workspaceId, campaignId);
  const status = await db.transaction((tx) => start(tx, workspaceId, campaignId, prepared));
  return status === "changed" ? startCampaign(db, workspaceId, campaignId) : status;
}

interface Prepared {
  review: Review;
  /** The first check that is blocked. */
  unfit: Check | undefined;
  mail: CompiledMail | null;
}

async function prepare(db: Db, workspaceId: string, campaignId: string): Promise<Prepared> {
  const review = await reviewCampaign(db, systemScope(workspaceId), campaignId);
  // The person's yes to plain http was given at the launch.
  const unfit = review.checks.find((check) => check.state === "blocked");
  return { review, unfit, mail: unfit ? null : compileReviewed(review) };
}

async function start(
  tx: Db,
  workspaceId: string,
  campaignId: string,
  prepared: Prepared | null,
): Promise<CampaignStatus | "changed" | null> {
  const due = await findDue(tx, workspaceId, campaignId, "lock");
  if (!due) return null;
  if (due.status !== "scheduled" || !due.isDue) return due.status;
  // The sweep comes again until somebody has confirmed the copy, who then says what becomes of it.
  if ((await lookAtInstance(tx)).locked) return due.status;
  if (isTooLate(due)) return markMissed(tx, workspaceId, campaignId, null);
  if (!prepared || !(await isAsReviewed(tx, due.version, prepared.review))) return "changed";
  const { review, unfit, mail } = prepared;
  if (unfit || !mail) return markMissed(tx, workspaceId, campaignId, unfit?.code ?? null);

  await writeContent(tx, workspaceId, review, mail);
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
}

interface Due {
  status: CampaignStatus;
  version: number;
  isDue: boolean;
  lateSeconds: number;
}

async function findDue(db: Db, workspaceId: string, campaignId: string, how?: "lock"): Promise<Due | undefined> {
  const columns = {
    status: campaign.status,
    version: campaign.version,
    isDue: sql<boolean>`${campaign.launchAt} <= clock_timestamp()`,
    lateSeconds: sql<number>`extract(epoch from clock_timestamp() - ${campaign.launchAt})::float8`,
  };
  const mine = and(eq(campaign.workspaceId, workspaceId), eq(campaign.id, campaignId));
  const [due] =
    how === "lock"
      ? await db
          .select({ ...columns, abandoned: endWhenAbandoned })
          .from(campaign)
          .where(mine)
          .for("update")
      : await db.select(columns).from(campaign).where(mine);
  return due;
}

function isTooLate({ lateSeconds }: Due): boolean {
  return lateSeconds > config().DELIVERY_MAX_MISSED_START_SECONDS;
}

/** Every edit moves a campaign's version on; what its mails say of the workspace has none. */
async function isAsReviewed(tx: Db, version: number, { campaign: reviewed, workspace }: Review): Promise<boolean> {
  if (version !== reviewed.version) return false;
  const now = await getWorkspace(tx, { workspaceId: workspace.id });
  return (["name", "postalAddress", "language", "trackingBaseUrl"] as const).every(
    (part) => now[part] === workspace[part],
  );
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

/** Freezes the content of a reviewed campaign, for callers that hold nothing meanwhile. */
export async function freezeContent(tx: Db, workspaceId: string, review: Review): Promise<void> {
  await writeContent(tx, workspaceId, review, compileReviewed(review));
}

function compileReviewed({ campaign: frozen, workspace, compiled }: Review): CompiledMail {
  if (!compiled.ok) throw new Error("content that does not compile cannot be frozen");
  return compileMail(compiled, {
    workspace: { name: workspace.name, postal_address: workspace.postalAddress },
    campaign: { name: frozen.name, subject: frozen.subject },
    trackOpens: frozen.trackOpens,
    trackClicks: frozen.trackClicks,
  });
}

/** From here on nothing that is edited (template, workspace address, field) changes what this campaign sends. */
async function writeContent(
  tx: Db,
  workspaceId: string,
  { campaign: frozen, compiled }: Review,
  mail: CompiledMail,
): Promise<void> {
  if (!compiled.ok) throw new Error("content that does not compile cannot be frozen");
  const key = { workspaceId, campaignId: frozen.id };
  const { subject, html, text } = compiled;
  await tx.insert(frozenContent).values({ ...key, variantId: frozen.variantId, subject, html, text, compiled: mail });
  if (mail.links.length > 0)
    await tx.insert(link).values(mail.links.map((url, position) => ({ ...key, position, url })));
}
