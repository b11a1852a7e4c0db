import { sql } from "drizzle-orm";
import { tidyImports } from "#lib/audience/import/imports.ts";
import { pruneRevisions } from "#lib/campaigns/revisions.ts";
import { config } from "#lib/config.ts";
import { db } from "#lib/db.ts";
import { dropOldMessages } from "#lib/delivery/drop-old-messages.ts";
import { suppressFullMailboxes } from "#lib/delivery/full-mailboxes.ts";
import { dropDeletedMails } from "#lib/inbox/store.ts";
import { log } from "#lib/log.ts";
import { dropRemovedMedia } from "#lib/media/edit.ts";
import { recheckDomains } from "#lib/senders/domains/check.ts";
import { storage } from "#lib/storage.ts";
import { dropOldEvents } from "#lib/tracking/drop-old-events.ts";

/**
 * Makes next month's partitions well before they are needed, and clears what has run out: counters, sessions, test mails,
 * import files, content that autosave left behind, removed pictures, and months of events and messages that were kept long enough. Stops mail to
 * mailboxes that have been full for weeks. Then it
 * looks whether the records of sending domains are still there.
 */
export async function handleHousekeeping(): Promise<void> {
  await db().execute(sql`select ensure_month_partitions(now()), ensure_month_partitions(now() + interval '1 month')`);
  await db().execute(sql`delete from rate_limit where expire < ${Date.now()}`);
  await db().execute(sql`delete from session where expires_at < now()`);
  await dropDeletedMails(db());
  await tidyImports(db(), storage());
  await pruneRevisions(db());
  await dropRemovedMedia(db(), storage());
  await suppressFullMailboxes(db());
  const { EVENTS_KEEP_MONTHS, MESSAGES_KEEP_MONTHS } = config();
  await dropOldEvents(db(), EVENTS_KEEP_MONTHS);
  await dropOldMessages(db(), MESSAGES_KEEP_MONTHS);
  // Last: it waits for other machines.
  const domains = await recheckDomains(db());
  if (domains.failed > 0) log.warn(domains, "some sending domains could not be checked");
}
