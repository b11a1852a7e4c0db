import { expect, test } from "vitest";
import { Refusal } from "../errors.ts";
import { instantOfWallTime, wallTimeOf } from "./schedule.ts";

const now = new Date("2026-01-01T00:00:00Z");

function refusalOf(work: () => unknown): Refusal {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error("was not refused");
}

test("a wall time becomes the instant of its zone, in winter and in summer", () => {
  expect(instantOfWallTime("2026-02-01T09:30", "Europe/Berlin", now).toISOString()).toBe("2026-02-01T08:30:00.000Z");
  expect(instantOfWallTime("2026-07-01T09:30", "Europe/Berlin", now).toISOString()).toBe("2026-07-01T07:30:00.000Z");
  expect(instantOfWallTime("2026-07-01T09:30", "Asia/Kathmandu", now).toISOString()).toBe("2026-07-01T03:45:00.000Z");
});

test("a time that daylight saving skips is refused with the next valid one", () => {
  const paris = refusalOf(() => instantOfWallTime("2026-03-29T02:30", "Europe/Paris", now));
  expect(paris.code).toBe("campaign.schedule_gap");
  expect(paris.detail).toMatchObject({ next: "2026-03-29 03:00", wanted: "2026-03-29 02:30" });
  // Lord Howe moves by half an hour only.
  const island = refusalOf(() => instantOfWallTime("2026-10-04T02:15", "Australia/Lord_Howe", now));
  expect(island.detail.next).toBe("2026-10-04 02:30");
  expect(instantOfWallTime("2026-03-29T03:00", "Europe/Paris", now).toISOString()).toBe("2026-03-29T01:00:00.000Z");
});

test("of a time that happens twice the first is taken", () => {
  expect(instantOfWallTime("2026-10-25T02:30", "Europe/Paris", now).toISOString()).toBe("2026-10-25T00:30:00.000Z");
  expect(instantOfWallTime("2026-11-01T01:30", "America/New_York", now).toISOString()).toBe("2026-11-01T05:30:00.000Z");
});

test("past, far, malformed and impossible times and unknown zones are refused", () => {
  const code = (wallTime: string, zone = "UTC") => refusalOf(() => instantOfWallTime(wallTime, zone, now)).code;
  expect(code("2025-12-31T23:59")).toBe("campaign.schedule_past");
  expect(code("2026-01-01T00:00")).toBe("campaign.schedule_past");
  expect(code("2030-01-01T00:00")).toBe("campaign.schedule_too_far");
  expect(code("2026-02-30T10:00")).toBe("campaign.schedule_time");
  expect(code("tomorrow")).toBe("campaign.schedule_time");
  expect(code("2026-05-01T10:00", "Mars/Olympus")).toBe("campaign.schedule_zone");
});

test("an instant shows as the wall time of a zone", () => {
  expect(wallTimeOf(new Date("2026-07-01T07:30:10Z"), "Europe/Berlin")).toBe("2026-07-01T09:30");
});
