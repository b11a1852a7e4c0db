import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { listRecipients, type Recipient } from "./recipients.ts";

/**
 * The messages whose answer never came, by name: they were handed over completely, so the person may have the mail or
 * not. `nextTryAt` says when one is sent once more; without it, it waits for a person. At most a page of them, `more`
 * says that there are others.
 */
export async function inDoubt(
  db: Db,
  scope: Scope,
  campaignId: string,
): Promise<{ recipients: Recipient[]; more: boolean }> {
  const { rows, next } = await listRecipients(db, scope, campaignId, { state: "in_doubt" });
  return { recipients: rows, more: next !== null };
}
