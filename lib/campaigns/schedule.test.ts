import fc from "fast-check";
import { expect, test } from "vitest";
import { tzdb } from "../auth/time-zones.ts";
import { Refusal } from "../errors.ts";
import { endOfWallTime, instantOfWallTime, wallTimeOf } from "./schedule.ts";

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

test("an end that cannot be is kept as it was chosen, with what is wrong with it", () => {
  const end = (wallTime: string) => {
    const { at, problem } = endOfWallTime(wallTime, "Europe/Paris", now);
    return [at.toISOString(), problem?.code ?? null];
  };
  expect(end("2026-02-01T09:30")).toEqual(["2026-02-01T08:30:00.000Z", null]);
  expect(end("2025-12-31T09:30")).toEqual(["2025-12-31T08:30:00.000Z", "campaign.schedule_past"]);
  expect(end("2026-03-29T02:30")).toEqual(["2026-03-29T01:00:00.000Z", "campaign.schedule_gap"]);
  expect(end("2030-01-01T00:00")).toEqual(["2029-12-31T23:00:00.000Z", "campaign.schedule_too_far"]);
  expect(refusalOf(() => end("tomorrow")).code).toBe("campaign.schedule_time");
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

const anyZone = fc.constantFrom(...[...tzdb].sort());
const anyMinute = fc
  .date({ min: new Date("2026-01-01T00:01:00Z"), max: new Date("2027-12-30T00:00:00Z"), noInvalidDate: true })
  .map((at) => new Date(Math.floor(at.getTime() / 60_000) * 60_000));

/** Clocks that repeat an hour (or, on an island, half of one) show one wall time twice. */
const mostRepeated = 3 * 3_600_000;

test("in every zone, an instant's wall time leads back to it, or to the first of the two that show it", () => {
  fc.assert(
    fc.property(anyMinute, anyZone, (at, zone) => {
      const wall = wallTimeOf(at, zone);
      const back = instantOfWallTime(wall, zone, now);
      const early = at.getTime() - back.getTime();
      expect(early).toBeGreaterThanOrEqual(0);
      expect(early).toBeLessThanOrEqual(mostRepeated);
      expect(wallTimeOf(back, zone)).toBe(wall);
    }),
    { numRuns: 2000 },
  );
});

test("in every zone, a wall time that exists means an instant that shows it, and one that is skipped is refused with the next", () => {
  const wall = anyMinute.map((at) => at.toISOString().slice(0, 16));
  fc.assert(
    fc.property(wall, anyZone, (wallTime, zone) => {
      try {
        expect(wallTimeOf(instantOfWallTime(wallTime, zone, now), zone)).toBe(wallTime);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (error.code === "campaign.schedule_past") return;
        expect(error.code).toBe("campaign.schedule_gap");
        const next = String(error.detail.next).replace(" ", "T");
        expect(next > wallTime).toBe(true);
        expect(wallTimeOf(instantOfWallTime(next, zone, now), zone)).toBe(next);
      }
    }),
    { numRuns: 2000 },
  );
});

test("around every change of the clocks of a year, nothing is lost and nothing is sent twice", () => {
  for (const zone of [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
  ]) {
    let before = 0;
    for (let minute = 0; minute < 365 * 24 * 2; minute++) {
      const at = new Date(Date.UTC(2026, 0, 2) + minute * 30 * 60_000);
      const found = instantOfWallTime(wallTimeOf(at, zone), zone, now).getTime();
      // A repeated time means the first of its two instants; otherwise time only goes on.
      expect(found === at.getTime() || found < at.getTime()).toBe(true);
      if (found === at.getTime()) expect(found).toBeGreaterThan(before);
      before = Math.max(before, found);
    }
  }
});

test("a clock that is an hour off changes only whether a time has passed, never which instant is meant", () => {
  fc.assert(
    fc.property(anyMinute, anyZone, fc.constantFrom(-3_600_000, 0, 3_600_000), (at, zone, off) => {
      const clock = new Date(at.getTime() - 1_800_000 + off);
      const wall = wallTimeOf(at, zone);
      const meant = instantOfWallTime(wall, zone, now).getTime();
      if (meant > clock.getTime()) expect(instantOfWallTime(wall, zone, clock).getTime()).toBe(meant);
      else expect(refusalOf(() => instantOfWallTime(wall, zone, clock)).code).toBe("campaign.schedule_past");
    }),
    { numRuns: 500 },
  );
});
