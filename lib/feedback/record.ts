import { and, eq, sql } from "drizzle-orm";
import { subscriber } from "#drizzle/schema/audience.ts";
import { type FeedbackKind, feedback } from "#drizzle/schema/feedback.ts";
import { parseAddress } from "../audience/address.ts";
import { suppress } from "../audience/suppression.ts";
import type { Db } from "../db.ts";
import { enqueue } from "../queue.ts";
import type { ReportedMessage } from "./find-message.ts";

/** What a report says of its message. */
export interface Told {
  class: string;
  enhanced?: string | null;
  words: string;
  /** The mailboxes that it is about, where it names them. */
  recipients?: readonly string[];
}

/**
 * Writes a complaint down and stops all mail of the workspace to the person. Once per message: a report that is repeated
 * changes nothing, and the answer is false. The sweep is rung, because a complaint may stop the campaign.
 */
export async function recordComplaint(db: Db, message: ReportedMessage, told: Told): Promise<boolean> {
  return db.transaction(async (tx) => {
    if (!(await write(tx, message, "complaint", told))) return false;
    // They may have changed their address since: it is the person who wants nothing more.
    const addresses = new Set([message.email, ...(await currentAddress(tx, message))]);
    const detail = `Feedback-Type: ${told.class} ${told.words}`.trim();
    for (const email of addresses) await stop(tx, message, { email, reason: "complaint", detail });
    await enqueue(tx, "campaign.sweep", {});
    return true;
  });
}

/**
 * Writes down that a message came back after it was accepted; the mailbox that is not there (class hard) gets no more
 * mail. Once per message, but for a hard bounce after another one. Returns whether something was written.
 */
export async function recordBounce(db: Db, message: ReportedMessage, told: Told): Promise<boolean> {
  return db.transaction(async (tx) => {
    if (!(await write(tx, message, "bounce", told))) return false;
    const detail = [told.enhanced, told.words].filter(Boolean).join(" ");
    if (told.class === "hard" && isAbout(told, message.email))
      await stop(tx, message, { email: message.email, reason: "hard_bounce", detail });
    return true;
  });
}

/** Where somebody forwards their mail, it may be the other mailbox that is gone. */
function isAbout({ recipients = [] }: Told, email: string): boolean {
  const own = parseAddress(email);
  const named = recipients.map((one) => parseAddress(one)).filter((parsed) => parsed.ok);
  return named.length === 0 || named.some(({ key }) => own.ok && key === own.key);
}

async function write(tx: Db, message: ReportedMessage, kind: FeedbackKind, told: Told): Promise<boolean> {
  const { workspaceId, launchMonth, messageId, sourceId } = message;
  const { class: toldClass, enhanced = null, words } = told;
  const written = await tx
    .insert(feedback)
    .values({ workspaceId, launchMonth, messageId, kind, sourceId, class: toldClass, enhanced, words })
    .onConflictDoUpdate({
      target: [feedback.workspaceId, feedback.launchMonth, feedback.messageId, feedback.kind],
      set: { class: sql`excluded.class`, enhanced: sql`excluded.enhanced`, words: sql`excluded.words` },
      setWhere: sql`excluded.kind = 'bounce' and excluded.class = 'hard' and ${feedback.class} <> 'hard'`,
    })
    .returning({ messageId: feedback.messageId });
  return written.length > 0;
}

async function stop(
  tx: Db,
  { workspaceId, sourceKind, sourceId }: ReportedMessage,
  input: { email: string; reason: "complaint" | "hard_bounce"; detail: string },
): Promise<void> {
  if (!parseAddress(input.email).ok) return;
  await suppress(tx, { workspaceId }, { ...input, campaignId: sourceKind === "campaign" ? sourceId : null });
}

async function currentAddress(tx: Db, { workspaceId, subscriberId }: ReportedMessage): Promise<string[]> {
  if (subscriberId === null) return [];
  const rows = await tx
    .select({ email: subscriber.email })
    .from(subscriber)
    .where(and(eq(subscriber.workspaceId, workspaceId), eq(subscriber.id, subscriberId)));
  return rows.map((row) => row.email);
}
