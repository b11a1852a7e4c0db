import type { Db } from "../db.ts";
import { plainArray, runStatement } from "../statement.ts";
import type { ClaimedChunk } from "./claim.ts";
import type { LoadedMessage } from "./load-chunk.ts";

/** What came of marking a group. */
export interface Marked {
  /** False when the guard let nothing through: the campaign is not sending any more, or the chunk not ours. */
  held: boolean;
  /** The ids that are to be sent now; a message that is not among them is not sent. */
  marked: Set<string>;
  /** The mark's number in this claim, which each answer names. */
  no: number;
}

/**
 * The last word before hand-over, one statement: writes a mark with each message that may still go out and a `skipped`
 * attempt for each that may not (unsubscribed or deleted since the launch, suppressed, past the campaign's end).
 * Nothing is written unless the campaign is still sending and the chunk still ours.
 * Counts on the primary keys of subscriber, subscription and campaign_list, and on suppression_email.
 */
export async function markSending(
  db: Db,
  chunk: ClaimedChunk,
  senderId: string,
  messages: readonly LoadedMessage[],
): Promise<Marked> {
  const no = ++chunk.marks;
  // Of messages that were never tried the database need not be told so one by one.
  const tried = messages.some((m) => m.lastN > 0) ? messages : [];
  const rows = await runStatement<{ held: boolean; is_all: boolean; ids: string[] | null }>(db, statement, [
    chunk.workspaceId,
    chunk.campaignId,
    chunk.no,
    chunk.owner,
    chunk.fence,
    no,
    senderId,
    plainArray(messages.map((m) => m.id)),
    plainArray(messages.map((m) => m.subscriberId ?? "null")),
    plainArray(tried.map((m) => m.lastN)),
    tried.map((m) => m.lastState),
    plainArray(tried.map((m) => m.tries)),
  ]);
  const { held = false, is_all = false, ids = null } = rows[0] ?? {};
  return { held, marked: new Set(is_all ? messages.map((m) => m.id) : ids), no };
}

const statement = {
  name: "mark",
  text: `
    with guard as materialized (
      select c.launch_month, k.ends_at is not null and k.ends_at <= clock_timestamp() as ended
      from chunk c join campaign k on k.workspace_id = c.workspace_id and k.id = c.source_id
      where c.workspace_id = $1::uuid and c.source_id = $2::uuid and c.no = $3::int
        and c.state = 'leased' and c.owner = $4::uuid and c.fence = $5::bigint and k.status = 'sending'
      for update of c
    ),
    wanted as (
      select w.message_id, coalesce(w.last_n, 0) as last_n, coalesce(w.last_state, 'pending') as last_state,
        coalesce(w.tries, 0) as tries, s.email_key, s.id as subscriber_id
      from unnest($8::uuid[], $9::uuid[], $10::int[], $11::text[], $12::int[])
        as w (message_id, wanted_subscriber, last_n, last_state, tries)
      left join subscriber s on s.workspace_id = $1::uuid and s.id = w.wanted_subscriber
      -- Whoever stands in a mark of this claim already is on the way.
      where w.message_id not in (
        select unnest(k.message_ids) from mark k
        where k.workspace_id = $1::uuid and k.source_id = $2::uuid and k.chunk = $3::int and k.fence = $5::bigint)
    ),
    judged as materialized (
      select w.*, case
        when g.ended then 'expired'
        when w.subscriber_id is null then 'unsubscribed'
        when exists (select from suppression x where x.workspace_id = $1::uuid and x.email_key = w.email_key)
          then 'suppressed'
        when not exists (
          select from campaign_list l
          join subscription p on p.workspace_id = l.workspace_id and p.list_id = l.list_id
          where l.workspace_id = $1::uuid and l.campaign_id = $2::uuid and l.mode = 'include'
            and p.subscriber_id = w.subscriber_id and p.status = 'subscribed') then 'unsubscribed'
        end as skip_reason
      from wanted w cross join guard g
    ),
    skipped as (
      insert into attempt (workspace_id, launch_month, message_id, n, source_id, chunk, state, fence, sender_id, class, tries, settled_at)
      select $1::uuid, g.launch_month, message_id, last_n + 1, $2::uuid, $3::int, 'skipped', $5::bigint, $7::uuid,
        skip_reason, tries, clock_timestamp()
      from judged cross join guard g
      where skip_reason is not null
      on conflict do nothing
      returning message_id
    ),
    totals as materialized (
      select array_agg(message_id) filter (where skip_reason is null) as ids,
        count(*) filter (where skip_reason is null)::int as sending,
        (select count(*)::int from skipped) as skipped,
        count(*) filter (where last_state = 'deferred' and (skip_reason is null or message_id in (select message_id from skipped)))::int as was_deferred,
        count(*) filter (where last_state = 'in_doubt' and (skip_reason is null or message_id in (select message_id from skipped)))::int as was_in_doubt
      from judged
    ),
    written as (
      insert into mark (workspace_id, source_id, chunk, fence, no, sender_id, message_ids)
      select $1::uuid, $2::uuid, $3::int, $5::bigint, $6::int, $7::uuid, ids from totals where sending > 0
    ),
    counted as (
      update chunk c set
        sending = c.sending + t.sending, skipped = c.skipped + t.skipped,
        deferred = c.deferred - t.was_deferred, in_doubt = c.in_doubt - t.was_in_doubt
      from totals t
      where c.workspace_id = $1::uuid and c.source_id = $2::uuid and c.no = $3::int and (t.sending > 0 or t.skipped > 0)
    )
    -- A mark that a crash of the database takes back would be a mail that nobody knows of.
    select exists (select from guard) as held, t.sending = cardinality($8::uuid[]) as is_all,
      case when t.sending < cardinality($8::uuid[]) then t.ids end as ids, set_config('synchronous_commit', 'on', true) as durable
    from totals t`,
};
