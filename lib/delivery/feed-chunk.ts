import type { Db } from "../db.ts";
import { unreachable } from "../errors.ts";
import { log } from "../log.ts";
import { type Allowance, type FullLimit, takeAllowance } from "../senders/allowance.ts";
import type { SenderLimits } from "../senders/resolve.ts";
import { type AssembledMail, assembleMail } from "./assemble.ts";
import type { CampaignMail } from "./campaign-mail.ts";
import { type ClaimedChunk, databaseTime, isAlive, releaseChunk } from "./claim.ts";
import { replacedByServer } from "./dkim.ts";
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
/** While other workers have all of a sender's connections. */
export const noShareWaitMs = 1000;

export interface FeedContext {
  db: Db;
  line: SenderLine;
  /** As they are now; a line may be older. */
  limits: SenderLimits;
  campaign: CampaignMail;
  settle: SettleQueue;
  /** The lanes of this workspace that have limits. */
  laneLimits(): ReadonlyMap<string, LaneLimits>;
  /** A limit of the sender is used up for longer than one waits for, or (null) mail is going out. */
  onLimit(full: FullLimit | null): void;
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
  const { line, mayGoOn, onLimit } = context;
  /** performance.now() since when all that is left is held back by its lanes. */
  let heldBackSince: number | null = null;
  while (isAlive(chunk.lease) && mayGoOn() && !line.closed) {
    if (unsent.length === 0) {
      if (pushed.count === 0) return null;
      await pushed.change();
      continue;
    }
    const booked = line.book(Math.min(unsent.length, largestMark));
    if (booked === 0) {
      if (line.held === 0 && pushed.count === 0) return new Date(databaseTime(chunk) + noShareWaitMs);
      await line.roomWithin(250);
      continue;
    }
    const next = await nextGroup(chunk, context, unsent, booked, pushed);
    // From here on mails may go out: nothing that fails now may look as if they had not.
    if (next.kind === "marked") for (const message of next.messages) pushed.push(message, next.mark);
    line.unbook(booked - (next.kind === "marked" ? next.messages.length : 0));

    if (next.kind !== "held_back") heldBackSince = null;
    switch (next.kind) {
      case "marked":
        if (next.messages.length > 0) onLimit(null);
        break;
      case "lost":
        return null;
      case "held_back":
        heldBackSince ??= performance.now();
        if (pushed.count === 0 && performance.now() - heldBackSince > longestLaneWaitMs)
          return new Date(databaseTime(chunk) + Math.min(60_000, Math.max(1000, next.waitMs)));
        await line.roomWithin(Math.min(250, Math.max(10, next.waitMs)));
        break;
      case "full":
        if (next.allowance.waitMs > longestAllowanceWaitMs && pushed.count === 0) {
          if (next.allowance.full) onLimit(next.allowance.full);
          return new Date(databaseTime(chunk) + next.allowance.waitMs);
        }
        await pause(Math.min(Math.max(next.allowance.waitMs, 2), 1000));
        break;
      case "away":
        await pause(500);
        break;
      default:
        return unreachable(next);
    }
  }
  return null;
}

type NextGroup =
  | { kind: "marked"; messages: LoadedMessage[]; mark: OpenMark }
  /** The lanes of all that is left have no room, or no share of their rate, at present. */
  | { kind: "held_back"; waitMs: number }
  /** A limit of the sender is used up. */
  | { kind: "full"; allowance: Allowance }
  /** The campaign is not sending any more, or the chunk is not ours. */
  | { kind: "lost" }
  /** The database is away. */
  | { kind: "away" };

/**
 * Takes up to `most` messages out of `unsent` that may go now and marks them. What may not, or was not marked for a
 * reason that may pass, is in `unsent` afterwards.
 */
async function nextGroup(
  chunk: ClaimedChunk,
  context: FeedContext,
  unsent: LoadedMessage[],
  most: number,
  pushed: PushedMessages,
): Promise<NextGroup> {
  const { db, line, limits, settle } = context;
  const { sender } = line;
  let group: LoadedMessage[] = [];
  try {
    const chosen = await chooseByLane(chunk, context, unsent, most);
    group = chosen.messages;
    if (group.length === 0) return { kind: "held_back", waitMs: chosen.waitMs };
    const allowance = await takeAllowance(db, chunk.workspaceId, sender.id, limits, group.length);
    unsent.push(...group.splice(allowance.granted));
    if (group.length === 0) return { kind: "full", allowance };
  } catch (error) {
    log.warn({ err: error, sender: sender.id }, "nothing new is begun while the database is away");
    unsent.push(...group);
    return { kind: "away" };
  }
  const mark: OpenMark = { no: chunk.marks + 1, at: performance.now(), open: group.length };
  try {
    const { held, marked } = await markSending(db, chunk, sender.id, group);
    if (!held) return { kind: "lost" };
    mark.open = marked.size;
    return { kind: "marked", messages: group.filter((message) => marked.has(message.id)), mark };
  } catch (error) {
    // Whether the mark was written is not known. Nobody was sent to: it is taken back as soon as that can be written,
    // which is also when the database is there again.
    log.warn({ err: error, sender: sender.id }, "nothing new is begun while the database is away");
    await Promise.all(
      group.map((message) => settle.reserve().then(() => pushed.settle(message, mark, { kind: "not_taken" }))),
    );
    return { kind: "away" };
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
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
    const replaced = replacedByServer(line.sender.host);
    this.count++;
    line.push({
      lane: message.lane,
      // Past DATA a mark may grow old: the answer to the mail before it can take minutes.
      mayGoOn: (before) =>
        isAlive(this.#chunk.lease) && mayGoOn() && (before === "body" || performance.now() - mark.at < oldestMarkMs),
      assemble: () => signedMail(campaign, message, replaced),
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

async function signedMail(
  campaign: CampaignMail,
  message: LoadedMessage,
  replaced: readonly string[],
): Promise<AssembledMail> {
  const mail = assembleMail(campaign, message, new Date());
  const { head, body } = mail.message;
  const signature = await campaign.signer.sign(head, body, replaced);
  return signature === "" ? mail : { ...mail, message: { head: signature + head, body } };
}
