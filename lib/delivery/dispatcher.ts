import { parseAddress } from "../audience/address.ts";
import { suppress } from "../audience/suppression.ts";
import type { Db } from "../db.ts";
import { newId } from "../ids.ts";
import { log } from "../log.ts";
import type { FullLimit } from "../senders/allowance.ts";
import { reportSenderDown, reportSenderUp } from "../senders/health.ts";
import type { ResolvedSender } from "../senders/resolve.ts";
import type { Tripped } from "./breakers.ts";
import type { CampaignMail } from "./campaign-mail.ts";
import { watchBreakers } from "./check-breakers.ts";
import { type ClaimedChunk, claimChunk, databaseTime, heartbeat, releaseChunk } from "./claim.ts";
import { watchContact } from "./contact.ts";
import { statusesOf } from "./counts.ts";
import { feedChunk, noShareWaitMs } from "./feed-chunk.ts";
import { createJudge, type Judge } from "./judge.ts";
import { watchLanes } from "./lane-watch.ts";
import { chunkPreparation } from "./prepare-chunk.ts";
import type { RetrySchedule } from "./retry-schedule.ts";
import type { SenderLine } from "./sender-line.ts";
import { createSenderLines } from "./sender-lines.ts";
import type { Settlement } from "./settle.ts";
import { createSettleQueue } from "./settle-queue.ts";
import { defaultTimeouts, type Outcome, type Timeouts } from "./transport.ts";
import { wordsOf } from "./words-of.ts";
import { sayAlive, sayGone } from "./worker-row.ts";

export interface DispatcherSettings {
  leaseSeconds: number;
  schedule: RetrySchedule;
  timeouts: Partial<Timeouts>;
  /** How many chunks are worked at once, so that one slow sender does not hold up another. */
  chunksAtOnce: number;
  /** After a stop was asked for: how long answers may take before the line is cut. */
  stopGraceMs: number;
  /** Whether this installation may send at all: a copy that nobody has confirmed claims nothing and goes on with nothing. */
  maySend(): Promise<boolean>;
}

/** What the dispatcher tells others; the worker wires it, so that delivery does not have to know campaigns. */
export interface DispatcherEvents {
  /** The receivers or the server say that this campaign must not go on. */
  onCampaignTrouble(workspaceId: string, campaignId: string, reason: string): Promise<void>;
  /** A breaker stops it, by the answers of all workers. */
  onTripped(workspaceId: string, campaignId: string, found: Tripped): Promise<void>;
  /** Its sender is away (words and next try), or is back (null). */
  onSenderTrouble(workspaceId: string, campaignId: string, trouble: string | null): Promise<void>;
  /** A limit of its sender is used up until then, or (null, and every few seconds) it is going out. */
  onLimit(workspaceId: string, campaignId: string, full: FullLimit | null): Promise<void>;
  /** A chunk was given back: perhaps the campaign is done. */
  onChunkDone(workspaceId: string, campaignId: string): Promise<void>;
}

export interface Dispatcher {
  /** There may be something to do. */
  wake(): void;
  /** Stops: no new MAIL; answers on the wire are waited for and written down. */
  stop(): Promise<void>;
}

