import { Readable } from "node:stream";
import { and, eq, sql } from "drizzle-orm";
import type pg from "pg";
import { audienceImport } from "#drizzle/schema/audience.ts";
import { storedFile } from "#drizzle/schema/files.ts";
import { asDb, type Pool } from "../../db.ts";
import { NotFound, Refusal } from "../../errors.ts";
import { log } from "../../log.ts";
import type { Storage } from "../../storage.ts";
import { listFields } from "../fields.ts";
import { type CompareInput, countOutcome } from "./compare.ts";
import type { ImportCounts } from "./counts.ts";
import type { Encoding } from "./encoding.ts";
import { getImport, type Import } from "./imports.ts";
import type { Target } from "./input.ts";
import { mergeStage, PlanOutdated } from "./merge.ts";
import { rejectedRows } from "./rejects.ts";
import { type ImportSession, ImportStopped, withImport } from "./session.ts";
import { type StageSource, stageFile } from "./stage.ts";
import { dropImportTables, stageTable } from "./tables.ts";
import { storageKeyOf } from "./upload.ts";

export interface ImportTools {
  pool: Pool;
  storage: Storage;
}

export interface ImportIds {
  workspaceId: string;
  importId: string;
}

/**
 * The dry run: reads the file into its stage table and counts what an import would do. Can be repeated at any time; a
 * second worker waits for the first. What goes wrong with the file itself fails the import with words.
 */
export async function checkImport(tools: ImportTools, ids: ImportIds, stopping: AbortSignal): Promise<void> {
  await guarded(tools, ids, "checking", stopping, async (session, current) => {
    await stage(tools, session, current);
    await session.report({ stage: "comparing", rows: 0, total: null });
    const counts = await countOutcome(session.client, compareInput(current));
    await session.client.query(
      `update import set status = 'checked', dry_run = $3, stage = '', rows_done = $4, rows_total = $4
      where workspace_id = $1 and id = $2 and status = 'checking'`,
      [ids.workspaceId, ids.importId, JSON.stringify(counts), counts.rows],
    );
  });
}

/**
 * The import itself. All people are written in one transaction together with the result, so a worker that is killed at
 * any point leaves nothing or everything; whoever comes next does the rest. Then the file of refused rows is made,
 * which can be repeated, and the import is done.
 */
export async function runImport(tools: ImportTools, ids: ImportIds, stopping: AbortSignal): Promise<void> {
  await guarded(tools, ids, "importing", stopping, async (session, current) => {
    if (!current.result) {
      if (!(await isStaged(session.client, current))) await stage(tools, session, current);
      await write(session, current);
    }
    await finish(tools, session, await getImport(asDb(tools.pool), ids, ids.importId));
  });
}

async function guarded(
  tools: ImportTools,
  ids: ImportIds,
  status: "checking" | "importing",
  stopping: AbortSignal,
  work: (session: ImportSession, current: Import) => Promise<void>,
): Promise<void> {
  const db = asDb(tools.pool);
  if ((await getImport(db, ids, ids.importId)).status !== status) return;
  try {
    await withImport(tools.pool, ids, status, stopping, async (session) => {
      // Read again under the lock: the worker before may have finished.
      const current = await getImport(db, ids, ids.importId);
      if (current.status === status) await work(session, current);
    });
  } catch (error) {
    if (error instanceof ImportStopped) {
      const now = await getImport(db, ids, ids.importId);
      // Asked to stop, and the import is still wanted: the next worker starts over.
      if (now.status === status)
        throw new Error("the import was interrupted and goes on with the next worker", { cause: error });
      await dropImportTables(db, ids.importId);
      return;
    }
    if (isPassing(error)) throw error;
    // The people are in, and only the file of refused rows is missing: nothing has failed that cannot be done again.
    if ((await getImport(db, ids, ids.importId)).result) throw error;
    log.error({ err: error, importId: ids.importId }, "an import failed");
    await db
      .update(audienceImport)
      .set({
        status: "failed",
        error: error instanceof Refusal ? error.code : "audience.import_broke",
        finishedAt: sql`now()`,
      })
      .where(
        and(
          eq(audienceImport.workspaceId, ids.workspaceId),
          eq(audienceImport.id, ids.importId),
          eq(audienceImport.status, status),
        ),
      );
    await dropImportTables(db, ids.importId);
  }
}

async function stage(tools: ImportTools, session: ImportSession, current: Import): Promise<void> {
  const source = await sourceOf(tools, current);
  await session.report({ stage: "reading", rows: 0, total: null });
  const onProgress = (rows: number, bytes: number) => {
    // The rows to come, estimated from the bytes that are left.
    const total = bytes > 0 ? Math.max(rows, Math.round((rows * source.fileBytes) / bytes)) : null;
    session.report({ stage: "reading", rows, total }).catch(() => undefined);
  };
  const rows = await stageFile(session.client, tools.storage, current.id, source, onProgress, session.signal);
  if (rows === 0) throw new Refusal("audience.import_header_only");
}

