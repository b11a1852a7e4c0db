import type { Db } from "../db.ts";
import { runStatement } from "../statement.ts";
import type { ClaimedChunk } from "./claim.ts";
import { laneOf } from "./lane-names.ts";

/** One message that may be sent now, with what its mail says. */
export interface LoadedMessage {
  id: string;
  subscriberId: string | null;
  variantId: string;
  email: string;
  lane: string;
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

interface Row {
  id: string;
  subscriber_id: string | null;
  variant_id: string;
  email: string;
  n: number | null;
  state: LoadedMessage["lastState"];
  tries: number | null;
  doubts: number;
  first_tried_at: Date | null;
  first_name: string | null;
  last_name: string | null;
  fields: Record<string, unknown> | null;
}

/**
 * The messages of a claimed chunk that are due: never tried, deferred until now, or in doubt and to be sent once more.
 * One query for about 500 people; it counts on message_chunk and the attempt key. At the first claim of a chunk nobody
 * can have an attempt, and none is looked for.
 */
export async function loadChunk(db: Db, chunk: ClaimedChunk): Promise<LoadedMessage[]> {
  const key = [chunk.workspaceId, chunk.campaignId, chunk.no, chunk.launchMonth];
  const rows = await runStatement<Row>(db, chunk.fence === 1 ? loadFirst : loadDue, key);
  return rows.map((row) => ({
    id: row.id,
    subscriberId: row.subscriber_id,
    variantId: row.variant_id,
    email: row.email,
    lane: laneOf(row.email),
    lastN: row.n ?? 0,
    lastState: row.state,
    tries: row.tries ?? 0,
    doubts: row.doubts,
    firstTriedAt: row.first_tried_at,
    // Own fields first: a custom field can never stand in for what the address book itself says.
    fields: { ...row.fields, email: row.email, first_name: row.first_name ?? "", last_name: row.last_name ?? "" },
  }));
}

const loadFirst = {
  name: "load_first",
  text: `
    select m.id, m.subscriber_id, m.variant_id, m.email, null::int as n, 'pending' as state, null::int as tries,
      0 as doubts, null::timestamptz as first_tried_at, s.first_name, s.last_name, s.fields
    from message m
    left join subscriber s on s.workspace_id = m.workspace_id and s.id = m.subscriber_id
    where m.workspace_id = $1::uuid and m.launch_month = $4::date and m.source_id = $2::uuid and m.chunk = $3::int
    order by m.subscriber_id`,
};

const loadDue = {
  name: "load_due",
  text: `
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
    where m.workspace_id = $1::uuid and m.launch_month = $4::date and m.source_id = $2::uuid and m.chunk = $3::int
      and (a.n is null or (a.state in ('deferred', 'in_doubt') and a.next_at <= clock_timestamp()))
    order by m.subscriber_id`,
};
