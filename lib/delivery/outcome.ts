import { unreachable } from "../errors.ts";
import { codeRows, enhancedRows, type OutcomeClass, type Row } from "./outcome-rows.ts";
import type { Outcome, Phase, Reply } from "./transport.ts";

export type { OutcomeClass };

export type Verdict = {
  class: OutcomeClass;
  /** back_to_pending = provably not handed over, and nothing this message could be blamed for. */
  action: "sent" | "retry" | "fail" | "in_doubt" | "back_to_pending";
  countsAsAttempt: boolean;
  /** The person gets no more mail from this workspace. */
  suppress: boolean;
  /** Says something about the person's mailbox, not only about this try. */
  touchesPerson: boolean;
  /** Whose trouble it is; a lane is the receiving domain. */
  scope: "message" | "lane" | "sender" | "campaign";
};

/**
 * What an outcome means. The phase decides first: only answers to RCPT and to the final dot may touch the person,
 * whatever was refused before is the sender's trouble and fails nobody. Then enhanced code, basic code, words.
 */
export function classify(outcome: Outcome): Verdict {
  switch (outcome.kind) {
    case "reply":
      return classifyAnswer(outcome.phase, outcome);
    case "network":
      if (outcome.bodyHandedOver) return verdict("in_doubt", "in_doubt");
      // After MAIL the message itself may be what breaks the line, so the try counts and it cannot come back for ever.
      return isOpening(outcome.phase) ? sendersTrouble("network") : verdict("network", "retry");
    case "withheld":
      return { ...verdict("withheld", "back_to_pending"), countsAsAttempt: false };
    case "refused":
      return classifyRefused(outcome.reason);
    default:
      return unreachable(outcome);
  }
}

/**
 * The class of a reply by its codes and words alone, for reports that come back later and have no phase (`code` 0 when
 * they name none). A temporary reply is never hard.
 */
export function classOfReply(reply: Reply): OutcomeClass {
  // qmail and its children put the enhanced code at the end: "sorry, no mailbox here by that name (#5.1.1)".
  const enhanced = reply.enhanced ?? /\(#([45]\.\d{1,3}\.\d{1,3})[\s)]/.exec(reply.text)?.[1];
  const facts = enhanced === undefined ? reply : { ...reply, enhanced };
  const row = enhancedRows.find((r) => holds(r, facts)) ?? codeRows.find((r) => holds(r, facts));
  if (!row || (row.class === "hard" && !isPermanent(facts))) return "unknown";
  return row.class;
}

function classifyAnswer(phase: Phase, reply: Reply): Verdict {
  if (phase === "dot" && reply.code < 400) {
    return reply.code < 300 ? verdict("sent", "sent") : verdict("in_doubt", "in_doubt");
  }
  const found = classOfReply(reply);
  if (isOpening(phase)) return sendersTrouble(found === "throttle" || found === "network" ? found : "sender");
  if (phase === "mail") return atMail(found, isPermanent(reply));
  const personal = phase === "rcpt" || phase === "dot";
  return afterMail(personal || found !== "hard" ? found : "unknown", isPermanent(reply), personal);
}

function atMail(found: OutcomeClass, permanent: boolean): Verdict {
  switch (found) {
    case "content":
    case "auth":
      return afterMail(found, permanent, false);
    case "throttle":
    case "network":
    case "greylist":
      return sendersTrouble(found);
    default:
      return sendersTrouble("sender");
  }
}

function afterMail(found: OutcomeClass, permanent: boolean, personal: boolean): Verdict {
  const failOrRetry = permanent ? "fail" : "retry";
  switch (found) {
    case "hard":
      return { ...verdict("hard", "fail"), suppress: true, touchesPerson: true };
    case "soft":
      return { ...verdict("soft", "retry"), touchesPerson: personal };
    case "throttle":
      return { ...verdict("throttle", "retry"), countsAsAttempt: false, scope: "lane" };
    case "block":
    case "content":
      return { ...verdict(found, failOrRetry), scope: "campaign" };
    case "auth":
      // Tried again even after a 5xx: the campaign is paused until the domain is put right, and nobody is to be lost.
      return { ...verdict("auth", "retry"), scope: "campaign" };
    case "sender":
      // Counted, unlike before RCPT: one recipient the relay cannot stand must not stop everybody for ever.
      return { ...verdict("sender", "retry"), scope: "sender" };
    case "network":
    case "greylist":
      return verdict(found, "retry");
    default:
      return verdict("unknown", failOrRetry);
  }
}

function classifyRefused(reason: Extract<Outcome, { kind: "refused" }>["reason"]): Verdict {
  switch (reason) {
    case "recipient_address":
    case "smtputf8_missing":
      return verdict("unknown", "fail");
    case "sender_address":
      return sendersTrouble("sender");
    case "too_big":
      return { ...verdict("content", "fail"), scope: "campaign" };
    default:
      return unreachable(reason);
  }
}

function sendersTrouble(found: OutcomeClass): Verdict {
  return { ...verdict(found, "back_to_pending"), countsAsAttempt: false, scope: "sender" };
}

function verdict(found: OutcomeClass, action: Verdict["action"]): Verdict {
  return { class: found, action, countsAsAttempt: true, suppress: false, touchesPerson: false, scope: "message" };
}

function isOpening(phase: Phase): boolean {
  return phase !== "mail" && phase !== "rcpt" && phase !== "data" && phase !== "dot";
}

/** The basic code says so; the enhanced one only where there is no basic code. */
function isPermanent(reply: Reply): boolean {
  return reply.code > 0 ? reply.code >= 500 : (reply.enhanced?.startsWith("5.") ?? false);
}

function holds(row: Row, reply: Reply): boolean {
  if (row.codes && !row.codes.includes(reply.code)) return false;
  if (row.enhanced && (reply.enhanced === undefined || !row.enhanced.test(reply.enhanced))) return false;
  return !row.words || row.words.test(reply.text);
}
