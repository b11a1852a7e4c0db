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
  const rows = await (chunk.fence === 1
    ? runStatement<Row>(db, loadFirst, key)
    : runStatement<Row>(db, loadDue, [...key, chunk.fence]));
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

/*
 * The messages stand in a part of their own, because the order of subscribers would tempt the planner, as long as it
 * has no statistics of a month that was just filled, to read the whole campaign through the index message_person.
 */
const loadFirst = {
  name: "load_first",
  text: `
    with mine as materialized (
      select m.id, m.subscriber_id, m.variant_id, m.email from message m
      where m.workspace_id = $1::uuid and m.launch_month = $4::date and m.source_id = $2::uuid and m.chunk = $3::int)
    select m.id, m.subscriber_id, m.variant_id, m.email, null::int as n, 'pending' as state, null::int as tries,
      0 as doubts, null::timestamptz as first_tried_at, s.first_name, s.last_name, s.fields
    from mine m
    left join subscriber s on s.workspace_id = $1::uuid and s.id = m.subscriber_id
    order by m.subscriber_id`,
};

const loadDue = {
  name: "load_due",
  text: `
    with mine as materialized (
      select m.* from message m
      where m.workspace_id = $1::uuid and m.launch_month = $4::date and m.source_id = $2::uuid and m.chunk = $3::int)
    select m.id, m.subscriber_id, m.variant_id, m.email, a.n, coalesce(a.state, 'pending') as state, a.tries,
      case when a.n is null then 0 else (select count(*)::int from attempt d where d.workspace_id = $1::uuid
        and d.launch_month = $4::date and d.message_id = m.id and d.state = 'in_doubt') end as doubts,
      case when a.n is null then null else (select min(f.started_at) from attempt f where f.workspace_id = $1::uuid
        and f.launch_month = $4::date and f.message_id = m.id
        -- A person who gives it another try begins its time anew.
        and f.n >= coalesce((select max(p.n) from attempt p where p.workspace_id = $1::uuid
          and p.launch_month = $4::date and p.message_id = m.id and p.class = 'person'), 0)) end as first_tried_at,
      s.first_name, s.last_name, s.fields
    from mine m
    left join lateral (
      select a.n, a.state, a.tries, a.next_at, a.fence from attempt a
      where a.workspace_id = $1::uuid and a.launch_month = $4::date and a.message_id = m.id
      order by a.n desc limit 1) a on true
    left join subscriber s on s.workspace_id = $1::uuid and s.id = m.subscriber_id
    -- What a person has decided since this claim has its fence, and a mark of the same would count as answered: the
    -- next claim takes it.
    where a.n is null or (a.state in ('deferred', 'in_doubt') and a.next_at <= clock_timestamp() and a.fence < $5::bigint)
    order by m.subscriber_id`,
};
