import { parseAddress } from "../audience/address.ts";
import { suppress } from "../audience/suppression.ts";
import type { Db } from "../db.ts";
import { Refusal } from "../errors.ts";
import { newId } from "../ids.ts";
import { log } from "../log.ts";
import { reportSenderDown, reportSenderUp } from "../senders/health.ts";
import { type ResolvedSender, resolveSender } from "../senders/resolve.ts";
import { type CampaignMail, loadCampaignMail } from "./campaign-mail.ts";
import { type ClaimedChunk, claimChunk, heartbeat, releaseChunk } from "./claim.ts";
import { watchContact } from "./contact.ts";
import { statusesOf } from "./counts.ts";
import { feedChunk } from "./feed-chunk.ts";
import { createJudge, type Judge } from "./judge.ts";
import { type LaneLimits, readLanes, slowLane } from "./lanes.ts";
import type { LoadedMessage } from "./load-chunk.ts";
import { classify } from "./outcome.ts";
import type { RetrySchedule } from "./retry-schedule.ts";
import { createSenderLine, type LineResult, type SenderLine } from "./sender-line.ts";
import { createSettleQueue } from "./settle-queue.ts";
import { defaultTimeouts, type Outcome, type Timeouts } from "./transport.ts";

export interface DispatcherSettings {
  leaseSeconds: number;
  schedule: RetrySchedule;
  timeouts: Partial<Timeouts>;
  /** How many chunks are worked at once, so that one slow sender does not hold up another. */
  chunksAtOnce: number;
  /** After a stop was asked for: how long answers may take before the line is cut. */
  stopGraceMs: number;
}

