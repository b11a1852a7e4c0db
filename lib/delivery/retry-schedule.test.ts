import { describe, expect, test } from "vitest";
import { parseDelays, retrySchedule } from "./retry-schedule.ts";

const middle = { random: () => 0.5 };

/** Every delay until the schedule gives up, growing older with each. */
function walk(kind: "bulk" | "transactional"): { delays: number[]; age: number } {
  let age = 0;
  const schedule = retrySchedule(kind, middle);
  const delays: number[] = [];
  for (let tries = 1; ; tries++) {
    const delay = schedule.next(tries, "network", age);
    if (delay === null) return { delays, age };
    delays.push(delay);
    age += delay;
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
    const at = (random: number) => retrySchedule("bulk", { random: () => random }).next(1, "network", 0);
    expect(at(0)).toBeCloseTo(48);
    expect(at(1)).toBeCloseTo(72);
  });

  test("waits out greylisting for 5 to 15 minutes whatever the try", () => {
    const at = (random: number) => retrySchedule("bulk", { random: () => random }).next(7, "greylist", 0);
    expect([at(0), at(1)]).toEqual([300, 900]);
  });

  test("can be replaced, and then its last delay repeats", () => {
    const schedule = retrySchedule("bulk", { delaysSeconds: parseDelays("0.1,2"), ...middle });
    expect([1, 2, 3, 9].map((tries) => schedule.next(tries, "greylist", 0))).toEqual([0.1, 2, 2, 2]);
    expect(schedule.first).toBe(0.1);
  });
});
