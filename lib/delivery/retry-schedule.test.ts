import { describe, expect, test } from "vitest";
import { parseDelays, retrySchedule } from "./retry-schedule.ts";

const start = new Date("2030-01-01T00:00:00Z");
const middle = { random: () => 0.5 };

/** Every delay until the schedule gives up, walking the clock along. */
function walk(kind: "bulk" | "transactional"): { delays: number[]; age: number } {
  let clock = start.getTime();
  const schedule = retrySchedule(kind, { ...middle, now: () => new Date(clock) });
  const delays: number[] = [];
  for (let tries = 1; ; tries++) {
    const delay = schedule.next(tries, "network", start);
    if (delay === null) return { delays, age: (clock - start.getTime()) / 1000 };
    delays.push(delay);
    clock += delay * 1000;
  }
}

describe("the schedule", () => {
  test("of a campaign is 1, 5, 15, 30 minutes, 1, 2, 4, 8 hours, then every 8 hours within 72 hours", () => {
    const { delays, age } = walk("bulk");
    expect(delays.slice(0, 8).map((d) => Math.round(d / 60))).toEqual([1, 5, 15, 30, 60, 120, 240, 480]);
    expect(new Set(delays.slice(8).map(Math.round))).toEqual(new Set([8 * 3600]));
    expect(age).toBeGreaterThan(60 * 3600);
    expect(age).toBeLessThanOrEqual(72 * 3600);
  });

  test("of single mails is 10 s, 30 s, 1, 5, 15 minutes, 1 hour, then every 4 hours within 24 hours", () => {
    const { delays, age } = walk("transactional");
    expect(delays.slice(0, 7).map(Math.round)).toEqual([10, 30, 60, 300, 900, 3600, 14_400]);
    expect(age).toBeLessThanOrEqual(24 * 3600);
  });

  test("varies by a fifth in either direction and no more", () => {
    const at = (random: number) =>
      retrySchedule("bulk", { random: () => random, now: () => start }).next(1, "network", start);
    expect(at(0)).toBeCloseTo(48);
    expect(at(1)).toBeCloseTo(72);
  });

  test("waits out greylisting for 5 to 15 minutes whatever the try", () => {
    const at = (random: number) =>
      retrySchedule("bulk", { random: () => random, now: () => start }).next(7, "greylist", start);
    expect([at(0), at(1)]).toEqual([300, 900]);
  });

  test("can be replaced, and then its last delay repeats", () => {
    const schedule = retrySchedule("bulk", { delaysSeconds: parseDelays("0.1,2"), ...middle, now: () => start });
    expect([1, 2, 3, 9].map((tries) => schedule.next(tries, "greylist", start))).toEqual([0.1, 2, 2, 2]);
    expect(schedule.first).toBe(0.1);
  });
});
