import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";
import { monthOfId } from "../ids.ts";

/** What a token's message is about. */
export interface HitMessage {
  workspaceId: string;
  campaignId: string;
  messageId: string;
  subscriberId: string | null;
  /** When the relay accepted it; null when that is not written yet. */
  sentAt: Date | null;
  /** The database's clock at the look-up. */
  now: Date;
}

/**
 * The campaign messages behind tokens, in the order asked for; null for one that is not there (any more, or in that
 * workspace). One statement for all, by primary key: the id tells the partition.
 */
export async function findMessages(
  db: Db,
  tokens: Array<{ workspaceNumber: number; messageId: string }>,
): Promise<Array<HitMessage | null>> {
  const asked = tokens.map((t, i) => ({
    i,
    number: t.workspaceNumber,
    month: monthOfId(t.messageId),
    id: t.messageId,
  }));
  const { rows } = await db.execute<{
    i: number;
    workspace_id: string;
    campaign_id: string;
    subscriber_id: string | null;
    sent_at: string | null;
    now: string;
  }>(sql`
    select asked.i, m.workspace_id, m.source_id as campaign_id, m.subscriber_id, a.sent_at, clock_timestamp() as now
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as asked (i int, number bigint, month date, id uuid)
    join workspace w on w.number = asked.number
    join message m on m.workspace_id = w.id and m.launch_month = asked.month and m.id = asked.id
    left join lateral (
      select coalesce(settled_at, started_at) as sent_at from attempt a
      where a.workspace_id = m.workspace_id and a.launch_month = m.launch_month and a.message_id = m.id
      order by a.n desc limit 1
    ) a on true
    where m.source_kind = 'campaign'`);
  const byIndex = new Map(rows.map((row) => [row.i, row]));
  return tokens.map((token, i) => {
    const row = byIndex.get(i);
    if (!row) return null;
    return {
      workspaceId: row.workspace_id,
      campaignId: row.campaign_id,
      messageId: token.messageId,
      subscriberId: row.subscriber_id,
      sentAt: row.sent_at === null ? null : new Date(row.sent_at),
      now: new Date(row.now),
    };
  });
}
