import type { Db } from "../db.ts";
import { log } from "../log.ts";
import { takeAllowance } from "../senders/allowance.ts";
import { assembleMail } from "./assemble.ts";
import type { CampaignMail } from "./campaign-mail.ts";
import { type ClaimedChunk, isAlive, releaseChunk } from "./claim.ts";
import { type LaneLimits, takeLaneAllowance } from "./lanes.ts";
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
/** When all that is left of a chunk is held back by its lanes for so long, other chunks have their turn. */
const longestLaneWaitMs = 1000;

export interface FeedContext {
  db: Db;
  line: SenderLine;
  campaign: CampaignMail;
  settle: SettleQueue;
  /** The lanes of this workspace that have limits. */
  laneLimits(): ReadonlyMap<string, LaneLimits>;
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
  context: FeedContext,
  unsent: LoadedMessage[],
  pushed: PushedMessages,
): Promise<Date | null> {
  const { db, line, settle, mayGoOn } = context;
  let heldBackSince: number | null = null;
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
    let chosen: { messages: LoadedMessage[]; waitMs: number } = { messages: [], waitMs: 0 };
    let group: LoadedMessage[] = [];
    let sent = 0;
    const mark: OpenMark = { no: 0, at: 0, open: 0 };
    try {
      chosen = await chooseByLane(chunk, context, unsent, booked);
      if (chosen.messages.length === 0) {
        heldBackSince ??= performance.now();
        if (pushed.count === 0 && performance.now() - heldBackSince > longestLaneWaitMs)
          return new Date(Date.now() + Math.min(60_000, Math.max(1000, chosen.waitMs)));
        await line.roomWithin(Math.min(250, Math.max(10, chosen.waitMs)));
        continue;
      }
      heldBackSince = null;
      const wanted = chosen.messages.length;
      const allowance = await takeAllowance(db, chunk.workspaceId, line.sender.id, line.sender.limits, wanted);
      unsent.push(...chosen.messages.splice(allowance.granted));
      if (allowance.granted === 0) {
        if (allowance.waitMs > longestAllowanceWaitMs && pushed.count === 0)
          return new Date(Date.now() + allowance.waitMs);
        await new Promise((resolve) => setTimeout(resolve, Math.min(Math.max(allowance.waitMs, 10), 1000)));
        continue;
      }
      group = chosen.messages;
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
      if (group.length === 0) {
        unsent.push(...chosen.messages);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    } finally {
      line.unbook(booked - sent);
    }
  }
  return null;
}

/**
 * Takes the next messages out of `unsent` whose lanes have room, up to `most`, and their share of their lanes' rates.
 * `waitMs` is when to ask again, where none may go now.
 */
async function chooseByLane(
  chunk: ClaimedChunk,
  { db, line, laneLimits }: FeedContext,
  unsent: LoadedMessage[],
  most: number,
): Promise<{ messages: LoadedMessage[]; waitMs: number }> {
  const limits = laneLimits();
  if (line.lanes.calm && limits.size === 0) return { messages: unsent.splice(0, most), waitMs: 0 };

  const rooms = new Map<string, number>();
  const wanted = new Map<string, number>();
  for (const { lane } of unsent) {
    rooms.set(lane, rooms.get(lane) ?? line.laneRoom(lane));
    if (limits.get(lane)?.limited) wanted.set(lane, Math.min((wanted.get(lane) ?? 0) + 1, most, rooms.get(lane) ?? 0));
  }
  for (const [lane, count] of wanted) if (count === 0) wanted.delete(lane);
  let waitMs = 5000;
  if (wanted.size > 0) {
    const taken = await takeLaneAllowance(db, chunk.workspaceId, wanted);
    for (const [lane, { granted, waitMs: wait }] of taken) {
      rooms.set(lane, Math.min(granted, rooms.get(lane) ?? 0));
      if (granted === 0) waitMs = Math.min(waitMs, wait);
    }
  }
  const messages: LoadedMessage[] = [];
  const kept: LoadedMessage[] = [];
  for (const message of unsent.splice(0)) {
    const room = rooms.get(message.lane) ?? 0;
    const fits = messages.length < most && room > 0;
    if (fits) rooms.set(message.lane, room - 1);
    (fits ? messages : kept).push(message);
  }
  unsent.push(...kept);
  return { messages, waitMs };
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
      lane: message.lane,
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
