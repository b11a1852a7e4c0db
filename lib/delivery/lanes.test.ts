import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Db, Pool } from "#lib/db.ts";
import { makeWorkspace, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { readLanes, slowLane, takeLaneAllowance } from "./lanes.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: string;
let theirs: string;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  mine = (await makeWorkspace(pool)).workspaceId;
  theirs = (await makeWorkspace(pool)).workspaceId;
});

const take = async (name: string, wanted: number, workspaceId = mine) => {
  const taken = (await takeLaneAllowance(db, workspaceId, new Map([[name, wanted]]))).get(name);
  if (!taken) throw new Error("nothing came back");
  return taken;
};
const laneRow = async (name: string, workspaceId = mine) =>
  (await pool.query("select * from lane where workspace_id = $1 and name = $2", [workspaceId, name])).rows[0];
/** As if so much time had passed for a lane. */
const age = (name: string, seconds: number) =>
  pool.query(
    `update lane set slowed_at = slowed_at - make_interval(secs => $3), raise_at = raise_at - make_interval(secs => $3),
       next_at = next_at - make_interval(secs => $3) where workspace_id = $1 and name = $2`,
    [mine, name, seconds],
  );

test("a lane that nobody has limited may have all", async () => {
  expect(await take("a.example", 500)).toEqual({ granted: 500, waitMs: 0 });
  expect(await readLanes(db, [mine, theirs])).toEqual(new Map());
});

test("a lane that said it is too much goes at half of what it was, with its words; no other lane does", async () => {
  await slowLane(db, mine, "gmail", "421 4.7.28 too many", 40);
  expect(await laneRow("gmail")).toMatchObject({ slowed_rate: 20, detail: "421 4.7.28 too many" });
  expect(await readLanes(db, [mine, theirs])).toEqual(
    new Map([[mine, new Map([["gmail", { limited: true, connections: null }]])]]),
  );
  expect(await take("gmail", 500)).toEqual({ granted: 2, waitMs: 0 });
  const again = await take("gmail", 500);
  expect(again.granted).toBe(0);
  expect(again.waitMs).toBeGreaterThan(0);
  expect(again.waitMs).toBeLessThanOrEqual(100);
  expect(await take("microsoft", 500)).toEqual({ granted: 500, waitMs: 0 });
  expect(await take("gmail", 500, theirs)).toEqual({ granted: 500, waitMs: 0 });
});

test("answers to what was on its way do not slow a lane twice; later ones do, down to a floor", async () => {
  await Promise.all(Array.from({ length: 5 }, () => slowLane(db, mine, "gmail", "slow down", 40)));
  expect((await laneRow("gmail")).slowed_rate).toBe(20);
  for (let i = 0; i < 20; i++) {
    await age("gmail", 11);
    await slowLane(db, mine, "gmail", "slower", 40);
  }
  expect((await laneRow("gmail")).slowed_rate).toBeCloseTo(1 / 120, 5);
  expect((await laneRow("gmail")).detail).toBe("slower");
});

test("over a second a rate holds for all workers together", async () => {
  await pool.query("insert into lane (workspace_id, name, rate_per_second) values ($1, 'a.example', 100)", [mine]);
  const began = performance.now();
  let granted = 0;
  const worker = async () => {
    while (performance.now() - began < 1000) {
      const taken = await take("a.example", 50);
      granted += taken.granted;
      if (taken.granted === 0) await new Promise((resolve) => setTimeout(resolve, taken.waitMs));
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  const seconds = (performance.now() - began) / 1000;
  expect(granted).toBeLessThanOrEqual(Math.ceil(100 * (seconds + 0.1)));
  expect(granted).toBeGreaterThan(60);
});

test("a lane of less than one a second still goes, and says when next", async () => {
  await pool.query("insert into lane (workspace_id, name, rate_per_second) values ($1, 'a.example', 0.1)", [mine]);
  expect((await take("a.example", 5)).granted).toBe(1);
  const next = await take("a.example", 5);
  expect(next.granted).toBe(0);
  expect(next.waitMs).toBeGreaterThan(8000);
  expect(next.waitMs).toBeLessThanOrEqual(10_000);
  await age("a.example", 10);
  expect((await take("a.example", 5)).granted).toBe(1);
});

test("a slowed lane recovers step by step, and is free in the end", async () => {
  await slowLane(db, mine, "gmail", "slow down", 100);
  const rates: number[] = [];
  for (let i = 0; i < 3; i++) {
    await age("gmail", 61);
    await take("gmail", 1);
    rates.push((await laneRow("gmail")).slowed_rate);
  }
  expect(rates).toEqual([75, null, null]);
  expect(await laneRow("gmail")).toMatchObject({ detail: null, slowed_at: null, raise_at: null });
  expect(await readLanes(db, [mine])).toEqual(new Map());
});

test("the tighter of a person's rate and the slow-down holds", async () => {
  await pool.query("insert into lane (workspace_id, name, rate_per_second) values ($1, 'gmail', 10)", [mine]);
  await slowLane(db, mine, "gmail", "slow down", 1000);
  expect((await laneRow("gmail")).slowed_rate).toBe(500);
  expect((await take("gmail", 100)).granted).toBe(1);
});
