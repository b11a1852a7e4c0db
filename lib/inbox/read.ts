import { and, eq, isNull } from "drizzle-orm";
import { inboxMail } from "#drizzle/schema/senders.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";
import { isId } from "../ids.ts";
import { type ParsedMail, parseMail } from "./parse.ts";

export interface InboxMail {
  id: string;
  receivedAt: Date;
  mailFrom: string;
  rcptTo: string[];
  subject: string;
  raw: Buffer;
  parsed: ParsedMail;
}

/** One mail, taken apart. The id may come straight from an address: what is none is not found. */
export async function getMail(db: Db, scope: Scope, mailId: string): Promise<InboxMail> {
  allow(scope, "read");
  if (!isId(mailId)) throw new NotFound("mail");
  const [row] = await db
    .select()
    .from(inboxMail)
    .where(and(eq(inboxMail.workspaceId, scope.workspaceId), eq(inboxMail.id, mailId), isNull(inboxMail.deletedAt)));
  if (!row) throw new NotFound("mail");
  const { id, receivedAt, mailFrom, rcptTo, subject, raw } = row;
  return { id, receivedAt, mailFrom, rcptTo, subject, raw, parsed: await parseMail(raw) };
}
