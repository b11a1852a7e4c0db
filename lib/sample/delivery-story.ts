import type { SampleStory } from "./campaigns.ts";
import { hashOf } from "./random.ts";

/** A frozen message of a sample campaign. */
export interface SampleMessage {
  id: string;
  subscriberId: string;
  email: string;
}

/** An attempt row, in the column names of its table. Times in ISO. */
export interface SampleAttempt {
  message_id: string;
  n: number;
  state: "sent" | "deferred" | "failed" | "in_doubt" | "skipped";
  class: string;
  phase: string | null;
  code: number | null;
  enhanced: string | null;
  reply: string | null;
  tries: number;
  started_at: string;
  settled_at: string;
  next_at: string | null;
}

type Fate = "accepted" | "hard" | "block" | "greylist" | "in_doubt" | "left";

export interface SampleDelivery {
  attempts: SampleAttempt[];
  /** Messages that were accepted, and when: only their readers can open. */
  accepted: Array<SampleMessage & { sentAt: Date }>;
  /** Whose mailbox does not exist. */
  bounced: SampleMessage[];
  /** Who opted out before their mail's turn came. */
  left: SampleMessage[];
}

/** Twenty messages a second, as a small sender manages. */
const msPerMessage = 50;
const greylistMs = 7 * 60_000;

/**
 * What the mail servers said to each message, one attempt after the other. Who meets which fate follows from the
 * addresses alone, so the sample is the same every time.
 */
export function tellDelivery(
  key: string,
  story: SampleStory,
  messages: readonly SampleMessage[],
  launchedAt: Date,
): SampleDelivery {
  const fates = fatesOf(key, story, messages);
  const told: SampleDelivery = { attempts: [], accepted: [], bounced: [], left: [] };
  messages.forEach((message, i) => {
    const at = new Date(launchedAt.getTime() + 1500 + i * msPerMessage);
    tellOne(told, message, fates.get(message.id) ?? "accepted", at);
  });
  return told;
}

function fatesOf(key: string, story: SampleStory, messages: readonly SampleMessage[]): Map<string, Fate> {
  const byLot = messages.toSorted((a, b) => hashOf(key + a.email) - hashOf(key + b.email));
  const wanted: Array<[Fate, number]> = [
    ["hard", story.hardBounces],
    ["block", story.blocked],
    ["greylist", story.greylisted],
    ["in_doubt", story.inDoubt],
    ["left", story.leftMeanwhile],
  ];
  const fates = wanted.flatMap(([fate, count]) => Array.from({ length: count }, () => fate));
  return new Map(byLot.slice(0, fates.length).map((message, i) => [message.id, fates[i] ?? "accepted"]));
}

function tellOne(told: SampleDelivery, message: SampleMessage, fate: Fate, at: Date): void {
  const later = new Date(at.getTime() + greylistMs);
  const first = (attempt: Partial<SampleAttempt>) => attemptOf(message, 1, at, attempt);
  const second = (attempt: Partial<SampleAttempt>) => attemptOf(message, 2, later, attempt);
  const soon = later.toISOString();
  switch (fate) {
    case "accepted":
      told.attempts.push(first({}));
      told.accepted.push({ ...message, sentAt: at });
      return;
    case "greylist": {
      const reply = { code: 450, enhanced: "4.7.1", reply: "Greylisted, please try again in some minutes" };
      told.attempts.push(
        first({ state: "deferred", class: "greylist", phase: "rcpt", ...reply, next_at: soon }),
        second({}),
      );
      told.accepted.push({ ...message, sentAt: later });
      return;
    }
    case "hard": {
      const reply = { code: 550, enhanced: "5.1.1", reply: "No such user here" };
      told.attempts.push(first({ state: "failed", class: "hard", phase: "rcpt", ...reply }));
      told.bounced.push(message);
      return;
    }
    case "block": {
      const reply = { code: 554, enhanced: "5.7.1", reply: "Message refused by local policy" };
      told.attempts.push(first({ state: "failed", class: "block", phase: "dot", ...reply }));
      return;
    }
    case "in_doubt": {
      const doubt = { state: "in_doubt" as const, class: "in_doubt", phase: "dot", code: null, enhanced: null };
      const reply = "The connection was reset while waiting for the answer";
      told.attempts.push(first({ ...doubt, reply, next_at: soon }), second({ ...doubt, reply }));
      return;
    }
    case "left": {
      const nothing = { phase: null, code: null, enhanced: null, reply: null, tries: 0 };
      told.attempts.push(first({ state: "skipped", class: "unsubscribed", ...nothing }));
      told.left.push(message);
      return;
    }
    default:
      fate satisfies never;
  }
}

function attemptOf(message: SampleMessage, n: number, at: Date, facts: Partial<SampleAttempt>): SampleAttempt {
  return {
    message_id: message.id,
    n,
    state: "sent",
    class: "sent",
    phase: "dot",
    code: 250,
    enhanced: "2.0.0",
    reply: "OK, queued",
    tries: n,
    next_at: null,
    started_at: new Date(at.getTime() - 30).toISOString(),
    settled_at: at.toISOString(),
    ...facts,
  };
}
