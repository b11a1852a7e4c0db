import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { asDb, type Db, openPool, type Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import { partOf, releaseShare, renewShare } from "./share.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let workspaceId: string;
let senderId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, 12);
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

const renew = (owner: string, held: number, connections = 10, leaseSeconds = 60) =>
  renewShare(db, workspaceId, senderId, owner, connections, held, leaseSeconds);
const owners = (count: number) => Array.from({ length: count }, () => newId()).sort();

async function heldInAll(): Promise<number> {
  const { rows } = await pool.query(
    "select coalesce(sum(held), 0)::int as held from sender_share where sender_id = $1 and workspace_id = $2 and lease_until > clock_timestamp()",
    [senderId, workspaceId],
  );
  return rows[0].held;
}

/** Renews for everybody, who then close and open as they are told, until nothing changes any more. */
async function settle(held: Map<string, number>, connections: number): Promise<number[]> {
  for (let round = 0; round < 3; round++) {
    for (const [owner, has] of held) held.set(owner, await renew(owner, has, connections));
  }
  return [...held.values()];
}

test("one worker has all connections; a second gets its half when the first has given it up", async () => {
  const [first = "", second = ""] = owners(2);
  expect(await renew(first, 0)).toBe(10);
  expect(await renew(second, 0)).toBe(0);
  // Told to come down, it still has all ten until it says otherwise.
  expect(await renew(first, 10)).toBe(5);
  expect(await renew(second, 0)).toBe(0);
  expect(await renew(first, 7)).toBe(5);
  expect(await renew(second, 0)).toBe(3);
  expect(await renew(first, 5)).toBe(5);
  expect(await renew(second, 3)).toBe(5);
  expect(await heldInAll()).toBe(10);
});

test("shares are even, the remainder goes to the oldest, and with too many workers some get none", async () => {
  const held = new Map(owners(4).map((owner) => [owner, 0]));
  expect(await settle(held, 10)).toEqual([3, 3, 2, 2]);
  const many = new Map([...held.keys(), ...owners(3)].sort().map((owner) => [owner, held.get(owner) ?? 0]));
  expect(await settle(many, 5)).toEqual([1, 1, 1, 1, 1, 0, 0]);
  // When one ends, the next in line gets its turn.
  const [gone = ""] = many.keys();
  await releaseShare(db, workspaceId, senderId, gone);
  many.delete(gone);
  expect(await settle(many, 5)).toEqual([1, 1, 1, 1, 1, 0]);
});

test("a worker that fell silent stops counting when its lease ends, and comes back to what is left", async () => {
  const [first = "", second = ""] = owners(2);
  expect(await renew(first, 0)).toBe(10);
  expect(await renew(first, 10)).toBe(10);
  expect(await renew(second, 0)).toBe(0);
  await pool.query("update sender_share set lease_until = clock_timestamp() - interval '1 ms' where owner = $1", [
    first,
  ]);
  expect(await renew(second, 0)).toBe(10);
  expect(await renew(first, 10)).toBe(0);
  expect(await heldInAll()).toBe(10);
});

test("a lower number of connections takes effect without anybody getting more", async () => {
  const held = new Map(owners(2).map((owner) => [owner, 0]));
  expect(await settle(held, 10)).toEqual([5, 5]);
  const [first = "", second = ""] = held.keys();
  expect(await renew(first, 5, 4)).toBe(0);
  expect(await renew(second, 2, 4)).toBe(0);
  expect(
    await settle(
      new Map([
        [first, 0],
        [second, 2],
      ]),
      4,
    ),
  ).toEqual([2, 2]);
});

test("a worker that claims more than it was given does not get it", async () => {
  const [first = "", second = ""] = owners(2);
  await settle(
    new Map([
      [first, 0],
      [second, 0],
    ]),
    10,
  );
  expect(await renew(first, 10)).toBe(5);
  expect(await heldInAll()).toBe(10);
});

test("a number that all keep to together is parted like the connections", async () => {
  const [a = "", b = "", c = ""] = owners(3);
  const part = async (owner: string, whole: number) => (await partOf(db, workspaceId, senderId, owner))(whole);
  expect(await part(a, 4)).toBe(4);
  for (const owner of [a, b, c]) await renew(owner, 0);
  expect([await part(a, 4), await part(b, 4), await part(c, 4)]).toEqual([2, 1, 1]);
  expect([await part(a, 1), await part(b, 1), await part(c, 1)]).toEqual([1, 0, 0]);
});

test("senders and workspaces do not share connections", async () => {
  const owner = newId();
  expect(await renew(owner, 0)).toBe(10);
  expect(await renewShare(db, workspaceId, newId(), newId(), 10, 0, 60)).toBe(10);
  expect(await renewShare(db, newId(), senderId, newId(), 10, 0, 60)).toBe(10);
  await releaseShare(db, newId(), senderId, owner);
  expect(await heldInAll()).toBe(10);
});

test("whatever twelve workers do at once, they never have more open than the sender allows, and nothing is left over in the end", async () => {
  const connections = 7;
  let seed = 11;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const open = new Map<string, number>();
  const openInAll = () => [...open.values()].reduce((sum, n) => sum + n, 0);
  let steps = 0;
  const check = async () => {
    steps++;
    expect(openInAll()).toBeLessThanOrEqual(connections);
    expect(await heldInAll()).toBeLessThanOrEqual(connections);
  };
  /** Renews, then opens or closes some, but never all at once: closing takes its time. */
  const live = async (owner: string, rounds: number) => {
    open.set(owner, 0);
    for (let round = 0; round < rounds; round++) {
      const has = open.get(owner) ?? 0;
      const target = await renew(owner, has, connections);
      const step = Math.ceil(Math.abs(target - has) * random());
      open.set(owner, target > has ? has + step : has - step);
      await check();
    }
    // It ends: all closed, then given back.
    open.set(owner, 0);
    if (random() < 0.8) await releaseShare(db, workspaceId, senderId, owner);
    else await renew(owner, 0, connections, 0);
    await check();
  };
  await Promise.all(owners(12).map((owner, i) => live(owner, 8 + i * 3)));
  expect(steps).toBeGreaterThan(300);
  const last = newId();
  expect(await renew(last, 0, connections)).toBe(connections);
});
