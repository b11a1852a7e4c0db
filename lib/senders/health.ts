import { and, eq, sql } from "drizzle-orm";
import { sender } from "#drizzle/schema/senders.ts";
import type { Db } from "../db.ts";

/** Seconds until a sender that is down is tried again, by how often in a row it failed; then every quarter of an hour. */
export const retrySeconds = [5, 15, 60, 300, 900] as const;

/**
 * Takes a sender out of use with the server's words (cut to 500 characters) until the returned instant. Each failure
 * in a row waits longer. Reports that arrive while it already waits (several connections break at once) count as one.
 */
export async function reportSenderDown(
  db: Db,
  workspaceId: string,
  senderId: string,
  words: string,
): Promise<Date | null> {
  const waits = sql.join(
    retrySeconds.map((s) => sql`${s}::int`),
    sql`, `,
  );
  const { rows } = await db.execute<{ retry_at: string }>(sql`
    update sender set
      health = 'down',
      health_detail = case when waiting then health_detail else ${words.slice(0, 500)} end,
      health_failures = case when waiting then health_failures else health_failures + 1 end,
      retry_at = case when waiting then retry_at else clock_timestamp()
        + make_interval(secs => (array[${waits}])[least(health_failures + 1, ${retrySeconds.length}::int)]) end
    from (
      select id as down_id, health = 'down' and retry_at > clock_timestamp() as waiting
      from sender where workspace_id = ${workspaceId} and id = ${senderId} for update
    ) as before
    where workspace_id = ${workspaceId} and id = down_id
    returning retry_at`);
  const at = rows[0]?.retry_at;
  return at === undefined ? null : new Date(at);
}

/** Says that a sender works. Writes only when it was not known to. */
export async function reportSenderUp(db: Db, workspaceId: string, senderId: string): Promise<void> {
  await db
    .update(sender)
    .set({ health: "up", healthDetail: null, healthFailures: 0, retryAt: null })
    .where(
      and(eq(sender.workspaceId, workspaceId), eq(sender.id, senderId), sql`(health <> 'up' or health_failures > 0)`),
    );
}
