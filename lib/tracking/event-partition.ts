import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";

/** Runs a write of events; if it is the first of a month, makes the month's partitions and runs it once more. */
export async function withEventPartition(db: Db, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isMissingPartition(error)) throw error;
    // Both ends of a group that was written around midnight.
    await db.execute(sql`
      select ensure_month_partitions(now() - interval '1 minute'), ensure_month_partitions(now() + interval '1 minute')`);
    await write();
  }
}

/** 23514: no partition of relation found for row. drizzle wraps the driver's error. */
function isMissingPartition(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause as { code?: string; message?: string } | undefined) : undefined;
  return cause?.code === "23514" && (cause.message ?? "").includes("partition");
}
