import pg from "pg";
import { config } from "./config.ts";
import { asDb, type Db, db, openPool, type Pool, pool } from "./db.ts";
import { log } from "./log.ts";

/** What reads from the replica while it can be had and keeps up, and from the primary otherwise. */
export interface ReplicaReader {
  read<T>(work: (db: Db) => Promise<T>): Promise<T>;
}

export interface ReplicaLimits {
  /** Further behind than this it is not asked. */
  maxLagSeconds: number;
  /** How often it is looked at how far behind it is. */
  lookEveryMs: number;
  /** How long it is left alone after it failed. */
  restMs: number;
}

const limits: ReplicaLimits = { maxLagSeconds: 30, lookEveryMs: 5000, restMs: 15_000 };
const globals = globalThis as { posthornReplica?: ReplicaReader };

/**
 * Runs a read that may be some seconds old: on DATABASE_REPLICA_URL where that is set, reachable and at most 30 s
 * behind, otherwise on the primary. `work` must only read, and may be run twice: a replica that fails in the middle
 * is not waited for. With `fresh` the primary is asked in any case.
 */
export function readReports<T>(work: (db: Db) => Promise<T>, options: { fresh?: boolean } = {}): Promise<T> {
  const url = config().DATABASE_REPLICA_URL;
  if (!url || options.fresh) return work(db());
  globals.posthornReplica ??= replicaReader(openPool(url, config().DATABASE_POOL_SIZE, 2000), pool(), limits);
  return globals.posthornReplica.read(work);
}

/** A reader over two pools. Exported for tests, which bring their own. */
export function replicaReader(
  replica: Pool,
  primary: Pool,
  { maxLagSeconds, lookEveryMs, restMs }: ReplicaLimits,
): ReplicaReader {
  const [onReplica, onPrimary] = [asDb(replica), asDb(primary)];
  let usable = { until: Number.NEGATIVE_INFINITY, is: false };
  let looking: Promise<boolean> | null = null;

  const note = (is: boolean, forMs: number, why?: Record<string, unknown>) => {
    if (is !== usable.is && usable.until > Number.NEGATIVE_INFINITY)
      log.warn(why ?? {}, is ? "the read replica is used again" : "reports are read from the primary for now");
    usable = { until: performance.now() + forMs, is };
    return is;
  };
  const look = async () => {
    try {
      const lagSeconds = await lagOf(replica, primary);
      return note(lagSeconds <= maxLagSeconds, lookEveryMs, { lagSeconds });
    } catch (err) {
      return note(false, restMs, { err });
    }
  };
  const isUsable = () => {
    if (performance.now() < usable.until) return Promise.resolve(usable.is);
    looking ??= look().finally(() => {
      looking = null;
    });
    return looking;
  };

  return {
    async read<T>(work: (db: Db) => Promise<T>): Promise<T> {
      if (!(await isUsable())) return work(onPrimary);
      try {
        return await work(onReplica);
      } catch (err) {
        if (!isReplicasFault(err)) throw err;
        note(false, restMs, { err });
        return work(onPrimary);
      }
    },
  };
}

/**
 * How far behind the replica is. The age of what it last replayed grows while nobody writes; so it counts only where
 * the primary had written more, before and again a moment later. A server that is no standby of PostgreSQL's own kind
 * tells nothing, and is believed.
 */
async function lagOf(replica: Pool, primary: Pool): Promise<number> {
  const first = await ageWhenBehind(replica, primary);
  if (first === 0) return 0;
  await new Promise((resolve) => setTimeout(resolve, 200));
  return ageWhenBehind(replica, primary);
}

async function ageWhenBehind(replica: Pool, primary: Pool): Promise<number> {
  const { rows: here } = await primary.query<{ written: string | null }>(
    "select case when not pg_is_in_recovery() then pg_current_wal_flush_lsn() end::text as written",
  );
  const { rows } = await replica.query<{ age: number | null }>(
    `select extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 as age
    where pg_is_in_recovery() and pg_last_wal_replay_lsn() < $1::pg_lsn`,
    [here[0]?.written ?? null],
  );
  return Math.max(0, rows[0]?.age ?? 0);
}

/**
 * No answer (no SQLSTATE), a broken connection (08), a server that stops or starts (57P), and a read that was cancelled
 * because the replica had to replay what it was reading (40001, 40P01).
 */
function isReplicasFault(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof pg.DatabaseError) return /^(08|57P|40001|40P01)/.test(cause.code ?? "");
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === "string" ? /^E[A-Z]+$/.test(code) : isLostConnection(cause);
}

/** What the driver says without a code. */
function isLostConnection(error: unknown): boolean {
  return error instanceof Error && /Connection terminated|timeout expired|timeout exceeded/i.test(error.message);
}
