import { and, desc, eq, gt, isNull, lt, or, sql } from "drizzle-orm";
import { z } from "zod";
import { inboxMail } from "#drizzle/schema/senders.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";

/** As the list page's address says it. Anything odd there means "no filter", not an error page. */
export const mailListInput = z.object({
  q: z.string().trim().max(200).catch(""),
  after: z.uuid().optional().catch(undefined),
  before: z.uuid().optional().catch(undefined),
});

export interface MailSummary {
  id: string;
  receivedAt: Date;
  mailFrom: string;
  rcptTo: string[];
  subject: string;
  bytes: number;
}

export interface MailPage {
  mails: MailSummary[];
  /** Cursors for `before` and `after`; null where nothing follows. */
  previous: string | null;
  next: string | null;
  /** Of the whole inbox, without the search. */
  total: number;
}

const summary = {
  id: inboxMail.id,
  receivedAt: inboxMail.receivedAt,
  mailFrom: inboxMail.mailFrom,
  rcptTo: inboxMail.rcptTo,
  subject: inboxMail.subject,
  bytes: inboxMail.bytes,
};

/**
 * One page of the inbox, newest first, whose recipient or subject holds the words searched for. Ids are in the order
 * of arrival, so the primary key serves the paging; the cap on the inbox bounds what a search looks through.
 */
export async function listMails(
  db: Db,
  scope: Scope,
  input: z.output<typeof mailListInput>,
  pageSize = 50,
): Promise<MailPage> {
  allow(scope, "read");
  const found = and(here(scope), input.q === "" ? undefined : matches(input.q));
  const backwards = input.before !== undefined;
  const cursor = backwards
    ? gt(inboxMail.id, sql`${input.before}::uuid`)
    : input.after === undefined
      ? undefined
      : lt(inboxMail.id, sql`${input.after}::uuid`);
  const rows = await db
    .select(summary)
    .from(inboxMail)
    .where(and(found, cursor))
    .orderBy(backwards ? inboxMail.id : desc(inboxMail.id))
    .limit(pageSize + 1);
  const more = rows.length > pageSize;
  const mails = rows.slice(0, pageSize);
  if (backwards) mails.reverse();
  return {
    mails,
    previous: (backwards ? more : input.after !== undefined) ? (mails[0]?.id ?? null) : null,
    next: (backwards ? true : more) ? (mails.at(-1)?.id ?? null) : null,
    total: await db.$count(inboxMail, here(scope)),
  };
}

/** What a page that is open compares to see whether something has changed. */
export async function inboxState(db: Db, scope: Scope): Promise<{ newestId: string | null; total: number }> {
  allow(scope, "read");
  const [newest] = await db
    .select({ id: inboxMail.id })
    .from(inboxMail)
    .where(here(scope))
    .orderBy(desc(inboxMail.id))
    .limit(1);
  return { newestId: newest?.id ?? null, total: await db.$count(inboxMail, here(scope)) };
}

function here(scope: Scope) {
  return and(eq(inboxMail.workspaceId, scope.workspaceId), isNull(inboxMail.deletedAt));
}

function matches(words: string) {
  const pattern = `%${words.replaceAll("\0", "").replace(/[\\%_]/g, "\\$&")}%`;
  return or(
    sql`${inboxMail.subject} ilike ${pattern}`,
    sql`array_to_string(${inboxMail.rcptTo}, ' ') ilike ${pattern}`,
  );
}
