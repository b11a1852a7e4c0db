import { unreachable } from "../errors.ts";
import { log } from "../log.ts";
import type { CampaignMail } from "./campaign-mail.ts";
import type { Judgement } from "./feed-chunk.ts";
import type { LoadedMessage } from "./load-chunk.ts";
import { classify, type Verdict } from "./outcome.ts";
import type { RetrySchedule } from "./retry-schedule.ts";
import type { LineResult } from "./sender-line.ts";
import type { Outcome } from "./transport.ts";

/**
 * Decides what is written down about one try, for one campaign in one process. `now` is the database's clock in
 * milliseconds (databaseTime): ends and ages are measured by the clock that wrote them.
 */
export type Judge = (
  message: LoadedMessage,
  result: LineResult,
  now: number,
  onSenderTrouble: (outcome: Outcome) => void,
) => Judgement;

/** Replies are kept whole up to this many characters. */
const replyLength = 1000;

/**
 * `onTrouble` is called once with words for people when a single answer is enough to stop the campaign: the receivers
 * say that its domain is not authenticated. What stops it by numbers is counted over all workers, in breakers.ts.
 * `onSenderTrouble` is called with every answer that means the sender and nobody's mail.
 */
export function createJudge(
  campaign: CampaignMail,
  schedule: RetrySchedule,
  onTrouble: (reason: string) => void,
): Judge {
  let troubled = false;

  return (message, result, now, onSenderTrouble) => {
    if (result.kind === "not_taken") return back(message, "not_taken");
    if (result.kind === "unmade") {
      log.warn({ err: result.error, message: message.id }, "a mail could not be made");
      return final(message, "failed", "content", "This person's mail could not be made from the campaign's content.");
    }
    const { outcome } = result;
    const verdict = classify(outcome);
    if (verdict.scope === "sender" && outcome.kind !== "withheld") onSenderTrouble(outcome);
    if (verdict.class === "auth" && !troubled) {
      troubled = true;
      onTrouble(`auth: ${textOf(outcome)}`);
    }
    return judgementOf(message, outcome, verdict, now);
  };

  function isBeforeEnd(now: number, inSeconds: number): boolean {
    return campaign.endsAt === null || now + inSeconds * 1000 < campaign.endsAt.getTime();
  }

  function judgementOf(message: LoadedMessage, outcome: Outcome, verdict: Verdict, now: number): Judgement {
    const facts = { class: verdict.class, ...factsOf(outcome) };
    switch (verdict.action) {
      case "sent":
        return { ...facts, state: "sent", nextInSeconds: null, tries: message.tries + 1, suppress: null };
      case "fail":
        return {
          ...facts,
          state: "failed",
          nextInSeconds: null,
          tries: message.tries + 1,
          suppress: verdict.suppress ? message.email : null,
        };
      case "back_to_pending":
        return { ...facts, state: "back", nextInSeconds: null, tries: message.tries, suppress: null };
      case "in_doubt": {
        // Repeated once, and not after the campaign's end; a second doubt about the same message is held for a person.
        const resend = campaign.inDoubtPolicy === "resend" && message.doubts === 0 && isBeforeEnd(now, schedule.first);
        return {
          ...facts,
          state: "in_doubt",
          nextInSeconds: resend ? schedule.first : null,
          tries: message.tries + 1,
          suppress: null,
        };
      }
      case "retry": {
        // Answers about rate do not use up a try.
        const tries = message.tries + (verdict.countsAsAttempt ? 1 : 0);
        const ageSeconds = message.firstTriedAt === null ? 0 : (now - message.firstTriedAt.getTime()) / 1000;
        const nextInSeconds = schedule.next(Math.max(1, tries), verdict.class, ageSeconds);
        const inTime = nextInSeconds !== null && isBeforeEnd(now, nextInSeconds);
        return {
          ...facts,
          state: inTime ? "deferred" : "failed",
          nextInSeconds: inTime ? nextInSeconds : null,
          tries,
          suppress: null,
        };
      }
      default:
        return unreachable(verdict.action);
    }
  }
}

function back(message: LoadedMessage, cause: string): Judgement {
  return {
    state: "back",
    class: cause,
    phase: null,
    code: null,
    enhanced: null,
    reply: null,
    nextInSeconds: null,
    tries: message.tries,
    suppress: null,
  };
}

function final(message: LoadedMessage, state: "failed", cause: string, reply: string): Judgement {
  return {
    state,
    class: cause,
    phase: null,
    code: null,
    enhanced: null,
    reply,
    nextInSeconds: null,
    tries: message.tries + 1,
    suppress: null,
  };
}

function factsOf(outcome: Outcome): Pick<Judgement, "phase" | "code" | "enhanced" | "reply"> {
  return {
    phase: outcome.kind === "reply" || outcome.kind === "network" ? outcome.phase : null,
    code: outcome.kind === "reply" ? outcome.code : null,
    enhanced: outcome.kind === "reply" ? (outcome.enhanced ?? null) : null,
    reply: textOf(outcome).slice(0, replyLength),
  };
}

function textOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "reply":
    case "refused":
      return outcome.text;
    case "network":
      return outcome.error;
    case "withheld":
      return "";
  }
}
