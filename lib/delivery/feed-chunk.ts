import type { Db } from "../db.ts";
import { log } from "../log.ts";
import { takeAllowance } from "../senders/allowance.ts";
import { assembleMail } from "./assemble.ts";
import type { CampaignMail } from "./campaign-mail.ts";
import { type ClaimedChunk, isAlive, releaseChunk } from "./claim.ts";
import { type LoadedMessage, loadChunk } from "./load-chunk.ts";
import { markSending } from "./mark.ts";
import type { LineResult, SenderLine } from "./sender-line.ts";
import type { Settlement } from "./settle.ts";
import type { SettleQueue } from "./settle-queue.ts";

/** A mark older than this is renewed before MAIL: pause, cancel and unsubscribe bite within two seconds. */
const oldestMarkMs = 1500;
/** Messages of one mark: one statement of about 8 ms. */
const largestMark = 200;
/** Waiting longer than this for a sender's allowance gives the chunk back meanwhile. */
const longestAllowanceWaitMs = 5000;

export interface FeedContext {
  db: Db;
  line: SenderLine;
  campaign: CampaignMail;
  settle: SettleQueue;
  /** False once the process stops or the campaign is not sending any more. */
  mayGoOn(): boolean;
  /** Turns what came of a try into what is written down. */
  judge(message: LoadedMessage, result: LineResult): Judgement;
}

/** A settlement without what the feed knows itself. */
export type Judgement = Omit<
  Settlement,
  "chunk" | "messageId" | "n" | "before" | "mark" | "closesMark" | "markedAt" | "senderId"
>;

/** A mark as this process keeps track of it: it is closed by the answer of the last of its messages. */
interface OpenMark {
  no: number;
  /** performance.now() from before it was asked for: the database answers by what was so when the statement began. */
  at: number;
  open: number;
}

/**
 * Works one claimed chunk: load, then mark small groups just ahead of the wire and push them to the sender's line,
 * until nothing is left, the lease or the campaign ends, or the sender goes away. Everything it marked is settled
 * before the chunk is given back.
 */
export async function feedChunk(chunk: ClaimedChunk, context: FeedContext): Promise<void> {
  const { db } = context;
  const unsent = await loadChunk(db, chunk);
  const pushed = new PushedMessages(chunk, context, unsent);
  const notBefore = await feed(chunk, context, unsent, pushed);
  await pushed.settled();
  await releaseChunk(db, chunk, notBefore);
}

/** Returns when the chunk should not be claimed again before an instant, null when it may be at once. */
async function feed(
  chunk: ClaimedChunk,
  { db, line, settle, mayGoOn }: FeedContext,
  unsent: LoadedMessage[],
  pushed: PushedMessages,
): Promise<Date | null> {
  while (isAlive(chunk.lease) && mayGoOn() && !line.closed) {
    if (unsent.length === 0) {
      if (pushed.count === 0) return null;
      await pushed.change();
      continue;
    }
    const booked = line.book(Math.min(unsent.length, largestMark));
    if (booked === 0) {
      await line.roomWithin(250);
      continue;
    }
    let group: LoadedMessage[] = [];
    let sent = 0;
    const mark: OpenMark = { no: 0, at: 0, open: 0 };
    try {
      const allowance = await takeAllowance(db, chunk.workspaceId, line.sender.id, line.sender.limits, booked);
      if (allowance.granted === 0) {
        if (allowance.waitMs > longestAllowanceWaitMs && pushed.count === 0)
          return new Date(Date.now() + allowance.waitMs);
        await new Promise((resolve) => setTimeout(resolve, Math.min(Math.max(allowance.waitMs, 10), 1000)));
        continue;
      }
      group = unsent.splice(0, allowance.granted);
      mark.at = performance.now();
      mark.no = chunk.marks + 1;
      const { held, marked } = await markSending(db, chunk, line.sender.id, group);
      if (!held) return null;
      mark.open = marked.size;
      for (const message of group) {
        if (!marked.has(message.id)) continue;
        pushed.push(message, mark);
        sent++;
      }
    } catch (error) {
      // Whether the marks were written is not known. None was sent: they are taken back as soon as that can be written,
      // which is also when the database is there again.
      log.warn({ err: error, sender: line.sender.id }, "nothing new is begun while the database is away");
      mark.open = group.length;
      await Promise.all(
        group.map((message) => settle.reserve().then(() => pushed.settle(message, mark, { kind: "not_taken" }))),
      );
      if (group.length === 0) await new Promise((resolve) => setTimeout(resolve, 500));
    } finally {
      line.unbook(booked - sent);
    }
  }
  return null;
}

/** The messages of one chunk that are marked and not settled yet. */
class PushedMessages {
  readonly #chunk: ClaimedChunk;
  readonly #context: FeedContext;
  readonly #unsent: LoadedMessage[];
  #waiting: Array<() => void> = [];
  count = 0;

  /** `unsent` takes back what was provably not handed over. */
  constructor(chunk: ClaimedChunk, context: FeedContext, unsent: LoadedMessage[]) {
    this.#chunk = chunk;
    this.#context = context;
    this.#unsent = unsent;
  }

  push(message: LoadedMessage, mark: OpenMark): void {
    const { line, campaign, mayGoOn } = this.#context;
    this.count++;
    line.push({
      // Past DATA a mark may grow old: the answer to the mail before it can take minutes.
      mayGoOn: (before) =>
        isAlive(this.#chunk.lease) && mayGoOn() && (before === "body" || performance.now() - mark.at < oldestMarkMs),
      assemble: () => assembleMail(campaign, message, new Date()),
      settle: async (result) => {
        await this.settle(message, mark, result);
        this.count--;
        for (const go of this.#waiting.splice(0)) go();
      },
    });
  }

  /** Resolves when one more is settled. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async settled(): Promise<void> {
    while (this.count > 0) await this.change();
  }

  async settle(message: LoadedMessage, mark: OpenMark, result: LineResult): Promise<void> {
    const judgement = this.#context.judge(message, result);
    mark.open--;
    await this.#context.settle.add({
      ...judgement,
      chunk: this.#chunk,
      messageId: message.id,
      n: message.lastN + 1,
      mark: mark.no,
      // Groups are written in the order in which answers are added, so the last one added is the last one written.
      closesMark: mark.open === 0,
      markedAt: mark.at,
      senderId: this.#context.line.sender.id,
      before: message.lastState,
    });
    if (judgement.state === "back") this.#unsent.push(message);
  }
}
