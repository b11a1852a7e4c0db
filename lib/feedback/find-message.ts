import { type SQL, sql } from "drizzle-orm";
import type { SourceKind } from "#drizzle/schema/delivery.ts";
import { readBounceAddress } from "../bounce-address.ts";
import type { Db } from "../db.ts";
import { monthOfId } from "../ids.ts";
import { readToken, type Token } from "../tokens.ts";
import type { Traces } from "./read-mail.ts";

/** The message that a report is about. */
export interface ReportedMessage {
  workspaceId: string;
  launchMonth: string;
  messageId: string;
  sourceKind: SourceKind;
  sourceId: string;
  subscriberId: string | null;
  /** The address it went to. */
  email: string;
}

/**
 * Finds a report's message: by a bounce address that we signed, else by the signed token of the unsubscribe link in the
 * header of what was returned, whose holder could stop the person's mail anyway. Never by an address of a person nor by
 * a Message-ID: links and archives show those to anybody. Look-ups by key.
 */
export async function findMessage(db: Db, { addresses, tokens }: Traces): Promise<ReportedMessage | null> {
  for (const address of addresses) {
    const signed = readBounceAddress(address);
    const found = signed && (await findById(db, signed.workspaceNumber, signed.messageId));
    if (found) return found;
  }
  for (const token of tokens) {
    const signed = readToken("unsubscribe", token);
    const found = signed && (await findByPerson(db, signed));
    if (found) return found;
  }
  return null;
}

async function findById(db: Db, workspaceNumber: number, messageId: string): Promise<ReportedMessage | null> {
  const month = monthOfId(messageId);
  return look(
    db,
    sql`workspace w where w.number = ${workspaceNumber}`,
    sql`m.launch_month = ${month}::date and m.id = ${messageId}`,
  );
}

/** Of a campaign each person has one message. */
async function findByPerson(
  db: Db,
  { workspaceNumber, campaignId, subscriberId }: Extract<Token, { purpose: "unsubscribe" }>,
): Promise<ReportedMessage | null> {
  return look(
    db,
    sql`workspace w join campaign k on k.workspace_id = w.id and k.id = ${campaignId} and k.launched_at is not null
      where w.number = ${workspaceNumber}`,
    sql`m.launch_month = date_trunc('month', w.launched_at at time zone 'UTC')::date and m.source_id = ${campaignId}
      and m.subscriber_id = ${subscriberId}`,
    sql`k.launched_at`,
  );
}

/** `from` is one workspace `w` at most; `which` chooses among its messages `m`. */
async function look(
  db: Db,
  from: SQL,
  which: SQL,
  launchedAt: SQL = sql`null::timestamptz`,
): Promise<ReportedMessage | null> {
  const { rows } = await db.execute<{
    workspace_id: string;
    launch_month: string;
    id: string;
    source_kind: SourceKind;
    source_id: string;
    subscriber_id: string | null;
    email: string;
  }>(sql`
    select m.workspace_id, m.launch_month::text as launch_month, m.id, m.source_kind, m.source_id, m.subscriber_id, m.email
    from (select w.id, ${launchedAt} as launched_at from ${from}) w
    cross join lateral (select * from message m where m.workspace_id = w.id and ${which} limit 1) m`);
  const row = rows[0];
  return row
    ? {
        workspaceId: row.workspace_id,
        launchMonth: row.launch_month,
        messageId: row.id,
        sourceKind: row.source_kind,
        sourceId: row.source_id,
        subscriberId: row.subscriber_id,
        email: row.email,
      }
    : null;
}