/** What the dispatcher tells others; the worker wires it, so that delivery does not have to know campaigns. */
export interface DispatcherEvents {
  /** The receivers or the server say that this campaign must not go on. */
  onCampaignTrouble(workspaceId: string, campaignId: string, reason: string): Promise<void>;
  /** Its sender is away (words and next try), or is back (null). */
  onSenderTrouble(workspaceId: string, campaignId: string, trouble: string | null): Promise<void>;
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
const noLimits: ReadonlyMap<string, LaneLimits> = new Map();
/** How long a chunk waits that cannot be sent for a reason on our side. */
const unsendableWaitMs = 60_000;

function unsendableWords(error: unknown): string {
  if (error instanceof Refusal && error.code === "senders.password_lost") {
    return "The sender's stored password cannot be read with this installation's secret. Enter it again.";
  }
  if (error instanceof Refusal) return "The sender is not there any more.";
  return "Something went wrong on our side. It is tried again every minute.";
}

/** Starts the loop that claims chunks and has them sent. One per worker process. */
export function startDispatcher(db: Db, settings: DispatcherSettings, events: DispatcherEvents): Dispatcher {
  const owner = newId();
  const held = new Set<ClaimedChunk>();
  const working = new Set<Promise<void>>();
  const halted = new Set<string>();
  const lines = new Map<string, SenderLine>();
  /** With those that are out of use and still wait for answers. */
  const open = new Set<SenderLine>();
  const campaigns = new Map<string, Promise<CampaignMail>>();
  let laneLimits = new Map<string, Map<string, LaneLimits>>();
  const judges = new Map<string, Judge>();
  const contact = watchContact();
  let health: Promise<void> = Promise.resolve();
  let stopping = false;
  let wakeUp: () => void = () => {};

  const settle = createSettleQueue(db, async (tx, group) => {
    for (const one of group) {
      // What parseAddress refuses was never an address of ours; it must not hold up everybody's answers.
      if (!one.suppress || !parseAddress(one.suppress).ok) continue;
      await suppress(
        tx,
        { workspaceId: one.chunk.workspaceId },
        {
          email: one.suppress,
          reason: "hard_bounce",
          detail: one.reply ?? "",
          campaignId: one.chunk.campaignId,
        },
      );
    }
  });

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
    const ids = [...new Set([...held].map((chunk) => chunk.campaignId))];
    if (ids.length === 0) {
      for (const id of halted) goOn(id);
      return;
    }
    refreshLanes().catch(() => {});
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

  const refreshLanes = async () => {
    laneLimits = await readLanes(db, [...new Set([...held].map((chunk) => chunk.workspaceId))]);
    for (const line of open) line.lanes.setCaps(capsOf(line, laneLimits.get(line.sender.workspaceId) ?? noLimits));
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
    const mayTakeOver = contact.unbrokenMs() > settings.leaseSeconds * 1000;
    const chunk = await claimChunk(db, owner, settings.leaseSeconds, settings.schedule.first, mayTakeOver);
    contact.succeeded();
    return chunk;
  }

  async function workOn(chunk: ClaimedChunk): Promise<void> {
    const { workspaceId, campaignId } = chunk;
    const ready = await prepare(chunk);
    if (!ready) return;
    const { campaign, sender } = ready;
    if (sender.health === "down" && sender.retryAt && sender.retryAt.getTime() > Date.now()) {
      await releaseChunk(db, chunk, sender.retryAt);
      return;
    }
    const line = lineOf(sender, chunk);
    const judge = judgeOf(campaign);
    await feedChunk(chunk, {
      db,
      line,
      campaign,
      settle,
      mayGoOn: () => !stopping && !halted.has(campaignId),
      laneLimits: () => laneLimits.get(workspaceId) ?? noLimits,
      judge: (message, result) => {
        heedRate(line, message, result);
        return judge(message, result, (outcome) => {
          if (!line.closed) senderDown(line, chunk, outcome);
        });
      },
    });
    await events.onChunkDone(workspaceId, campaignId);
  }

  /** A receiver says that we are too fast for it: its lane is slowed, at once here and through the database elsewhere. */
  function heedRate(line: SenderLine, message: LoadedMessage, result: LineResult): void {
    if (result.kind !== "outcome" || result.outcome.kind !== "reply" || result.outcome.code < 400) return;
    if (classify(result.outcome).scope !== "lane") return;
    const { workspaceId } = line.sender;
    const limits = new Map(laneLimits.get(workspaceId));
    const known = limits.get(message.lane);
    if (!known?.limited) limits.set(message.lane, { connections: known?.connections ?? null, limited: true });
    laneLimits.set(workspaceId, limits);
    line.dropLane(message.lane);
    slowLane(db, workspaceId, message.lane, wordsOf(result.outcome), line.lanes.rate(message.lane)).catch((err) =>
      log.warn({ err }, "a lane could not be slowed down"),
    );
  }

  /**
   * What a chunk's mails are made from and go through. When that cannot be had, the campaign says why and the chunk
   * waits, so that nobody is lost and nothing spins: a person may have to mend it.
   */
  async function prepare(chunk: ClaimedChunk): Promise<{ campaign: CampaignMail; sender: ResolvedSender } | null> {
    try {
      const campaign = await campaignMail(chunk.workspaceId, chunk.campaignId);
      return { campaign, sender: await resolveSender(db, chunk.workspaceId, campaign.senderId) };
    } catch (err) {
      log.error({ err, campaign: chunk.campaignId }, "a chunk cannot be sent and waits");
      await releaseChunk(db, chunk, new Date(Date.now() + unsendableWaitMs));
      await events.onSenderTrouble(chunk.workspaceId, chunk.campaignId, unsendableWords(err));
      return null;
    }
  }

  function campaignMail(workspaceId: string, campaignId: string): Promise<CampaignMail> {
    const known = campaigns.get(campaignId);
    if (known) return known;
    // Frozen content never changes; a handful is kept, so that memory stays flat over the months.
    if (campaigns.size >= 20) for (const id of campaigns.keys()) if (!inUse(id)) campaigns.delete(id);
    const loading = loadCampaignMail(db, workspaceId, campaignId);
    campaigns.set(campaignId, loading);
    loading.catch(() => campaigns.delete(campaignId));
    return loading;
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

  function lineOf(sender: ResolvedSender, chunk: ClaimedChunk): SenderLine {
    const key = `${sender.id} ${JSON.stringify([sender.host, sender.port, sender.tlsMode, sender.login, sender.connections, sender.limits])}`;
    const known = lines.get(key);
    if (known && !known.closed) return known;
    const line = createSenderLine(sender, {
      timeouts: settings.timeouts,
      reserve: settle.reserve,
      onDown: (outcome) => senderDown(line, chunk, outcome),
      onUp: () =>
        reportHealth(async () => {
          await reportSenderUp(db, sender.workspaceId, sender.id);
          await events.onSenderTrouble(chunk.workspaceId, chunk.campaignId, null);
        }),
    });
    lines.set(key, line);
    open.add(line);
    return line;
  }

  /** Nothing more goes through this line; what is on its wire has its full time to be answered. */
  function senderDown(line: SenderLine, chunk: ClaimedChunk, outcome: Outcome): void {
    const { sender } = line;
    const words = wordsOf(outcome);
    log.warn({ sender: sender.id }, "a sender is away");
    void line.close(settings.timeouts.afterDot ?? defaultTimeouts.afterDot).then(() => open.delete(line));
    reportHealth(async () => {
      await reportSenderDown(db, sender.workspaceId, sender.id, words);
      await events.onSenderTrouble(chunk.workspaceId, chunk.campaignId, words);
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
      await Promise.all([...open].map((line) => line.close(settings.stopGraceMs)));
      await Promise.all(working);
      await settle.settled();
      clearInterval(beat);
      clearInterval(watch);
    },
  };
}

/** The connection caps that people set for lanes. */
function capsOf(_line: SenderLine, limits: ReadonlyMap<string, LaneLimits>): Map<string, number> {
  return new Map([...limits].flatMap(([lane, { connections }]) => (connections === null ? [] : [[lane, connections]])));
}

function wordsOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "reply":
      return `${outcome.code} ${outcome.enhanced ? `${outcome.enhanced} ` : ""}${outcome.text}`;
    case "network":
      return outcome.error;
    case "refused":
      return outcome.text;
    case "withheld":
      return "withheld";
  }
}
