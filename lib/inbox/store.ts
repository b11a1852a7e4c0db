import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";
import { newId } from "../ids.ts";
import { oneLine, subjectOf } from "./header-fields.ts";

/** A mail as it came over the wire. */
export interface CaughtMail {
  workspaceId: string;
  mailFrom: string;
  rcptTo: string[];
  raw: Buffer;
}

/** How long a deleted mail can be taken back. */
export const takeBackMinutes = 5;

/**
 * Stores mails in one transaction, then drops what is beyond `keep` mails of each workspace, oldest first, and what
 * was deleted long enough ago.
 */
export async function storeMails(db: Db, mails: CaughtMail[], keep: number): Promise<void> {
  const values = mails.map(
    (mail) => sql`(${mail.workspaceId}::uuid, ${newId()}::uuid, ${oneLine(mail.mailFrom)},
      array[${sql.join(
        mail.rcptTo.map((to) => sql`${oneLine(to)}`),
        sql`, `,
      )}]::text[], ${subjectOf(mail.raw)}, ${mail.raw.length}::int, ${mail.raw}::bytea)`,
  );
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      insert into inbox_mail (workspace_id, id, mail_from, rcpt_to, subject, bytes, raw) values ${sql.join(values, sql`, `)}`);
    for (const workspaceId of new Set(mails.map((mail) => mail.workspaceId))) await trim(tx, workspaceId, keep);
  });
}

/** Ids are made in order of arrival, so the newest `keep` are the highest: found by walking the primary key. */
async function trim(tx: Db, workspaceId: string, keep: number): Promise<void> {
  await tx.execute(sql`
    delete from inbox_mail where workspace_id = ${workspaceId} and id <= (
      select id from inbox_mail where workspace_id = ${workspaceId} order by id desc offset ${keep} limit 1)`);
  await tx.execute(sql`
    delete from inbox_mail where workspace_id = ${workspaceId}
      and deleted_at < clock_timestamp() - make_interval(mins => ${takeBackMinutes})`);
}

/** The same for every workspace, for those that no mail comes to any more. Part of the nightly tidying. */
export async function dropDeletedMails(db: Db): Promise<void> {
  await db.execute(sql`
    delete from inbox_mail where deleted_at < clock_timestamp() - make_interval(mins => ${takeBackMinutes})`);
}
