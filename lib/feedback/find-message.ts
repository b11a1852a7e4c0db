import { sql } from "drizzle-orm";
import type { SourceKind } from "#drizzle/schema/delivery.ts";
import { readBounceAddress } from "../bounce-address.ts";
import type { Db } from "../db.ts";
import { isId, monthOfId } from "../ids.ts";
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
 * Finds a report's message: by a bounce address that we signed, else by the Message-ID of what was returned, which only
 * who got the mail can know. Never by an address of a person: anybody can write one into a report. Look-ups by key,
 * one for each workspace where the workspace is not told.
 */
export async function findMessage(db: Db, { addresses, messageIds }: Traces): Promise<ReportedMessage | null> {
  for (const address of addresses) {
    const signed = readBounceAddress(address);
    const found = signed && (await lookUp(db, signed.messageId, signed.workspaceNumber));
    if (found) return found;
  }
  for (const messageId of messageIds) {
    const found = isId(messageId) ? await lookUp(db, messageId, null) : null;
    if (found) return found;
  }
  return null;
}

async function lookUp(db: Db, messageId: string, workspaceNumber: number | null): Promise<ReportedMessage | null> {
  const month = monthOfId(messageId);
  // What is no id of ours may name any time at all.
  if (!/^\d{4}-\d\d-01$/.test(month)) return null;
  const { rows } = await db.execute<{
    workspace_id: string;
    source_kind: SourceKind;
    source_id: string;
    subscriber_id: string | null;
    email: string;
  }>(sql`
    select m.workspace_id, m.source_kind, m.source_id, m.subscriber_id, m.email
    from workspace w
    cross join lateral (
      select * from message m
      where m.workspace_id = w.id and m.launch_month = ${month}::date and m.id = ${messageId} offset 0) m
    where ${workspaceNumber === null ? sql`true` : sql`w.number = ${workspaceNumber}`}
    limit 1`);
  const row = rows[0];
  return row
    ? {
        workspaceId: row.workspace_id,
        launchMonth: month,
        messageId,
        sourceKind: row.source_kind,
        sourceId: row.source_id,
        subscriberId: row.subscriber_id,
        email: row.email,
      }
    : null;
}
