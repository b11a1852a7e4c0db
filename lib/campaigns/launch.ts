import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { campaign } from "#drizzle/schema/campaigns.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import { config } from "../config.ts";
import { type Db, databaseNow } from "../db.ts";
import { NotFound, Refusal } from "../errors.ts";
import { refuseWhileLocked } from "../instance/sending-lock.ts";
import { enqueue } from "../queue.ts";
import { listPool } from "../senders/pool.ts";
import { type Check, checkEnd } from "./checks.ts";
import { getCampaign } from "./find.ts";
import type { LaunchInput } from "./input.ts";
import { type Review, reviewCampaign } from "./review.ts";
import { instantOfWallTime } from "./schedule.ts";

/** From this many recipients on a person types the count before the launch. */
export const confirmCountAbove = 1000;

/**
 * Launches a reviewed draft (or one whose start was missed): from now on it starts by itself at the returned instant,
 * and until then undoLaunch() takes it back. "Now" is CAMPAIGN_UNDO_SECONDS ahead by the database's clock. Refuses
 * with the code of the first check that is blocked, `campaign.plain_http`, `campaign.confirm_count`,
 * `campaign.count_changed`, `instance.locked`, a code of instantOfWallTime(), `campaign.already_launched` or `campaign.version_conflict`.
 */
export async function launch(
  db: Db,
  scope: Scope,
  input: LaunchInput,
): Promise<{ launchAt: Date; recipients: number }> {
  allow(scope, "launch");
  await refuseWhileLocked(db);
  const { when } = input;
  const now = await databaseNow(db);
  const at = when.kind === "at" ? instantOfWallTime(when.wallTime, when.zone, now) : null;
  const review = await reviewCampaign(db, scope, input.campaignId, at ?? now);
  if (!["draft", "missed"].includes(review.campaign.status)) throw new Refusal("campaign.already_launched");
  if (review.campaign.archivedAt) throw new NotFound("campaign");
  if (review.campaign.version !== input.version)
    throw new Refusal("campaign.version_conflict", { version: review.campaign.version });
  refuseBlocked(review.checks, input.acceptPlainHttp);
  confirmCount(review, input.confirmedCount);
  const { recipients } = review.audience;

  const launchAt = at ? sql`${at}` : sql`clock_timestamp() + make_interval(secs => ${config().CAMPAIGN_UNDO_SECONDS})`;
  const shared = review.campaign.senderId === null ? await sharedSenders(db, scope.workspaceId) : null;
  return db.transaction(async (tx) => {
    const [launched] = await tx
      .update(campaign)
      .set({
        status: "scheduled",
        launchAt,
        scheduledWallTime: when.kind === "at" ? when.wallTime : null,
        scheduledZone: when.kind === "at" ? when.zone : null,
        // Chosen now for good: a new default sender does not change what somebody has reviewed.
        senderId: shared ? null : review.sender?.id,
        senderIds: shared,
        launchedBy: scope.userId,
        pauseReason: null,
        version: sql`${campaign.version} + 1`,
        updatedAt: sql`clock_timestamp()`,
      })
      .where(
        and(
          eq(campaign.workspaceId, scope.workspaceId),
          eq(campaign.id, input.campaignId),
          inArray(campaign.status, ["draft", "missed"]),
          eq(campaign.version, input.version),
          isNull(campaign.archivedAt),
        ),
      )
      .returning({ launchAt: campaign.launchAt });
    if (!launched?.launchAt) throw new Refusal("campaign.already_launched");
    await enqueue(
      tx,
      "campaign.start",
      { workspaceId: scope.workspaceId, campaignId: input.campaignId },
      { startAfter: launched.launchAt },
    );
    const detail = { recipients, launchAt: launched.launchAt.toISOString(), name: review.campaign.name };
    await audit(tx, scope, "campaign.launch", { kind: "campaign", id: input.campaignId }, detail);
    return { launchAt: launched.launchAt, recipients };
  });
}

/**
 * What a picked start means for a campaign: its instant, and what is worth a look about it. Refuses what
 * instantOfWallTime() refuses, and a start that leaves no time before the campaign's end.
 */
export async function planStart(
  db: Db,
  scope: Scope,
  input: { campaignId: string; wallTime: string; zone: string },
): Promise<{ at: Date; warning: Check | null }> {
  const campaign = await getCampaign(db, scope, input.campaignId);
  const at = instantOfWallTime(input.wallTime, input.zone, await databaseNow(db));
  const [found] = checkEnd(campaign, at);
  if (found?.state === "blocked") throw new Refusal(found.code, found.detail);
  return { at, warning: found ?? null };
}

/** The senders that a campaign without a choice of its own is shared among; null when it is one. */
async function sharedSenders(db: Db, workspaceId: string): Promise<string[] | null> {
  const pool = await listPool(db, workspaceId);
  return pool.length > 1 ? pool.map(({ id }) => id) : null;
}

function refuseBlocked(checks: Check[], acceptPlainHttp: boolean): void {
  const blocked = checks.find((check) => check.state === "blocked");
  if (blocked) throw new Refusal(blocked.code, blocked.detail);
  const unconfirmed = checks.find((check) => check.state === "confirm" && !acceptPlainHttp);
  if (unconfirmed) throw new Refusal(unconfirmed.code, unconfirmed.detail);
}

/** A list may gain a few people between the typing and the click; one that doubled is not what was confirmed. */
function confirmCount({ audience: { recipients } }: Review, confirmed: number | undefined): void {
  if (recipients <= confirmCountAbove) return;
  if (confirmed === undefined) throw new Refusal("campaign.confirm_count", { count: recipients });
  if (Math.abs(recipients - confirmed) > recipients / 100)
    throw new Refusal("campaign.count_changed", { confirmed, count: recipients });
}

/**
 * Takes a launch back as long as nothing has begun: scheduled or missed becomes a draft again. Refuses
 * `campaign.too_late` once it has started.
 */
export async function undoLaunch(db: Db, scope: Scope, campaignId: string): Promise<void> {
  allow(scope, "launch");
  await db.transaction(async (tx) => {
    const [undone] = await tx
      .update(campaign)
      .set({
        status: "draft",
        launchAt: null,
        scheduledWallTime: null,
        scheduledZone: null,
        launchedBy: null,
        senderIds: null,
        pauseReason: null,
        version: sql`${campaign.version} + 1`,
        updatedAt: sql`clock_timestamp()`,
      })
      .where(
        and(
          eq(campaign.workspaceId, scope.workspaceId),
          eq(campaign.id, campaignId),
          inArray(campaign.status, ["scheduled", "missed"]),
        ),
      )
      .returning({ name: campaign.name });
    if (undone) {
      await audit(tx, scope, "campaign.undo_launch", { kind: "campaign", id: campaignId }, { name: undone.name });
      return;
    }
    const [current] = await tx
      .select({ status: campaign.status })
      .from(campaign)
      .where(and(eq(campaign.workspaceId, scope.workspaceId), eq(campaign.id, campaignId)));
    if (!current) throw new NotFound("campaign");
    // Pressed twice: it is a draft already, which is what was wanted.
    if (current.status !== "draft") throw new Refusal("campaign.too_late", { status: current.status });
  });
}
