import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";
import type { ClaimedChunk } from "./claim.ts";
import type { LoadedMessage } from "./load-chunk.ts";

/**
 * The last word before hand-over, one statement: writes a `sending` attempt for each message that may still go out and
 * a `skipped` one for each that may not (unsubscribed or deleted since the launch, suppressed, past the campaign's
 * end). Nothing is written unless the campaign is still sending and the chunk still ours: then nothing comes back.
 * `marked` are the ids that are to be sent now; a message that is not among them is not sent. `held` is false when
 * the guard let nothing through.
 */
export async function markSending(
  db: Db,
  chunk: ClaimedChunk,
  senderId: string,
  messages: readonly LoadedMessage[],
): Promise<{ held: boolean; marked: Set<string> }> {
  const { rows } = await db.execute<{ held: boolean; message_id: string | null }>(sql`
    with guard as materialized (
      select k.ends_at is not null and k.ends_at <= clock_timestamp() as ended
      from chunk c join campaign k on k.workspace_id = c.workspace_id and k.id = c.source_id
      where c.workspace_id = ${chunk.workspaceId} and c.source_id = ${chunk.campaignId} and c.no = ${chunk.no}
        and c.state = 'leased' and c.owner = ${chunk.owner} and c.fence = ${chunk.fence} and k.status = 'sending'
      for update of c
    ),
    wanted as (
      select w.*, s.email_key, s.id as subscriber_id
      from unnest(
        ${sql.param(messages.map((m) => m.id))}::uuid[],
        ${sql.param(messages.map((m) => m.subscriberId))}::uuid[],
        ${sql.param(messages.map((m) => m.lastN))}::int[],
        ${sql.param(messages.map((m) => m.lastState))}::text[],
        ${sql.param(messages.map((m) => m.tries))}::int[]
      ) as w (message_id, wanted_subscriber, last_n, last_state, tries)
      left join subscriber s on s.workspace_id = ${chunk.workspaceId} and s.id = w.wanted_subscriber
    ),
    judged as (
      select w.*, case
        when g.ended then 'expired'
        when w.subscriber_id is null then 'unsubscribed'
        when exists (select from suppression x where x.workspace_id = ${chunk.workspaceId} and x.email_key = w.email_key)
          then 'suppressed'
        when not exists (
          select from campaign_list l
          join subscription p on p.workspace_id = l.workspace_id and p.list_id = l.list_id
          where l.workspace_id = ${chunk.workspaceId} and l.campaign_id = ${chunk.campaignId} and l.mode = 'include'
            and p.subscriber_id = w.subscriber_id and p.status = 'subscribed') then 'unsubscribed'
        end as skip_reason
      from wanted w cross join guard g
    ),
    written as (
      insert into attempt (workspace_id, launch_month, message_id, n, source_id, chunk, state, fence, sender_id, class, tries, settled_at)
      select ${chunk.workspaceId}, ${chunk.launchMonth}::date, message_id, last_n + 1, ${chunk.campaignId}, ${chunk.no},
        case when skip_reason is null then 'sending' else 'skipped' end, ${chunk.fence}, ${senderId}, skip_reason, tries,
        case when skip_reason is null then null else clock_timestamp() end
      from judged
      on conflict do nothing
      returning message_id, state
    ),
    counted as (
      update chunk c set
        sending = c.sending + t.sending, skipped = c.skipped + t.skipped,
        deferred = c.deferred - t.was_deferred, in_doubt = c.in_doubt - t.was_in_doubt
      from (
        select count(*) filter (where x.state = 'sending')::int as sending,
          count(*) filter (where x.state = 'skipped')::int as skipped,
          count(*) filter (where j.last_state = 'deferred')::int as was_deferred,
          count(*) filter (where j.last_state = 'in_doubt')::int as was_in_doubt
        from written x join judged j using (message_id)) t
      where c.workspace_id = ${chunk.workspaceId} and c.source_id = ${chunk.campaignId} and c.no = ${chunk.no}
        and (t.sending > 0 or t.skipped > 0)
    )
    -- A mark that a crash of the database takes back would be a mail that nobody knows of.
    select g.held, g.durable, w.message_id
    from (select exists (select from guard) as held, set_config('synchronous_commit', 'on', true) as durable) g
    left join written w on w.state = 'sending'`);
  return {
    held: rows[0]?.held === true,
    marked: new Set(rows.flatMap((row) => (row.message_id === null ? [] : [row.message_id]))),
  };
}
