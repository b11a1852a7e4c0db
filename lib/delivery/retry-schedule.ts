import type { OutcomeClass } from "./outcome-rows.ts";

/** When a message is tried again. All in seconds. */
export type RetrySchedule = {
  /** The first delay without jitter; also what a doubt waits before it is resent. */
  first: number;
  /**
   * Delay before the next try after `tries` that counted (1 = the first try failed), with jitter; null when that would
   * lie beyond the message's greatest age. `ageSeconds` counts from its first try, by the clock that wrote it down.
   */
  next(tries: number, cause: OutcomeClass, ageSeconds: number): number | null;
};

const minute = 60;
const hour = 60 * minute;
const steps = {
  bulk: { delays: [1, 5, 15, 30, 60, 120, 240, 480].map((m) => m * minute), greatestAge: 72 * hour },
  transactional: { delays: [10, 30, minute, 5 * minute, 15 * minute, hour, 4 * hour], greatestAge: 24 * hour },
} as const;
const jitter = 0.2;
/** Greylisting servers let a sender in after a few minutes, and most forget it after an hour. */
const greylist = { least: 5 * minute, most: 15 * minute };

type Options = {
  /** Replaces the steps, greylisting's own included; the last one repeats. For tests. */
  delaysSeconds?: readonly number[];
  greatestAgeSeconds?: number;
  random?: () => number;
};

/** The schedule of one kind of mail: the steps in turn, then the last one again and again until the greatest age. */
export function retrySchedule(kind: "bulk" | "transactional", options: Options = {}): RetrySchedule {
  const delays = options.delaysSeconds ?? steps[kind].delays;
  const greatestAge = options.greatestAgeSeconds ?? steps[kind].greatestAge;
  const random = options.random ?? Math.random;
  const delayOf = (tries: number) => delays[Math.min(Math.max(tries, 1), delays.length) - 1] ?? minute;
  return {
    first: delayOf(1),
    next(tries, cause, ageSeconds) {
      const waitOutGreylist = cause === "greylist" && options.delaysSeconds === undefined;
      const delay = waitOutGreylist
        ? greylist.least + random() * (greylist.most - greylist.least)
        : delayOf(tries) * (1 - jitter + 2 * jitter * random());
      return ageSeconds + delay > greatestAge ? null : delay;
    },
  };
}

/** Reads "1,5,15" (seconds), as the setting DELIVERY_RETRY_SECONDS holds them. */
export function parseDelays(text: string): number[] {
  return text.split(",").map(Number);
}
