import { sql } from "drizzle-orm";
import { tidyImports } from "#lib/audience/import/imports.ts";
import { pruneRevisions } from "#lib/campaigns/revisions.ts";
import { db } from "#lib/db.ts";
import { dropDeletedMails } from "#lib/inbox/store.ts";
import { storage } from "#lib/storage.ts";

/**
 * Makes next month's partitions well before they are needed, and clears what has run out: counters, sessions, test mails,
 * import files, content that autosave left behind.
 */
export async function handleHousekeeping(): Promise<void> {
  await db().execute(sql`select ensure_month_partitions(now()), ensure_month_partitions(now() + interval '1 month')`);
  await db().execute(sql`delete from rate_limit where expire < ${Date.now()}`);
  await db().execute(sql`delete from session where expires_at < now()`);
  await dropDeletedMails(db());
  await tidyImports(db(), storage());
  await pruneRevisions(db());
}
