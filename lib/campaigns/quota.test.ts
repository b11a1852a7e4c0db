import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { asDb, type Db, openPool, type Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import { noteQuota } from "./quota.ts";
import { quotaReason, readQuota } from "./quota-reason.ts";
import { noteSenderTrouble } from "./trouble.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let mine: { workspaceId: string; id: string };
let theirs: { workspaceId: string; id: string };

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
  mine = await sending();
  theirs = await sending();
});

async function sending(status = "sending"): Promise<{ workspaceId: string; id: string }> {
  const workspaceId = newId();
  await pool.query("insert into workspace (id, name, slug) values ($1, 'Acme', $2)", [workspaceId, workspaceId]);
  const { rows } = await pool.query(
    "insert into campaign (workspace_id, name, status) values ($1, 'c', $2) returning id",
    [workspaceId, status],
  );
  return { workspaceId, id: rows[0].id };
}

const reasonOf = async ({ id }: { id: string }) =>
  (await pool.query("select pause_reason from campaign where id = $1", [id])).rows[0].pause_reason;

const full = { limit: "day", until: new Date("2026-11-25T13:05:00.000Z") } as const;

test("a campaign that waits for a limit says which and until when, and no more once it goes on", async () => {
  await noteQuota(db, mine.workspaceId, mine.id, full);
  expect(readQuota(await reasonOf(mine))).toEqual(full);
  const later = { limit: "warmup", until: new Date("2026-11-26T00:00:00.000Z") } as const;
  await noteQuota(db, mine.workspaceId, mine.id, later);
  expect(readQuota(await reasonOf(mine))).toEqual(later);
  await noteQuota(db, mine.workspaceId, mine.id, null);
  expect(await reasonOf(mine)).toBeNull();
});

test("another workspace's campaign is not touched, whatever id is given", async () => {
  await noteQuota(db, mine.workspaceId, theirs.id, full);
  expect(await reasonOf(theirs)).toBeNull();
  await noteQuota(db, theirs.workspaceId, theirs.id, full);
  await noteQuota(db, mine.workspaceId, theirs.id, null);
  expect(readQuota(await reasonOf(theirs))).toEqual(full);
});

test("what a failing sender said comes first, and a campaign that is not sending keeps its reason", async () => {
  await noteQuota(db, mine.workspaceId, mine.id, full);
  await noteSenderTrouble(db, mine.workspaceId, mine.id, "421 4.3.2 shutting down");
  for (const note of [full, null]) {
    await noteQuota(db, mine.workspaceId, mine.id, note);
    expect(await reasonOf(mine)).toBe("sender: 421 4.3.2 shutting down");
  }
  const paused = await sending("paused");
  await noteQuota(db, paused.workspaceId, paused.id, full);
  expect(await reasonOf(paused)).toBeNull();
});

test("only what was written as a quota is read as one", () => {
  expect(readQuota(quotaReason(full))).toEqual(full);
  for (const other of [
    null,
    "",
    "person",
    "sender: 421 busy",
    "quota: day",
    "quota: week 2026-11-25T13:05:00.000Z",
    "quota: day soon",
  ])
    expect(readQuota(other)).toBeNull();
});
