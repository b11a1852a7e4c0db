import { setTimeout as delay } from "node:timers/promises";
import { and, eq } from "drizzle-orm";
import type pg from "pg";
import { audienceImport, type ImportStatus } from "#drizzle/schema/audience.ts";
import { asDb, type Pool } from "../../db.ts";
import { log } from "../../log.ts";

/** Where a worker is with an import. */
export interface ImportProgress {
  stage: "reading" | "comparing" | "writing" | "finishing";
  rows: number;
  /** Null while the file has not been read to its end. */
  total: number | null;
}

export interface ImportSession {
  /** A connection of its own, with the import's lock: for the tables of the import and the one big transaction. */
  client: pg.PoolClient;
  /** Aborted when the import was cancelled, or this process is asked to stop. */
  signal: AbortSignal;
  /** Notes progress; a new stage is written at once, the rest twice a second. */
  report(progress: ImportProgress): Promise<void>;
}

/** The work was stopped from outside; what was open has been rolled back. */
export class ImportStopped extends Error {}

const beatMs = 500;
const lockPatienceMs = 600_000;

/**
 * Runs `work` as the only worker of an import, on a connection of its own, and keeps its heartbeat. When the row leaves
 * `expected` (somebody cancelled) or `stopping` aborts, the running statement is cancelled and ImportStopped is thrown.
 */
export async function withImport<T>(
  pool: Pool,
  ids: { workspaceId: string; importId: string },
  expected: ImportStatus,
  stopping: AbortSignal,
  work: (session: ImportSession) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  // A connection that breaks is noticed by the query on it; without a listener it would end the process.
  const ignore = () => undefined;
  client.on("error", ignore);
  const aborted = new AbortController();
  let latest: ImportProgress | null = null;
  let failure: unknown;
  const db = asDb(pool);
  const beat = async () => {
    const mine = and(
      eq(audienceImport.workspaceId, ids.workspaceId),
      eq(audienceImport.id, ids.importId),
      eq(audienceImport.status, expected),
    );
    const progress = latest ? { stage: latest.stage, rowsDone: latest.rows, rowsTotal: latest.total } : {};
    const alive = await db
      .update(audienceImport)
      .set({ ...progress, heartbeatAt: new Date() })
      .where(mine)
      .returning({ id: audienceImport.id });
    if (alive.length === 0) stop();
  };
  const stop = () => {
    if (aborted.signal.aborted) return;
    aborted.abort();
    // The statement under way is on the other connection: only the server can end it.
    const pid = (client as unknown as { processID: number }).processID;
    pool
      .query("select pg_cancel_backend($1)", [pid])
      .catch((err) => log.warn({ err }, "a statement could not be cancelled"));
  };
  stopping.addEventListener("abort", stop, { once: true });
  const timer = setInterval(
    () => beat().catch((err) => log.warn({ err }, "an import's heartbeat was not written")),
    beatMs,
  );
  try {
    if (stopping.aborted) throw new ImportStopped();
    await prepare(client, ids.importId, aborted.signal);
    await beat();
    return await work({
      client,
      signal: aborted.signal,
      async report(progress) {
        const isNews = progress.stage !== latest?.stage;
        latest = progress;
        if (isNews) await beat();
        if (aborted.signal.aborted) throw new ImportStopped();
      },
    });
  } catch (error) {
    failure = error;
    if (aborted.signal.aborted) throw new ImportStopped();
    throw error;
  } finally {
    clearInterval(timer);
    stopping.removeEventListener("abort", stop);
    client.off("error", ignore);
    // Closed rather than given back: locks, settings and a late cancel end with it.
    client.release(failure instanceof Error ? failure : true);
  }
}

async function prepare(client: pg.PoolClient, importId: string, signal: AbortSignal): Promise<void> {
  // So that the server notices a killed worker in the middle of a long statement, and its lock and transaction end.
  await client.query("set client_connection_check_interval = '1s'").catch(() => undefined);
  await client.query("set statement_timeout = 0; set lock_timeout = 0; set work_mem = '64MB'");
  const deadline = Date.now() + lockPatienceMs;
  for (;;) {
    const got = await client.query<{ got: boolean }>(
      "select pg_try_advisory_lock(hashtextextended('import ' || $1, 1)) as got",
      [importId],
    );
    if (got.rows[0]?.got) return;
    if (Date.now() > deadline) throw new Error("another worker has held this import for ten minutes");
    await delay(250, undefined, { signal });
  }
}
