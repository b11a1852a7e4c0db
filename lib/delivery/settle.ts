import { sql } from "drizzle-orm";
import type { AttemptState } from "#drizzle/schema/delivery.ts";
import { type Db, endWhenAbandoned } from "../db.ts";
import type { ClaimedChunk } from "./claim.ts";

/** What came of one marked message. */
export interface Settlement {
  chunk: ClaimedChunk;
  messageId: string;
  n: number;
  /** The state before it was marked, to which an unsent message goes back. */
  before: "pending" | "deferred" | "in_doubt";
  /** `back` = provably not handed over: the mark is taken away, as if it had never been. */
  state: Exclude<AttemptState, "sending" | "skipped"> | "back";
  class: string;
  phase: string | null;
  code: number | null;
  enhanced: string | null;
  reply: string | null;
  /** Seconds from now until the next try, by the database clock; null for a final state. */
  nextInSeconds: number | null;
  tries: number;
  /** The address that is to get no more mail from this workspace, when the answer says so. */
  suppress: string | null;
}

/**
 * Writes down a group of outcomes in one statement. Each is accepted when its chunk is still under the fence it was
 * claimed under, even if the lease has run out meanwhile; otherwise the row is somebody else's by now and stays as it
 * is. Returns how many were accepted.
 */
export async function settleGroup(db: Db, group: readonly Settlement[]): Promise<number> {
  const column = <T>(pick: (s: Settlement) => T) => sql.param(group.map(pick));
  const { rows } = await db.execute<{ accepted: number }>(sql`
    with r as materialized (
      select * from unnest(
        ${column((s) => s.chunk.workspaceId)}::uuid[], ${column((s) => s.chunk.campaignId)}::uuid[],
        ${column((s) => s.chunk.no)}::int[], ${column((s) => s.chunk.fence)}::bigint[],
        ${column((s) => s.chunk.owner)}::uuid[], ${column((s) => s.chunk.launchMonth)}::date[],
        ${column((s) => s.messageId)}::uuid[], ${column((s) => s.n)}::int[], ${column((s) => s.before)}::text[],
        ${column((s) => s.state)}::text[], ${column((s) => s.class)}::text[], ${column((s) => s.phase)}::text[],
        ${column((s) => s.code)}::int[], ${column((s) => s.enhanced)}::text[], ${column((s) => s.reply)}::text[],
        ${column((s) => s.nextInSeconds)}::float8[], ${column((s) => s.tries)}::int[]
      ) as r (workspace_id, source_id, no, fence, owner, launch_month, message_id, n, before, state, class, phase, code,
        enhanced, reply, next_in, tries)
    ),
    held as materialized (
      select c.workspace_id, c.source_id, c.no
      from (select distinct workspace_id, source_id, no, fence, owner from r) k
      join chunk c on c.workspace_id = k.workspace_id and c.source_id = k.source_id and c.no = k.no
        and c.fence = k.fence and c.owner = k.owner
      order by c.workspace_id, c.source_id, c.no
      for update of c
    ),
    mine as materialized (select r.* from r join held using (workspace_id, source_id, no)),
    settled as (
      update attempt a set state = m.state, class = m.class, phase = m.phase, code = m.code, enhanced = m.enhanced,
        reply = m.reply, tries = m.tries, settled_at = clock_timestamp(),
        next_at = clock_timestamp() + make_interval(secs => m.next_in)
      from mine m
      where m.state <> 'back' and a.workspace_id = m.workspace_id and a.launch_month = m.launch_month
        and a.message_id = m.message_id and a.n = m.n and a.state = 'sending' and a.fence = m.fence
      returning a.message_id
    ),
    taken_back as (
      delete from attempt a using mine m
      where m.state = 'back' and a.workspace_id = m.workspace_id and a.launch_month = m.launch_month
        and a.message_id = m.message_id and a.n = m.n and a.state = 'sending' and a.fence = m.fence
      returning a.message_id
    ),
    done as materialized (
      select m.* from mine m
      where m.message_id in (select message_id from settled union all select message_id from taken_back)
    ),
    counted as (
      update chunk c set sending = c.sending - t.total, sent = c.sent + t.sent, failed = c.failed + t.failed,
        deferred = c.deferred + t.deferred, in_doubt = c.in_doubt + t.in_doubt
      from (
        select workspace_id, source_id, no, count(*)::int as total,
          count(*) filter (where state = 'sent')::int as sent,
          count(*) filter (where state = 'failed')::int as failed,
          count(*) filter (where state = 'deferred' or (state = 'back' and before = 'deferred'))::int as deferred,
          count(*) filter (where state = 'in_doubt' or (state = 'back' and before = 'in_doubt'))::int as in_doubt
        from done group by 1, 2, 3) t
      where c.workspace_id = t.workspace_id and c.source_id = t.source_id and c.no = t.no
    )
    -- What is called sent stays so through a crash of the database.
    select count(*)::int as accepted, set_config('synchronous_commit', 'on', true) as durable,
      ${endWhenAbandoned} as abandoned
    from done`);
  return rows[0]?.accepted ?? 0;
}