// Staged by the dry run and still whole: an unlogged table is empty after a crash of the server.
async function isStaged(client: pg.PoolClient, current: Import): Promise<boolean> {
  const table = stageTable(current.id);
  const there = await client.query<{ there: boolean }>("select to_regclass($1) is not null as there", [table]);
  if (!there.rows[0]?.there) return false;
  const counted = await client.query<{ rows: number }>(`select count(*)::int as rows from ${table}`);
  return counted.rows[0]?.rows === current.dryRun?.rows;
}

async function write(session: ImportSession, current: Import): Promise<void> {
  const { client } = session;
  const total = current.dryRun?.rows ?? null;
  for (let attempt = 1; ; attempt++) {
    await session.report({ stage: "writing", rows: 0, total });
    await client.query("begin");
    try {
      const counts = await mergeStage(client, { ...compareInput(current), userId: current.createdBy }, (rows) => {
        session.report({ stage: "writing", rows, total }).catch(() => undefined);
      });
      await settle(client, current, counts);
      await client.query("commit");
      break;
    } catch (error) {
      await client.query("rollback").catch(() => undefined);
      if (!(error instanceof PlanOutdated) || attempt === 5) throw error;
    }
  }
  // The planner would go on believing in an empty table.
  await client.query("analyze subscriber, subscription");
}

// Commits with the people. A cancel that came first has taken the row out of this state.
async function settle(client: pg.PoolClient, current: Import, counts: ImportCounts): Promise<void> {
  const settled = await client.query(
    `update import set result = $3, stage = 'finishing', rows_done = $4, rows_total = $4
    where workspace_id = $1 and id = $2 and status = 'importing'`,
    [current.workspaceId, current.id, JSON.stringify(counts), counts.rows],
  );
  if (settled.rowCount === 0) throw new ImportStopped();
}

async function finish(tools: ImportTools, session: ImportSession, current: Import): Promise<void> {
  await session.report({ stage: "finishing", rows: current.result?.rows ?? 0, total: current.result?.rows ?? null });
  const rejectsFileId = await storeRejects(tools, session, current);
  await session.client.query(
    `update import set status = 'done', stage = '', rejects_file_id = $3, finished_at = clock_timestamp()
    where workspace_id = $1 and id = $2 and status = 'importing'`,
    [current.workspaceId, current.id, rejectsFileId],
  );
  await dropImportTables(asDb(session.client), current.id);
}

async function storeRejects(tools: ImportTools, session: ImportSession, current: Import): Promise<string | null> {
  const { result } = current;
  if (!result || result.invalid + result.duplicate + result.opted_out === 0) return null;
  const file = await writeRejects(tools, session, current);
  if (!file) return null;
  const [stored] = await asDb(tools.pool)
    .insert(storedFile)
    .values({
      workspaceId: current.workspaceId,
      purpose: "rejects",
      name: `${current.fileName.replace(/\.[^.]*$/, "")}-refused.csv`,
      mediaType: "text/csv; charset=utf-8",
      bytes: file.bytes,
      sha256: file.sha256,
      storageKey: file.key,
      createdBy: current.createdBy,
      expiresAt: sql`now() + interval '90 days'`,
    })
    .returning({ id: storedFile.id });
  return stored?.id ?? null;
}

// Null when the uploaded file is gone meanwhile: then there are no rows to show, and the import is done without.
async function writeRejects(tools: ImportTools, session: ImportSession, current: Import) {
  try {
    const lines = rejectedRows(session.client, tools.storage, current, await sourceOf(tools, current));
    return await tools.storage.write(Readable.from(lines), { maxBytes: Number.MAX_SAFE_INTEGER });
  } catch (error) {
    if (error instanceof NotFound || (error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

async function sourceOf(tools: ImportTools, current: Import): Promise<StageSource> {
  const db = asDb(tools.pool);
  return {
    storageKey: await storageKeyOf(db, current, current.fileId),
    fileBytes: current.fileBytes,
    encoding: current.encoding as Encoding,
    delimiter: current.delimiter,
    hasHeader: current.hasHeader,
    mapping: current.mapping as Array<Target | null>,
    registry: await listFields(db, current, { archived: "with" }),
    dateOrder: current.dateOrder,
  };
}

function compareInput(current: Import): CompareInput {
  return {
    workspaceId: current.workspaceId,
    importId: current.id,
    listIds: current.listIds,
    updateExisting: current.updateExisting,
  };
}

/** The database went away or took turns: nothing about this import is wrong, and the job is tried again. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = String((error as { code?: unknown }).code ?? "");
  return (
    /^(08|57P|53|40)/.test(code) ||
    ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND"].includes(code) ||
    /connection (terminated|ended)|timeout exceeded/i.test(error.message) ||
    // drizzle wraps what the driver says.
    isPassing(error.cause)
  );
}