const pollMs = 1000;
const campaignPollMs = 500;
const aliveEveryMs = 5000;
/** A campaign that goes out says so no more often than this. */
const limitNoteMs = 5000;
/** Starts the loop that claims chunks and has them sent. One per worker process. */
export function startDispatcher(db: Db, settings: DispatcherSettings, events: DispatcherEvents): Dispatcher {
  const owner = newId();
  const held = new Set<ClaimedChunk>();
  const working = new Set<Promise<void>>();
  const halted = new Set<string>();
  /** When it was last told that a campaign is going, by performance.now(). */
  const goingSince = new Map<string, number>();
  const preparation = chunkPreparation(db);
  const lanes = watchLanes(db, owner);
  const judges = new Map<string, Judge>();
  const contact = watchContact();
  let health: Promise<void> = Promise.resolve();
  let stopping = false;
  let locked = false;
  let wakeUp: () => void = () => {};

  const breakers = watchBreakers(db, events.onTripped, (err) =>
    log.error({ err }, "a campaign's breakers could not be looked at"),
  );

  const settle = createSettleQueue(db, suppressRefused, (group) => {
    for (const { chunk, state, class: answerClass } of group)
      if (state !== "back") breakers.answered(chunk.workspaceId, chunk.campaignId, answerClass);
  });

  const lines = createSenderLines(db, owner, settings.leaseSeconds, {
    timeouts: settings.timeouts,
    reserve: settle.reserve,
  });

  let sentBefore = 0;
  const sayHowFast = () => {
    const sent = settle.sent;
    const perSecond = ((sent - sentBefore) * 1000) / aliveEveryMs;
    sentBefore = sent;
    sayAlive(db, owner, perSecond).catch((err) => log.warn({ err }, "a sign of life could not be written"));
  };
  sayHowFast();
  const alive = setInterval(sayHowFast, aliveEveryMs);

  const beat = setInterval(
    () => {
      heartbeat(db, owner, [...held], settings.leaseSeconds).catch((err) => {
        contact.failed(err);
        log.warn({ err }, "a heartbeat failed");
      });
    },
    (settings.leaseSeconds * 1000) / 4,
  );

  const watch = setInterval(() => {
    if (held.size > 0) lookAtLock().catch(() => {});
    const ids = [...new Set([...held].map((chunk) => chunk.campaignId))];
    if (ids.length === 0) {
      for (const id of halted) goOn(id);
      return;
    }
    const workspaceIds = [...new Set([...held].map((chunk) => chunk.workspaceId))];
    lanes.refresh(workspaceIds, lines.open).catch(() => {});
    statusesOf(db, ids)
      .then((statuses) => {
        for (const id of ids) {
          if (statuses.get(id) === "sending") goOn(id);
          else halted.add(id);
        }
      })
      .catch(() => {
        // The heartbeat says that the database is away; leases end by the clock meanwhile.
      });
  }, campaignPollMs);

  const lookAtLock = async () => {
    locked = !(await settings.maySend());
    return locked;
  };

  // What was counted against a campaign before it was stopped is over, too: whoever resumed it has seen it.
  const goOn = (campaignId: string) => {
    if (halted.delete(campaignId)) judges.delete(campaignId);
  };

  const sleepUntilWoken = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pollMs);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const run = async () => {
    while (!stopping) {
      try {
        const chunk = working.size < settings.chunksAtOnce ? await claim() : null;
        if (chunk) {
          // It was sending when the chunk was claimed, so whatever had stopped it is over.
          goOn(chunk.campaignId);
          const work = workOn(chunk)
            .catch((err) => log.error({ err, campaign: chunk.campaignId }, "a chunk could not be worked"))
            .finally(() => {
              held.delete(chunk);
              working.delete(work);
              wakeUp();
            });
          held.add(chunk);
          working.add(work);
          continue;
        }
      } catch (err) {
        contact.failed(err);
        log.warn({ err }, "no chunk could be claimed");
      }
      await sleepUntilWoken();
    }
  };

  /** After the database was away others need a lease's time to renew theirs, before their chunks may be taken over. */
  async function claim(): Promise<ClaimedChunk | null> {
    if (await lookAtLock()) return null;
    const mayTakeOver = contact.unbrokenMs() > settings.leaseSeconds * 1000;
    const chunk = await claimChunk(db, owner, settings.leaseSeconds, settings.schedule.first, mayTakeOver);
    contact.succeeded();
    return chunk;
  }

  async function workOn(chunk: ClaimedChunk): Promise<void> {
    const { workspaceId, campaignId } = chunk;
    const ready = await preparation.prepare(chunk);
    if (!ready.ok) {
      await releaseChunk(db, chunk, ready.notBefore);
      if (ready.words !== null) await events.onSenderTrouble(workspaceId, campaignId, ready.words);
      return;
    }
    const { campaign, sender } = ready;
    const judge = judgeOf(campaign);
    const how = {
      onDown: (outcome: Outcome, line: SenderLine) => senderDown(line, chunk, outcome),
      onUp: () => senderUp(sender, chunk),
    };
    const had = await lines.with(sender, how, (line) =>
      feedChunk(chunk, {
        db,
        line,
        limits: sender.limits,
        campaign,
        settle,
        mayGoOn: () => !stopping && !locked && !halted.has(campaignId),
        laneLimits: () => lanes.limitsOf(workspaceId),
        onLimit: (full) => noteLimit(chunk, sender, full),
        judge: (message, result) => {
          lanes.heed(line, message, result);
          return judge(message, result, databaseTime(chunk), (outcome) => {
            if (!line.closed) senderDown(line, chunk, outcome);
          });
        },
      }),
    );
    // Other workers have all of its connections; they are at work on other chunks.
    if (!had) await releaseChunk(db, chunk, new Date(databaseTime(chunk) + noShareWaitMs));
    await events.onChunkDone(workspaceId, campaignId);
  }

  /** What is used up is remembered for the choice of senders, and told to whoever looks at the campaign. */
  function noteLimit(chunk: ClaimedChunk, sender: ResolvedSender, full: FullLimit | null): void {
    const { workspaceId, campaignId } = chunk;
    const now = performance.now();
    if (full) preparation.noteFull(sender.id, full.until);
    else if (now < (goingSince.get(campaignId) ?? Number.NEGATIVE_INFINITY) + limitNoteMs) return;
    if (full) goingSince.delete(campaignId);
    else goingSince.set(campaignId, now);
    events
      .onLimit(workspaceId, campaignId, full)
      .catch((err) => log.warn({ err }, "that a limit is used up could not be noted"));
  }

  function inUse(campaignId: string): boolean {
    return [...held].some((chunk) => chunk.campaignId === campaignId);
  }

  function judgeOf(campaign: CampaignMail): Judge {
    let judge = judges.get(campaign.campaignId);
    if (!judge) {
      for (const id of judges.keys()) if (!inUse(id)) judges.delete(id);
      judge = createJudge(campaign, settings.schedule, (reason) => {
        halted.add(campaign.campaignId);
        events
          .onCampaignTrouble(campaign.workspaceId, campaign.campaignId, reason)
          .catch((err) => log.error({ err }, "a campaign could not be paused"));
      });
      judges.set(campaign.campaignId, judge);
    }
    return judge;
  }

  /** Nothing more goes through this line; what is on its wire has its full time to be answered. */
  function senderDown(line: SenderLine, chunk: ClaimedChunk, outcome: Outcome): void {
    const { sender } = line;
    const words = wordsOf(outcome);
    log.warn({ sender: sender.id }, "a sender is away");
    lines.end(line, settings.timeouts.afterDot ?? defaultTimeouts.afterDot);
    reportHealth(async () => {
      await reportSenderDown(db, sender.workspaceId, sender.id, words);
      // A campaign that others share goes on through them; when none is left the next chunk says so.
      const campaign = await preparation.campaignOf(chunk);
      if (campaign.senderIds === null) await events.onSenderTrouble(chunk.workspaceId, chunk.campaignId, words);
    });
  }

  function senderUp(sender: ResolvedSender, chunk: ClaimedChunk): void {
    reportHealth(async () => {
      await reportSenderUp(db, sender.workspaceId, sender.id);
      await events.onSenderTrouble(chunk.workspaceId, chunk.campaignId, null);
    });
  }

  /** One after the other, so that "up" and "down" are written in the order in which they came. */
  function reportHealth(report: () => Promise<void>): void {
    health = health.then(report).catch((err) => log.warn({ err }, "a sender's health could not be written"));
  }

  const running = run();
  return {
    wake: () => wakeUp(),
    async stop() {
      stopping = true;
      wakeUp();
      await running;
      await lines.close(settings.stopGraceMs);
      await Promise.all(working);
      await settle.settled();
      await breakers.settled();
      clearInterval(beat);
      clearInterval(watch);
      clearInterval(alive);
      await sayGone(db, owner).catch((err) => log.warn({ err }, "this worker's end could not be written"));
    },
  };
}

/** In the transaction of the answers: who is gone for good gets no more mail of the workspace. */
async function suppressRefused(tx: Db, group: readonly Settlement[]): Promise<void> {
  for (const { chunk, suppress: email, reply } of group) {
    // What parseAddress refuses was never an address of ours; it must not hold up everybody's answers.
    if (!email || !parseAddress(email).ok) continue;
    const { workspaceId, campaignId } = chunk;
    await suppress(tx, { workspaceId }, { email, reason: "hard_bounce", detail: reply ?? "", campaignId });
  }
}
