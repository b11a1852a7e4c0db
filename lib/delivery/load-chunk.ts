import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";
import type { ClaimedChunk } from "./claim.ts";

/** One message that may be sent now, with what its mail says. */
export interface LoadedMessage {
  id: string;
  subscriberId: string | null;
  variantId: string;
  email: string;
  /** The newest attempt so far; 0 when there is none. */
  lastN: number;
  lastState: "pending" | "deferred" | "in_doubt";
  /** Tries that count against the schedule. */
  tries: number;
  /** Doubts so far: a second one is held for a person. */
  doubts: number;
  firstTriedAt: Date | null;
  /** Merge fields as lib/content wants them. */
  fields: Record<string, unknown>;
}

/**
 * The messages of a claimed chunk that are due: never tried, deferred until now, or in doubt and to be sent once more.
 * One query for about 500 people; it counts on message_chunk and the attempt key. Measured at 9 ms.
 */
export async function loadChunk(db: Db, chunk: ClaimedChunk): Promise<LoadedMessage[]> {
  const { rows } = await db.execute<{
    id: string;
    subscriber_id: string | null;
    variant_id: string;
    email: string;
    n: number | null;
    state: LoadedMessage["lastState"];
    tries: number | null;
    doubts: number;
    first_tried_at: string | null;
    first_name: string | null;
    last_name: string | null;
    fields: Record<string, unknown> | null;
  }>(sql`
    select m.id, m.subscriber_id, m.variant_id, m.email, a.n, coalesce(a.state, 'pending') as state, a.tries,
      case when a.n is null then 0 else (select count(*)::int from attempt d where d.workspace_id = m.workspace_id
        and d.launch_month = m.launch_month and d.message_id = m.id and d.state = 'in_doubt') end as doubts,
      case when a.n is null then null else (select min(f.started_at) from attempt f where f.workspace_id = m.workspace_id
        and f.launch_month = m.launch_month and f.message_id = m.id) end as first_tried_at,
      s.first_name, s.last_name, s.fields
    from message m
    left join lateral (
      select a.n, a.state, a.tries, a.next_at from attempt a
      where a.workspace_id = m.workspace_id and a.launch_month = m.launch_month and a.message_id = m.id
      order by a.n desc limit 1) a on true
    left join subscriber s on s.workspace_id = m.workspace_id and s.id = m.subscriber_id
    where m.workspace_id = ${chunk.workspaceId} and m.launch_month = ${chunk.launchMonth}
      and m.source_id = ${chunk.campaignId} and m.chunk = ${chunk.no}
      and (a.n is null or (a.state in ('deferred', 'in_doubt') and a.next_at <= clock_timestamp()))
    order by m.subscriber_id`);
  return rows.map((row) => ({
    id: row.id,
    subscriberId: row.subscriber_id,
    variantId: row.variant_id,
    email: row.email,
    lastN: row.n ?? 0,
    lastState: row.state,
    tries: row.tries ?? 0,
    doubts: row.doubts,
    firstTriedAt: row.first_tried_at === null ? null : new Date(row.first_tried_at),
    // Own fields first: a custom field can never stand in for what the address book itself says.
    fields: { ...row.fields, email: row.email, first_name: row.first_name ?? "", last_name: row.last_name ?? "" },
  }));
}
