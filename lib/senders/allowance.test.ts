import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { asDb, type Db, openPool, type Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import { takeAllowance } from "./allowance.ts";
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
  expect(await takeAllowance(db, workspaceId, senderId, limits, 25)).toEqual({ granted: 25, waitMs: 0 });
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
  expect(await takeAllowance(db, workspaceId, senderId, limits, 500)).toEqual({ granted: 500, waitMs: 0 });
  const { rows } = await pool.query("select 1 from sender_window where sender_id = $1", [senderId]);
  expect(rows).toEqual([]);
});

test("two senders do not share a limit", async () => {
  const limits = { perSecond: null, perHour: 5 };
  expect((await takeAllowance(db, workspaceId, senderId, limits, 5)).granted).toBe(5);
  expect((await takeAllowance(db, workspaceId, newId(), limits, 5)).granted).toBe(5);
  expect((await takeAllowance(db, newId(), senderId, limits, 5)).granted).toBe(5);
});
