import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { inboxMail } from "#drizzle/schema/senders.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";

export const deleteMailsInput = z.strictObject({ mailId: z.uuid().nullable() });

/** The instant that a deletion answered with names what it deleted. */
export const restoreMailsInput = z.strictObject({ deletedAt: z.iso.datetime() });

/**
 * Deletes one mail, or all when `mailId` is null. They are gone from the page at once and from the database some
 * minutes later; until then restoreMails with the returned instant brings them back.
 */
export async function deleteMails(
  db: Db,
  scope: Scope,
  input: z.output<typeof deleteMailsInput>,
): Promise<{ count: number; deletedAt: string }> {
  allow(scope, "write");
  const { rows } = await db.execute<{ deleted_at: string }>(sql`
    with moment as (select clock_timestamp() as at)
    update inbox_mail set deleted_at = moment.at from moment
    where workspace_id = ${scope.workspaceId} and deleted_at is null
      and (${input.mailId}::uuid is null or id = ${input.mailId}::uuid)
    returning to_char(deleted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as deleted_at`);
  // Nothing was there: an instant that names nothing.
  return { count: rows.length, deletedAt: rows[0]?.deleted_at ?? new Date(0).toISOString() };
}

/** Takes back one deletion. Returns how many mails are there again. */
export async function restoreMails(db: Db, scope: Scope, input: z.output<typeof restoreMailsInput>): Promise<number> {
  allow(scope, "write");
  const { rowCount } = await db
    .update(inboxMail)
    .set({ deletedAt: null })
    .where(
      and(eq(inboxMail.workspaceId, scope.workspaceId), sql`${inboxMail.deletedAt} = ${input.deletedAt}::timestamptz`),
    );
  return rowCount ?? 0;
}
