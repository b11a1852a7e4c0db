import type { Db } from "../db.ts";
import { type GroupCommit, groupCommit } from "../group-commit.ts";
import { log } from "../log.ts";
import type { Token } from "../tokens.ts";
import { findMessages, type HitMessage } from "./find-messages.ts";
import { type FrozenLinks, frozenLinks, linksKey } from "./frozen-links.ts";
import { judge } from "./verdict.ts";
import { type JudgedHit, writeHits } from "./write-hits.ts";

/** One request for a pixel or a link, as it came in. The token has been verified. */
export interface Hit {
  token: Extract<Token, { purpose: "open" | "click" }>;
  method: "GET" | "HEAD";
  isPrefetch: boolean;
  userAgent: string;
  /** Null when it is not known or not to be believed. */
  ipAddress: string | null;
  /** performance.now() at arrival: the time of the hit does not depend on how long its group waited. */
  arrivedAtMs: number;
}

export interface HitAnswer {
  /** Where a click leads, from the campaign's frozen link table. Null for an open, and when there is no such link. */
  url: string | null;
  /** False when the hit could not be kept: it is answered all the same. */
  recorded: boolean;
}

const unknownMail: HitAnswer = { url: null, recorded: false };

const recorders = new WeakMap<Db, GroupCommit<Hit, HitAnswer>>();

/**
 * Records a hit and says where it leads; resolves after the commit, so a hit that was answered is kept whatever
 * happens to this process. Hits that come within some milliseconds share a transaction. Rejects only when not even the
 * look-up works; a hit that cannot be written is logged and answered.
 */
export function recordHit(db: Db, hit: Hit): Promise<HitAnswer> {
  let recorder = recorders.get(db);
  if (!recorder) {
    recorder = groupCommit((hits: Hit[]) => recordHits(db, hits), { most: 500, waitMs: 5 });
    recorders.set(db, recorder);
  }
  return recorder.add(hit);
}

/** Records a group of hits; the answers are in the same order. */
export async function recordHits(db: Db, hits: Hit[]): Promise<HitAnswer[]> {
  const messages = await findMessages(
    db,
    hits.map((hit) => hit.token),
  );
  const known = messages.filter((message) => message !== null);
  const links = await frozenLinks(db, known);
  const judged = hits.flatMap((hit, i) => {
    const message = messages[i];
    return message ? [judgeHit(hit, message, links.get(linksKey(message)))] : [];
  });
  const recorded = await writeOrWarn(db, judged);
  return hits.map((hit, i) => {
    const message = messages[i];
    if (!message) return unknownMail;
    const url =
      hit.token.purpose === "click" ? (links.get(linksKey(message))?.get(hit.token.linkPosition) ?? null) : null;
    return { url, recorded };
  });
}

function judgeHit(hit: Hit, message: HitMessage, links: FrozenLinks | undefined): JudgedHit {
  const receivedAt = new Date(message.now.getTime() - Math.max(0, performance.now() - hit.arrivedAtMs));
  const secondsSinceSent = message.sentAt && (receivedAt.getTime() - message.sentAt.getTime()) / 1000;
  return {
    workspaceId: message.workspaceId,
    campaignId: message.campaignId,
    messageId: message.messageId,
    subscriberId: message.subscriberId,
    kind: hit.token.purpose,
    linkPosition: hit.token.purpose === "click" ? hit.token.linkPosition : null,
    linkCount: links?.size ?? 0,
    receivedAt,
    ...judge({ method: hit.method, isPrefetch: hit.isPrefetch, userAgent: hit.userAgent, secondsSinceSent }),
    // What a client may make as long as it likes, and PostgreSQL may refuse.
    userAgent: hit.userAgent.replaceAll("\0", "").slice(0, 500).toWellFormed(),
    ipAddress: hit.ipAddress,
  };
}

async function writeOrWarn(db: Db, hits: JudgedHit[]): Promise<boolean> {
  if (hits.length === 0) return true;
  try {
    await writeHits(db, hits);
    return true;
  } catch (error) {
    log.error({ err: error, hits: hits.length }, "hits could not be recorded");
    return false;
  }
}
