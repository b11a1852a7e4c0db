import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { asDb, type Db, openPool, type Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import { dayUsage, type LimitUnit, limitUnits, takeAllowance } from "./allowance.ts";
import type { SenderLimits } from "./resolve.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let workspaceId: string;
let senderId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, 8);
  db = asDb(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(() => {
  workspaceId = newId();
  senderId = newId();
});

/** Grants of one caller that asks as fast as it can, each with the instants before asking and after the answer. */
async function hammer(limits: SenderLimits, forMs: number, wanted: number) {
  const grants: Array<{ askedAt: number; answeredAt: number; granted: number }> = [];
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    const askedAt = performance.now();
    const { granted } = await takeAllowance(db, workspaceId, senderId, limits, wanted);
    if (granted > 0) grants.push({ askedAt, answeredAt: performance.now(), granted });
  }
  return grants;
}

/** The most that was granted within any stretch of `ms`, counting only what surely lies inside it. */
function mostWithin(ms: number, grants: Array<{ askedAt: number; answeredAt: number; granted: number }>) {
  const sums = grants.map((first) =>
    grants
      .filter((g) => g.askedAt >= first.askedAt && g.answeredAt < first.askedAt + ms)
      .reduce((sum, g) => sum + g.granted, 0),
  );
  return Math.max(0, ...sums);
}

test("four workers that ask without a pause never get more than the rate in any second, and nearly all of it", async () => {
  const limits = { perSecond: 200, perHour: null };
  const grants = (await Promise.all([1, 2, 3, 4].map((n) => hammer(limits, 3000, n * 7)))).flat();
  expect(mostWithin(1000, grants)).toBeLessThanOrEqual(200);
  const total = grants.reduce((sum, g) => sum + g.granted, 0);
  expect(total).toBeLessThanOrEqual(600);
  expect(total).toBeGreaterThan(500);
});

test("a hoard at the end of one second does not meet a hoard at the start of the next", async () => {
  const limits = { perSecond: 10, perHour: null };
  const grants = await hammer(limits, 2500, 10);
  expect(mostWithin(1000, grants)).toBeLessThanOrEqual(10);
});

test("an hourly limit holds together with one per second, and the wait says when there is room again", async () => {
  const limits = { perSecond: 1000, perHour: 25 };
  const answers = [];
  for (let i = 0; i < 5; i++) answers.push(await takeAllowance(db, workspaceId, senderId, limits, 10));
  expect(answers.map((a) => a.granted)).toEqual([10, 10, 5, 0, 0]);
  expect(answers[3]?.waitMs).toBeGreaterThan(3_590_000);
  expect(answers[3]?.waitMs).toBeLessThanOrEqual(3_630_000);

  // The whole of it an hour and a slot ago: all free again.
  await pool.query("update sender_window set starts_at = starts_at - interval '3631 seconds'");
  expect(await takeAllowance(db, workspaceId, senderId, limits, 25)).toEqual({ granted: 25, waitMs: 0, full: null });
});

test("what was used 59 minutes ago still counts", async () => {
  const limits = { perSecond: null, perHour: 25 };
  await takeAllowance(db, workspaceId, senderId, limits, 20);
  await pool.query("update sender_window set starts_at = starts_at - interval '59 minutes'");
  const { granted } = await takeAllowance(db, workspaceId, senderId, limits, 20);
  expect(granted).toBe(5);
  const after = await takeAllowance(db, workspaceId, senderId, limits, 20);
  expect(after.granted).toBe(0);
  expect(after.waitMs).toBeLessThanOrEqual(90_000);
});

test("a limit that was lowered below what is used grants nothing, and a clock that went back does no harm", async () => {
  await takeAllowance(db, workspaceId, senderId, { perSecond: null, perHour: 500 }, 400);
  expect((await takeAllowance(db, workspaceId, senderId, { perSecond: null, perHour: 100 }, 1)).granted).toBe(0);
  await pool.query("update sender_window set starts_at = starts_at + interval '10 seconds'");
  expect((await takeAllowance(db, workspaceId, senderId, { perSecond: null, perHour: 500 }, 200)).granted).toBe(100);
});

test("without limits everything is granted and nothing is written", async () => {
  const limits = { perSecond: null, perHour: null };
  expect(await takeAllowance(db, workspaceId, senderId, limits, 500)).toEqual({ granted: 500, waitMs: 0, full: null });
  const { rows } = await pool.query("select 1 from sender_window where sender_id = $1", [senderId]);
  expect(rows).toEqual([]);
});

test("two senders do not share a limit", async () => {
  const limits = { perSecond: null, perHour: 5 };
  expect((await takeAllowance(db, workspaceId, senderId, limits, 5)).granted).toBe(5);
  expect((await takeAllowance(db, workspaceId, newId(), limits, 5)).granted).toBe(5);
  expect((await takeAllowance(db, newId(), senderId, limits, 5)).granted).toBe(5);
});

/** Moves a sender's slots as if so much time had passed. */
const pass = (seconds: number) =>
  pool.query("update sender_window set starts_at = starts_at - make_interval(secs => $1) where sender_id = $2", [
    seconds,
    senderId,
  ]);

const unitSeconds = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const satisfies Record<LimitUnit, number>;

