import { and, eq, sql } from "drizzle-orm";
import { type CampaignStatus, campaign, type Deciding } from "#drizzle/schema/campaigns.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import {
  countDecision,
  type Decision,
  type DecisionCounts,
  type DecisionPlace,
  decideMessages,
  nextChunks,
  sendsAgain,
} from "../delivery/decide.ts";
import { NotFound, Refusal } from "../errors.ts";
import { monthOf } from "../ids.ts";
import { enqueue } from "../queue.ts";
import { batchMessages } from "./carry-out-decision.ts";
import type { DecisionInput, DecisionQuestion } from "./decision-input.ts";
import { instantOfWallTime } from "./schedule.ts";

/** When a decision can be taken. Not while a freeze or a cancellation is still writing rows. */
const settledOrSending: readonly CampaignStatus[] = ["sending", "paused", "finished", "cancelled"];
const statusesFor: Record<Decision, readonly CampaignStatus[]> = {
  resend_doubts: settledOrSending,
  doubts_sent: settledOrSending,
  doubts_given_up: settledOrSending,
  retry_failed: ["sending", "paused", "finished"],
  send_rest: ["finished", "cancelled"],
};

export interface DecisionPreview extends DecisionCounts {
  /** Its end has passed, and mail would go out again: a new end or none has to be chosen. */
  endHasPassed: boolean;
}

/** What a decision would change now, counted on the rows. Refuses like decide(). */
export async function previewDecision(db: Db, scope: Scope, question: DecisionQuestion): Promise<DecisionPreview> {
  allow(scope, "launch");
  const head = await readHead(db, scope, question.campaignId, "read");
  refuseUnlessPossible(head, question.decision);
  const counts = await countDecision(db, placeOf(scope, head, question), question.decision);
  return { ...counts, endHasPassed: sendsAgain(question.decision) && head.endHasPassed };
}

/** What became of a decision: how many messages it changed, or is changing from now on. */
export interface Decided extends DecisionCounts {
  isUnderWay?: true;
}

/**
 * Carries out what a person decided about messages in doubt, failed or skipped, with an entry in the audit trail: up to
 * `most` of them at once, or not at all. More are only written down as decided, and changed in batches
 * (carry-out-decision.ts). Where mail goes out again, a finished or cancelled campaign is sending from then on. Refuses
 * `campaign.deciding` while another decision is under way, `campaign.not_possible_now`, `campaign.nothing_to_decide`, `campaign.message_busy` (a worker may be sending it),
 * `campaign.busy_now`, `campaign.end_passed`, `campaign.decision_changed` (over 1 % more messages than were confirmed)
 * and with the codes of instantOfWallTime().
 */
export async function decide(db: Db, scope: Scope, input: DecisionInput, most = batchMessages): Promise<Decided> {
  allow(scope, "launch");
  const { campaignId, decision } = input;
  const many = input.messageId === null ? await countMany(db, scope, input, most) : null;
  return db.transaction(async (tx) => {
    // Held to the end, so that nobody finishes the campaign while its chunks are being opened.
    const head = await readHead(tx, scope, campaignId, "lock");
    refuseUnlessPossible(head, decision);
    const endsAt = sendsAgain(decision) ? endAfter(input.end, head) : head.endsAt;
    const done = many ?? (await decideMessages(tx, placeOf(scope, head, input), decision));
    if (done.messages === 0) throw new Refusal(done.busy > 0 ? "campaign.message_busy" : "campaign.nothing_to_decide");
    if (done.messages > input.confirmed * 1.01)
      throw new Refusal("campaign.decision_changed", { confirmed: input.confirmed, count: done.messages });
    if (sendsAgain(decision)) await goOn(tx, scope, campaignId, endsAt);
    const about = input.messageId === null ? {} : { messageId: input.messageId };
    await audit(
      tx,
      scope,
      `campaign.${decision}`,
      { kind: "campaign", id: campaignId },
      { name: head.name, messages: done.messages, ...about },
    );
    if (!many) return done;
    await begin(tx, scope, campaignId, {
      decision,
      of: done.messages,
      done: 0,
      at: head.now.toISOString(),
      by: scope.userId,
    });
    return { ...done, isUnderWay: true };
  });
}

