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
export type Judgement = Omit<Settlement, "chunk" | "messageId" | "n" | "before">;

/**
 * Works one claimed chunk: load, then mark small groups just ahead of the wire and push them to the sender's line,
 * until nothing is left, the lease or the campaign ends, or the sender goes away. Everything it marked is settled
 * before it gives the chunk back. `notBefore` of the line's sender delays the chunk's next turn.
 */
export async function feedChunk(chunk: ClaimedChunk, context: FeedContext): Promise<void> {
  const { db, line, campaign, settle } = context;
  const todo = await loadChunk(db, chunk);
  const underWay = new Set<Promise<void>>();
  let notBefore: Date | null = null;
  const goOn = () => isAlive(chunk.lease) && context.mayGoOn() && !line.closed;

  const push = (message: LoadedMessage) => {
    const settled = new Promise<void>((resolve) => {
      const markedAt = performance.now();
      line.push({
        markedAt,
        mayGoOn: (before) =>
          isAlive(chunk.lease) &&
          (before === "body" || (context.mayGoOn() && performance.now() - markedAt < oldestMarkMs)),
        assemble: () => assembleMail(campaign, message, new Date()),
        async settle(result) {
          const judgement = context.judge(message, result);
          await settle.add({
            ...judgement,
            chunk,
            messageId: message.id,
            n: message.lastN + 1,
            before: message.lastState,
          });
          if (judgement.state === "back") todo.push(message);
          resolve();
        },
      });
    });
    underWay.add(settled);
    void settled.then(() => underWay.delete(settled));
  };

  let failed = false;
  try {
    notBefore = await feed();
  } catch (error) {
    // PostgreSQL is away. Whether the last mark was written is not known, so the chunk is not given back: its lease
    // runs out, and whoever takes it over finds the marks.
    failed = true;
    log.warn({ err: error }, "a chunk is left to its lease");
  }
  while (underWay.size > 0) await Promise.all(underWay);
  if (!failed) await releaseChunk(db, chunk, notBefore);

  async function feed(): Promise<Date | null> {
    while (goOn()) {
      if (todo.length === 0) {
        if (underWay.size === 0) break;
        await Promise.race([...underWay, line.roomWithin(250)]);
        continue;
      }
      const wanted = Math.min(line.wants(), todo.length, 100);
      if (wanted === 0) {
        await line.roomWithin(250);
        continue;
      }
      const allowance = await takeAllowance(db, chunk.workspaceId, line.sender.id, line.sender.limits, wanted);
      if (allowance.granted === 0) {
        if (allowance.waitMs > longestAllowanceWaitMs && underWay.size === 0)
          return new Date(Date.now() + allowance.waitMs);
        await new Promise((resolve) => setTimeout(resolve, Math.min(Math.max(allowance.waitMs, 10), 1000)));
        continue;
      }
      const group = todo.splice(0, allowance.granted);
      const { held, marked } = await markSending(db, chunk, line.sender.id, group);
      if (!held) break;
      for (const message of group) if (marked.has(message.id)) push(message);
    }
    return null;
  }
}
