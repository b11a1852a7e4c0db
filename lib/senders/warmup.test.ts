import { expect, test } from "vitest";
import { utcDay, warmupAt, warmupDays, warmupPresets } from "./warmup.ts";

const plan = { startsOn: "2026-10-24", firstDay: 50, growthPercent: 20, days: 5 };
const at = (text: string) => warmupAt(plan, new Date(text));

test("each day allows so many percent more than the one before, from the first to the last", () => {
  expect(warmupDays(plan)).toEqual([
    { day: 1, date: "2026-10-24", cap: 50 },
    { day: 2, date: "2026-10-25", cap: 60 },
    { day: 3, date: "2026-10-26", cap: 72 },
    { day: 4, date: "2026-10-27", cap: 86 },
    { day: 5, date: "2026-10-28", cap: 103 },
  ]);
});

test("a day is one of UTC, from midnight to midnight, also where clocks are set back on it", () => {
  // 25 October 2026 has 25 hours in Berlin.
  expect(at("2026-10-24T23:59:59.999Z")).toMatchObject({ day: 1, cap: 50, until: new Date("2026-10-25T00:00:00Z") });
  expect(at("2026-10-25T00:00:00Z")).toMatchObject({ day: 2, cap: 60, until: new Date("2026-10-26T00:00:00Z") });
  expect(at("2026-10-25T23:59:59Z")?.day).toBe(2);
  expect(utcDay(new Date("2026-10-25T23:30:00-05:00"))).toBe("2026-10-26");
});

test("there is no cap before the first day, after the last, or without a plan", () => {
  expect(at("2026-10-23T23:59:59Z")).toBeNull();
  expect(at("2026-10-28T23:59:59Z")?.cap).toBe(103);
  expect(at("2026-10-29T00:00:00Z")).toBeNull();
  expect(warmupAt(null, new Date())).toBeNull();
  expect(warmupAt({ ...plan, startsOn: "nonsense" }, new Date())).toBeNull();
});

test("caps are whole numbers that never fall, and stay numbers however long and steep a plan is", () => {
  for (const preset of Object.values(warmupPresets)) {
    const caps = warmupDays({ startsOn: "2026-01-01", ...preset }).map((day) => day.cap);
    expect(caps.every((cap, i) => Number.isInteger(cap) && cap >= (caps[i - 1] ?? 1))).toBe(true);
    expect(caps.at(-1)).toBeGreaterThan(50_000);
  }
  const steep = warmupDays({ startsOn: "2026-01-01", firstDay: 1_000_000, growthPercent: 200, days: 120 });
  expect(steep.at(-1)?.cap).toBe(1_000_000_000);
  const flat = warmupDays({ startsOn: "2026-01-01", firstDay: 7, growthPercent: 0, days: 3 });
  expect(flat.map((day) => day.cap)).toEqual([7, 7, 7]);
});