/** The exact counts of a decision that is too big for one transaction; null for one that is not. */
async function countMany(db: Db, scope: Scope, input: DecisionInput, most: number): Promise<DecisionCounts | null> {
  const head = await readHead(db, scope, input.campaignId, "read");
  refuseUnlessPossible(head, input.decision);
  const place = placeOf(scope, head, input);
  const chunks = await nextChunks(db, place, input.decision, { upTo: -1, most });
  const rest = await nextChunks(db, place, input.decision, { upTo: chunks.at(-1) ?? -1, most: 1 });
  return rest.length === 0 ? null : countDecision(db, place, input.decision);
}

async function begin(tx: Db, scope: Scope, campaignId: string, deciding: Omit<Deciding, "upTo">): Promise<void> {
  const { workspaceId } = scope;
  await tx
    .update(campaign)
    .set({ deciding: { ...deciding, upTo: -1 }, updatedAt: sql`clock_timestamp()` })
    .where(and(eq(campaign.workspaceId, workspaceId), eq(campaign.id, campaignId)));
  await enqueue(tx, "campaign.decide", { workspaceId, campaignId });
}

interface Head {
  name: string;
  status: CampaignStatus;
  launchedAt: Date | null;
  endsAt: Date | null;
  endHasPassed: boolean;
  deciding: Deciding | null;
  now: Date;
}

async function readHead(db: Db, scope: Scope, campaignId: string, how: "read" | "lock"): Promise<Head> {
  const query = db
    .select({
      name: campaign.name,
      status: campaign.status,
      launchedAt: campaign.launchedAt,
      endsAt: campaign.endsAt,
      deciding: campaign.deciding,
      endHasPassed: sql<boolean>`coalesce(${campaign.endsAt} <= clock_timestamp(), false)`,
      now: sql<string>`clock_timestamp()`,
    })
    .from(campaign)
    .where(and(eq(campaign.workspaceId, scope.workspaceId), eq(campaign.id, campaignId)));
  const [head] = how === "lock" ? await query.for("update") : await query;
  if (!head) throw new NotFound("campaign");
  return { ...head, now: new Date(head.now) };
}

function refuseUnlessPossible({ status, launchedAt, deciding }: Head, decision: Decision): void {
  if (deciding) throw new Refusal("campaign.deciding");
  if (launchedAt === null || !statusesFor[decision].includes(status))
    throw new Refusal("campaign.not_possible_now", { status });
}

function placeOf(scope: Scope, { launchedAt }: Head, { campaignId, messageId }: DecisionQuestion): DecisionPlace {
  if (launchedAt === null) throw new Refusal("campaign.not_possible_now");
  return { workspaceId: scope.workspaceId, campaignId, launchMonth: monthOf(launchedAt), messageId };
}

/** Past its end the last look before hand-over would skip everybody again. */
function endAfter(end: DecisionInput["end"], head: Head): Date | null {
  switch (end.kind) {
    case "keep":
      if (head.endHasPassed) throw new Refusal("campaign.end_passed");
      return head.endsAt;
    case "none":
      return null;
    case "at":
      return instantOfWallTime(end.wallTime, end.zone, head.now);
    default:
      return end satisfies never;
  }
}

/** A paused campaign stays so: what was decided goes out when somebody resumes it. */
async function goOn(tx: Db, scope: Scope, campaignId: string, endsAt: Date | null): Promise<void> {
  const [moved] = await tx
    .update(campaign)
    .set({
      status: sql`case when ${campaign.status} in ('finished', 'cancelled') then 'sending' else ${campaign.status} end`,
      finishedAt: null,
      endsAt,
      // Cancelled while its rows were being written: those that are there are all there will be.
      frozenAt: sql`coalesce(${campaign.frozenAt}, clock_timestamp())`,
      version: sql`${campaign.version} + 1`,
      updatedAt: sql`clock_timestamp()`,
    })
    .where(and(eq(campaign.workspaceId, scope.workspaceId), eq(campaign.id, campaignId)))
    .returning({ status: campaign.status });
  if (moved?.status === "sending") await enqueue(tx, "delivery.wake", {});
}
