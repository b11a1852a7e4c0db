import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { asDb, type Db, openPool, type Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import { ensureInboxSender } from "./inbox-sender.ts";
import { listPool, listShares, type PoolMember, pickSender } from "./pool.ts";

process.env.DATABASE_URL ??= "postgres://unused.invalid/unused";
process.env.POSTHORN_SECRET ??= "test-secret-test-secret-test-secret-test";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let workspaceId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, 4);
  db = asDb(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  workspaceId = await workspace(false);
});

async function workspace(isSample: boolean): Promise<string> {
  const id = newId();
  await pool.query("insert into workspace (id, name, slug, is_sample) values ($1, 'Acme', $2, $3)", [id, id, isSample]);
  return id;
}

async function add(weight: number, changes: Record<string, unknown> = {}, of = workspaceId): Promise<string> {
  const id = newId();
  const row = { workspace_id: of, id, name: "x", kind: "smtp", host: "smtp.example.com", weight, ...changes };
  const names = Object.keys(row);
  await pool.query(
    `insert into sender (${names.join(", ")}) values (${names.map((_, i) => `$${i + 1}`).join(", ")})`,
    Object.values(row),
  );
  return id;
}

const weights = async (of = workspaceId) => (await listPool(db, of)).map(({ id, weight }) => [id, weight]);

test("the pool is the default, with at least 1, and every other sender in use that has a weight", async () => {
  const main = await add(0, { is_default: true });
  const second = await add(30);
  await add(0);
  await add(50, { archived_at: new Date() });
  await add(99, {}, await workspace(false));
  expect(await weights()).toEqual([
    [main, 1],
    [second, 30],
  ]);
});

test("the test inbox shares with nobody, and a sample workspace has its inbox alone", async () => {
  await add(30);
  expect(await weights()).toEqual([[await ensureInboxSender(db, workspaceId), 1]]);
  const sample = await workspace(true);
  await add(30, { is_default: true }, sample);
  expect(await weights(sample)).toEqual([[await ensureInboxSender(db, sample), 1]]);
});

test("those that share are told by name, the largest part first, and one alone shares nothing", async () => {
  await add(40, { name: "Second" });
  // The test inbox is the default here.
  expect(await listShares(db, workspaceId)).toEqual([]);
  await pool.query("update sender set is_default = false where workspace_id = $1", [workspaceId]);
  await add(60, { name: "Main", is_default: true });
  await add(0, { name: "Apart" });
  await add(99, { name: "Elsewhere", is_default: true }, await workspace(false));
  expect(await listShares(db, workspaceId)).toEqual([
    { name: "Main", share: 0.6 },
    { name: "Second", share: 0.4 },
  ]);
});

const member = (id: string, weight: number, changes: Partial<PoolMember> = {}): PoolMember => ({
  id,
  weight,
  health: "up",
  retryAt: null,
  ...changes,
});
const now = new Date("2026-11-25T12:00:00Z");
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

function counts(members: PoolMember[], picks = 10_000): Record<string, number> {
  let seed = 3;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const found: Record<string, number> = {};
  for (let i = 0; i < picks; i++) {
    const id = pickSender(members, random, now).id ?? "none";
    found[id] = (found[id] ?? 0) + 1;
  }
  return found;
}

test("over 10,000 picks everybody has the share of their weight", () => {
  const found = counts([member("a", 60), member("b", 30), member("c", 10)]);
  expect(found.a).toBeGreaterThan(5800);
  expect(found.a).toBeLessThan(6200);
  expect(found.b).toBeGreaterThan(2850);
  expect(found.b).toBeLessThan(3150);
  expect((found.a ?? 0) + (found.b ?? 0) + (found.c ?? 0)).toBe(10_000);
});

test("a sender that is down or full is passed over until its time has come", () => {
  const down = member("down", 60, { health: "down", retryAt: later(5) });
  const full = member("full", 30, { fullUntil: later(90) });
  expect(counts([down, full, member("c", 10)], 200)).toEqual({ c: 200 });
  const due = member("due", 60, { health: "down", retryAt: later(-1) });
  const free = member("free", 30, { fullUntil: later(0) });
  expect(Object.keys(counts([due, free], 200)).sort()).toEqual(["due", "free"]);
});

test("when none is left there is none, with the instant of the first that may be back", () => {
  const down = member("down", 60, { health: "down", retryAt: later(5), fullUntil: later(20) });
  const full = member("full", 30, { fullUntil: later(10) });
  expect(pickSender([down, full], () => 0, now)).toEqual({ id: null, retryAt: later(10) });
  expect(pickSender([], () => 0, now)).toEqual({ id: null, retryAt: null });
});

test("the ends of the random numbers lead to a sender, too", () => {
  const members = [member("a", 1), member("b", 1)];
  expect(pickSender(members, () => 0, now).id).toBe("a");
  expect(pickSender(members, () => 1 - Number.EPSILON / 2, now).id).toBe("b");
});
