import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeList, makePerson, makeWorkspace } from "#tests/support/audience.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import { asDb, closeDb, type Db, openPool, type Pool } from "../../db.ts";
import { localStorage } from "../../storage.ts";
import { checkLater, getImport, runLater } from "./imports.ts";
import { listImportTables } from "./tables.ts";
import { uploadImport } from "./upload.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), "posthorn-killed-"));
  process.env.DATABASE_URL = database.url;
  process.env.POSTHORN_SECRET ??= "a secret that is long enough for the tests";
  env = { ...process.env, POSTHORN_DATA_DIR: folder, LOG_LEVEL: "fatal" };
  pool = openPool(database.url, 4);
  db = asDb(pool);
});
afterAll(async () => {
  await closeDb();
  await pool.end();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const rows = 60_000;
const script = path.join(import.meta.dirname, "../../../tests/support/import-process.ts");

function startWorker(what: "check" | "run", workspaceId: string, importId: string): ChildProcess {
  return spawn(process.execPath, [script, what, workspaceId, importId], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/**
 * Where the test holds the worker before it kills it: each point waits for an advisory lock of its number, which the
 * test has. `rows written` is in the middle of the merge's transaction, `result committed` right after it.
 */
const points = {
  reading: ["import", "before update on import for each row when (new.stage = 'reading')"],
  comparing: ["import", "before update on import for each row when (new.stage = 'comparing')"],
  writing: ["import", "before update on import for each row when (new.stage = 'writing')"],
  "rows written": ["consent", "after insert on consent for each statement"],
  "result committed": [
    "import",
    "before update on import for each row when (old.result is not null and new.status = 'importing')",
  ],
} as const;
type Point = keyof typeof points;

/** Installs one point and takes its lock. */
async function holdAt(point: Point): Promise<{ reached(): Promise<void>; letGo(): Promise<void> }> {
  const [table, when] = points[point];
  const holder = await pool.connect();
  await holder.query("select pg_advisory_lock(4711)");
  await holder.query(`create or replace function hold() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(4711); return new; end $$`);
  await holder.query(`create or replace trigger hold ${when} execute function hold()`);
  const waiting = "select from pg_locks where locktype = 'advisory' and objid = 4711 and not granted";
  return {
    reached: () =>
      expect
        .poll(async () => (await holder.query(waiting)).rowCount, { interval: 10, timeout: 60_000 })
        .toBeGreaterThan(0),
    async letGo() {
      await holder.query("select pg_advisory_unlock(4711)");
      // Waits for what still goes on behind the lock, so that none of it is left when the next worker comes.
      await holder.query(`drop trigger hold on ${table}`);
      holder.release();
    },
  };
}

test("a worker killed while reading, comparing, writing or finishing leaves nothing or everything, and the next one ends it exactly once", async () => {
  const scope = await makeWorkspace(db);
  const listId = await makeList(db, scope, "News");
  await makePerson(db, scope, "p1@example.com", { [listId]: "unsubscribed" });
  const ids = { workspaceId: scope.workspaceId };
  const lines = Array.from({ length: rows }, (_, i) => `p${i}@example.com,Name ${i}`);
  const storage = localStorage(path.join(folder, "files"));
  const content = Readable.from([Buffer.from(`email,name\n${lines.join("\n")}\nnobody,x\n`)]);
  const { id } = await uploadImport(db, scope, storage, { fileName: "people.csv", content, maxBytes: 2 ** 30 });
  const people = async () =>
    Number(
      (
        await pool.query("select count(*) from subscriber where workspace_id = $1 and source = 'import'", [
          scope.workspaceId,
        ])
      ).rows[0].count,
    );

  async function killAt(what: "check" | "run", point: Point): Promise<void> {
    const hold = await holdAt(point);
    const worker = startWorker(what, scope.workspaceId, id);
    const ended = once(worker, "exit");
    await hold.reached();
    worker.kill("SIGKILL");
    expect((await ended)[1]).toBe("SIGKILL");
    await hold.letGo();
  }
  async function finish(what: "check" | "run"): Promise<void> {
    const [code] = await once(startWorker(what, scope.workspaceId, id), "exit");
    expect(code).toBe(0);
  }

  await checkLater(db, scope, {
    id,
    mapping: ["email", "full_name"],
    listIds: [listId],
    consentBasis: "They asked for it at our stand.",
    confirmed: true,
    updateExisting: "overwrite",
    dateOrder: "dmy",
  });
  await killAt("check", "reading");
  await killAt("check", "comparing");
  await finish("check");
  const expected = { rows: rows + 1, new: rows - 1, updated: 0, unchanged: 0, invalid: 1, duplicate: 0, opted_out: 1 };
  expect(await getImport(db, ids, id)).toMatchObject({ status: "checked", dryRun: expected });

  await runLater(db, scope, id);
  await killAt("run", "writing");
  expect(await people()).toBe(0);
  await killAt("run", "rows written");
  expect(await people()).toBe(0);
  expect(await getImport(db, ids, id)).toMatchObject({ status: "importing", result: null });
  // A look at the statistics in this moment finds nobody among many dead rows, and the planner believes it.
  await pool.query("analyze subscriber, subscription, consent");
  await killAt("run", "result committed");
  expect(await people()).toBe(rows - 1);
  await finish("run");

  expect(await getImport(db, ids, id)).toMatchObject({
    status: "done",
    result: expected,
    rejectsFileId: expect.any(String),
  });
  expect(await people()).toBe(rows - 1);
  const counted = await pool.query(
    `select (select count(*)::int from subscription where workspace_id = $1 and status = 'subscribed') as subscribed,
      (select count(*)::int from subscription where workspace_id = $1 and status = 'unsubscribed') as left_it,
      (select count(*)::int from consent where workspace_id = $1) as proofs`,
    [scope.workspaceId],
  );
  expect(counted.rows[0]).toEqual({ subscribed: rows - 1, left_it: 1, proofs: rows - 1 });
  expect(await listImportTables(db)).toEqual([]);
}, 120_000);
