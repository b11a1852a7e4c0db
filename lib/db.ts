import { sql } from "drizzle-orm";
import type { NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import type { PgDatabase } from "drizzle-orm/pg-core";
import pg from "pg";
import { config } from "./config.ts";
import { log } from "./log.ts";

/** A connection pool or a transaction: what every function of lib takes first. */
export type Db = PgDatabase<NodePgQueryResultHKT>;

/** The pool itself, for the few that need a session of their own (COPY, LISTEN, advisory locks). */
export type Pool = pg.Pool;

const globals = globalThis as { posthornPool?: pg.Pool; posthornDb?: NodePgDatabase; posthornSessions?: pg.Pool };

/** The process-wide pool. Kept on globalThis so that a development reload does not open another. */
export function pool(): Pool {
  globals.posthornPool ??= openPool(config().DATABASE_URL, config().DATABASE_POOL_SIZE);
  return globals.posthornPool;
}

/**
 * A pool for work that needs a session: settings, advisory locks, or a statement to be cancelled on a connection that
 * is known. The process-wide one, unless that leads through a pooler, which may give each transaction another session.
 */
export function sessionPool(): Pool {
  const direct = config().DATABASE_DIRECT_URL;
  if (!direct) return pool();
  globals.posthornSessions ??= openPool(direct, config().DATABASE_POOL_SIZE);
  return globals.posthornSessions;
}

/** The process-wide database. */
export function db(): Db {
  globals.posthornDb ??= drizzle(pool());
  return globals.posthornDb;
}

/** Opens a pool of its own, for workers and tests that must not share the process-wide one. */
export function openPool(url: string, max: number, connectionTimeoutMillis = 10_000): Pool {
  const opened = new pg.Pool({
    connectionString: url,
    max,
    application_name: "posthorn",
    connectionTimeoutMillis,
  });
  // An idle connection that breaks is replaced on next use; without a listener it would end the process.
  opened.on("error", (err) => log.warn({ err }, "a database connection broke"));
  // The pool does not listen while somebody holds the client (a transaction); they get the error with their query.
  opened.on("connect", (client) => client.on("error", () => {}));
  return opened;
}

/** Wraps a pool or a single client for drizzle. */
export function asDb(client: Pool | pg.PoolClient | pg.Client): Db {
  return drizzle(client as pg.Pool);
}

/**
 * An expression for a statement of a transaction that locks rows others need: has the server end the transaction when
 * we say nothing for five seconds. A process that is stopped, or cut off without a word, would hold its locks for hours.
 */
export const endWhenAbandoned = sql<string>`set_config('idle_in_transaction_session_timeout', '5000', true)`;

/** The clock that starts, ends and leases go by, however wrong that of a host may be. */
export async function databaseNow(db: Db): Promise<Date> {
  const { rows } = await db.execute<{ ms: number }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`,
  );
  if (!rows[0]) throw new Error("a clock without a time");
  return new Date(rows[0].ms);
}

/** Ends the process-wide pools at shutdown. */
export async function closeDb(): Promise<void> {
  const open = [globals.posthornPool, globals.posthornSessions];
  globals.posthornPool = undefined;
  globals.posthornDb = undefined;
  globals.posthornSessions = undefined;
  await Promise.all(open.map((one) => one?.end()));
}
