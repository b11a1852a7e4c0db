import { sql } from "drizzle-orm";
import { db } from "#lib/db.ts";

/** Makes next month's partitions well before they are needed, and clears counters that have run out. */
export async function handleHousekeeping(): Promise<void> {
  await db().execute(sql`select ensure_month_partitions(now()), ensure_month_partitions(now() + interval '1 month')`);
  await db().execute(sql`delete from rate_limit where expire < ${Date.now()}`);
}
