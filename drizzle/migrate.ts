import path from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { config } from "#lib/config.ts";
import { log } from "#lib/log.ts";
import { installQueues } from "#lib/queue.ts";

/** Any constant will do, as long as every starting process uses the same. */
const migrationLock = 7_073_746;

/**
 * Brings the database to this version's schema: our migrations, the coming partitions, pg-boss's tables and queues.
 * Idempotent, and safe when several processes start at once: they wait for one another under an advisory lock.
 * Needs a direct connection (advisory locks do not work through a transaction pooler). Throws on a server older
 * than PostgreSQL 15.
 */
export async function migrateDatabase(directUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: directUrl, application_name: "posthorn migrate" });
  await client.connect();
  try {
    const version = Number((await client.query("show server_version_num")).rows[0].server_version_num);
    if (version < 150_000)
      throw new Error(`PostgreSQL 15 or newer is needed; this server is ${Math.floor(version / 10_000)}.`);
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    await migrate(drizzle(client), { migrationsFolder: path.join(import.meta.dirname, "migrations") });
    await client.query("select ensure_month_partitions(now()), ensure_month_partitions(now() + interval '1 month')");
    await installQueues(directUrl);
  } finally {
    await client.end();
  }
}

if (import.meta.main) {
  try {
    await migrateDatabase(config().DATABASE_DIRECT_URL ?? config().DATABASE_URL);
  } catch (error) {
    // The migrator's own errors carry statements and values: only the first line of the cause is for people.
    log.error({ err: error }, "migrating the database failed");
    process.exitCode = 1;
  }
}