test.each(["minute", "hour", "day"] as const)(
  "whatever %s one looks at, five workers got no more than the limit in it, and nearly all of it",
  async (unit) => {
    const key = { minute: "perMinute", hour: "perHour", day: "perDay" }[unit];
    const limits: SenderLimits = { perSecond: null, perHour: null, [key]: 100 };
    const span = unitSeconds[unit];
    // Time passes by moving the slots; the clock is what has passed by then. Numbers from a fixed seed.
    let seed = 7;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const grants: Array<{ at: number; granted: number }> = [];
    let at = 0;
    for (let step = 0; step < 90; step++) {
      const taken = await Promise.all(
        Array.from({ length: 5 }, () => takeAllowance(db, workspaceId, senderId, limits, 1 + Math.floor(random() * 6))),
      );
      grants.push({ at, granted: taken.reduce((sum, one) => sum + one.granted, 0) });
      const moves = random() * span * 0.1;
      await pass(moves);
      at += moves;
    }
    const within = (from: number) =>
      grants.filter((g) => g.at >= from && g.at < from + span).reduce((sum, g) => sum + g.granted, 0);
    expect(Math.max(...grants.map((g) => within(g.at)))).toBeLessThanOrEqual(100);
    const total = grants.reduce((sum, g) => sum + g.granted, 0);
    // All that was asked for, or nearly all that the limit allows over this time.
    expect(total).toBeGreaterThan(Math.floor(at / span) * 90);
  },
);

test("two workers together hold 50 a second within 2 % over some seconds", async () => {
  const limits = { perSecond: 50, perHour: null };
  const worker = async (until: number) => {
    const grants: Array<{ at: number; granted: number }> = [];
    while (performance.now() < until) {
      const { granted, waitMs } = await takeAllowance(db, workspaceId, senderId, limits, 10);
      if (granted > 0) grants.push({ at: performance.now(), granted });
      // Asked again often: what is measured is the limit, not how late a busy machine wakes up.
      else await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, 4)));
    }
    return grants;
  };
  const start = performance.now();
  const grants = (await Promise.all([worker(start + 6200), worker(start + 6200)])).flat();
  // The first second is a full one from the start; after it the rate is what the slots give.
  // Five times the span that the slots cover, so that as much falls into it wherever in the second it is granted.
  const seconds = 5 * limitUnits.second.slots * limitUnits.second.slotSeconds;
  const counted = grants.filter((g) => g.at >= start + 1000 && g.at < start + 1000 + seconds * 1000);
  const rate = counted.reduce((sum, g) => sum + g.granted, 0) / seconds;
  expect(rate).toBeGreaterThanOrEqual(49 * 0.98);
  expect(rate).toBeLessThanOrEqual(50);
});

test("says which limit is used up and until when: of several the one that takes longest", async () => {
  const limits = { perSecond: 1000, perMinute: 20, perHour: null, perDay: 30 };
  for (const wanted of [20, 1]) await takeAllowance(db, workspaceId, senderId, limits, wanted);
  const minute = (await takeAllowance(db, workspaceId, senderId, limits, 5)).full;
  expect(minute?.limit).toBe("minute");
  expect(minute?.until.getTime()).toBeGreaterThan(Date.now() + 50_000);
  expect(minute?.until.getTime()).toBeLessThan(Date.now() + 70_000);
  await pass(62);
  expect((await takeAllowance(db, workspaceId, senderId, limits, 10)).granted).toBe(10);
  const day = await takeAllowance(db, workspaceId, senderId, limits, 1);
  expect(day.full?.limit).toBe("day");
  expect(Math.abs((day.full?.until.getTime() ?? 0) - Date.now() - day.waitMs)).toBeLessThan(5000);
  expect(day.waitMs).toBeGreaterThan(86_000_000);
  await pass(86_400 + limitUnits.day.slotSeconds);
  expect((await takeAllowance(db, workspaceId, senderId, limits, 20)).granted).toBe(20);
});

test("the warm-up plan's cap holds as a limit per day, and is asked again when its day ends", async () => {
  const until = new Date(Date.now() + 3_600_000);
  const limits = { perSecond: null, perHour: null, perDay: 100, warmup: { cap: 30, until } };
  expect((await takeAllowance(db, workspaceId, senderId, limits, 50)).granted).toBe(30);
  const full = await takeAllowance(db, workspaceId, senderId, limits, 50);
  expect(full).toMatchObject({ granted: 0, full: { limit: "warmup" } });
  expect(Math.abs((full.full?.until.getTime() ?? 0) - until.getTime())).toBeLessThan(2);
  expect(full.waitMs).toBeLessThanOrEqual(3_600_001);
  // The next day the plan allows more; what went out still counts.
  const next = { ...limits, warmup: { cap: 40, until: new Date(until.getTime() + 86_400_000) } };
  expect((await takeAllowance(db, workspaceId, senderId, next, 50)).granted).toBe(10);
  // A cap above the sender's own limit is not what holds.
  const wide = { ...limits, warmup: { cap: 5000, until } };
  await takeAllowance(db, workspaceId, senderId, wide, 100);
  expect((await takeAllowance(db, workspaceId, senderId, wide, 1)).full?.limit).toBe("day");
});

test("what was used today is told per sender, and another workspace's is not in it", async () => {
  const limits = { perSecond: null, perHour: null, perDay: 1000 };
  const theirs = newId();
  await takeAllowance(db, workspaceId, senderId, limits, 40);
  await takeAllowance(db, theirs, senderId, limits, 7);
  expect((await dayUsage(db, workspaceId)).get(senderId)).toBe(40);
  expect((await dayUsage(db, theirs)).get(senderId)).toBe(7);
  await pass(86_400 + limitUnits.day.slotSeconds);
  expect((await dayUsage(db, workspaceId)).get(senderId) ?? 0).toBe(0);
});
