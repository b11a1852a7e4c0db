import type { AttemptState } from "#drizzle/schema/delivery.ts";
import type { Db } from "../db.ts";
import { plainArray, runStatement } from "../statement.ts";
import type { ClaimedChunk } from "./claim.ts";

/** What came of one marked message. */
export interface Settlement {
  chunk: ClaimedChunk;
  messageId: string;
  n: number;
  /** The mark it was handed over under. */
  mark: number;
  /** It is the last one of its mark: with it the mark goes. */
  closesMark: boolean;
  /** performance.now() when it was marked. */
  markedAt: number;
  senderId: string;
  /** The state before it was marked, to which an unsent message goes back. */
  before: "pending" | "deferred" | "in_doubt";
  /** `back` = provably not handed over: as if it had never been marked. */
  state: Exclude<AttemptState, "skipped"> | "back";
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
 * Writes down a group of outcomes in one statement, and takes away the marks that are done with. Each is accepted when
 * its chunk is still under the fence it was claimed under, even if the lease has run out meanwhile; otherwise the row
 * is somebody else's by now and stays as it is. Returns how many were accepted.
 */
export async function settleGroup(db: Db, group: readonly Settlement[]): Promise<number> {
  const chunks = [...new Set(group.map((s) => s.chunk))];
  const kinds: Settlement[] = [];
  // Of a hundred answers nearly all are one of a few kinds: what they have in common is told once.
  const kindOf = group.map((s) => {
    const known = kinds.findLastIndex((kind) => isSameKind(kind, s));
    return known < 0 ? kinds.push(s) : known + 1;
  });
  const closing = group.filter((s) => s.closesMark);
  const now = performance.now();
  const rows = await runStatement<{ accepted: number }>(db, statement, [
    chunks.map((c) => c.workspaceId),
    chunks.map((c) => c.campaignId),
    chunks.map((c) => c.no),
    chunks.map((c) => c.fence),
    chunks.map((c) => c.owner),
    kinds.map((k) => chunks.indexOf(k.chunk) + 1),
    kinds.map((k) => k.n),
    kinds.map((k) => k.mark),
    kinds.map((k) => k.senderId),
    kinds.map((k) => k.before),
    kinds.map((k) => k.state),
    kinds.map((k) => k.class),
    kinds.map((k) => k.phase),
    kinds.map((k) => k.code),
    kinds.map((k) => k.enhanced),
    kinds.map((k) => k.nextInSeconds),
    kinds.map((k) => k.tries),
    plainArray(kindOf),
    plainArray(group.map((s) => s.messageId)),
    group.map((s) => s.reply),
    plainArray(group.map((s) => Math.max(0, Math.round(now - s.markedAt)))),
    closing.map((s) => chunks.indexOf(s.chunk) + 1),
    closing.map((s) => s.mark),
  ]);
  return rows[0]?.accepted ?? 0;
}

/** All but the message itself, the server's words and the time are the same. */
function isSameKind(a: Settlement, b: Settlement): boolean {
  return (
    a.chunk === b.chunk &&
    a.mark === b.mark &&
    a.n === b.n &&
    a.state === b.state &&
    a.class === b.class &&
    a.phase === b.phase &&
    a.code === b.code &&
    a.enhanced === b.enhanced &&
    a.nextInSeconds === b.nextInSeconds &&
    a.tries === b.tries &&
    a.before === b.before &&
    a.senderId === b.senderId
  );
}

const statement = {
  name: "settle",
  text: `
    with claimed as materialized (
      select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::bigint[], $5::uuid[])
        with ordinality as k (workspace_id, source_id, no, fence, owner, i)
    ),
    held as materialized (
      select k.i, c.workspace_id, c.source_id, c.no, c.fence, c.launch_month
      from claimed k
      join chunk c on c.workspace_id = k.workspace_id and c.source_id = k.source_id and c.no = k.no
        and c.fence = k.fence and c.owner = k.owner
      order by c.workspace_id, c.source_id, c.no
      for update of c
    ),
    kinds as materialized (
      select h.workspace_id, h.source_id, h.no, h.fence, h.launch_month, k.*
      from unnest($6::int[], $7::int[], $8::int[], $9::uuid[], $10::text[], $11::text[], $12::text[], $13::text[],
          $14::int[], $15::text[], $16::float8[], $17::int[])
        with ordinality as k (i, n, mark, sender_id, before, state, class, phase, code, enhanced, next_in, tries, kind)
      join held h on h.i = k.i
    ),
    mine as materialized (
      -- Once each: an answer that was given twice must not count twice.
      select distinct on (r.message_id) k.*, r.message_id, r.reply, r.ago
      from unnest($18::int[], $19::uuid[], $20::text[], $21::int[]) as r (kind, message_id, reply, ago)
      join kinds k on k.kind = r.kind
      order by r.message_id, k.n, k.state = 'back'
    ),
    written as (
      insert into attempt (workspace_id, launch_month, message_id, n, source_id, chunk, state, fence, sender_id, class,
        phase, code, enhanced, reply, tries, started_at, settled_at, next_at)
      select workspace_id, launch_month, message_id, n, source_id, no, state, fence, sender_id, class, phase, code,
        enhanced, reply, tries, clock_timestamp() - ago * interval '1 millisecond', clock_timestamp(),
        clock_timestamp() + make_interval(secs => next_in)
      from mine where state <> 'back'
      on conflict do nothing
      returning message_id
    ),
    closing as materialized (
      select distinct h.workspace_id, h.source_id, h.no, h.fence, c.mark
      from unnest($22::int[], $23::int[]) as c (i, mark) join held h on h.i = c.i
    ),
    backs as materialized (
      select k.workspace_id, k.source_id, k.chunk, k.fence, k.no,
        array(select id from unnest(k.message_ids) id where id = any(b.ids)) as gone
      from (
        select workspace_id, source_id, no, fence, mark, array_agg(message_id) as ids
        from mine where state = 'back' group by 1, 2, 3, 4, 5) b
      join mark k on k.workspace_id = b.workspace_id and k.source_id = b.source_id and k.chunk = b.no
        and k.fence = b.fence and k.no = b.mark
    ),
    taken_out as (
      update mark k set message_ids = array(select id from unnest(k.message_ids) id where id <> all(b.gone))
      from backs b
      where k.workspace_id = b.workspace_id and k.source_id = b.source_id and k.chunk = b.chunk and k.fence = b.fence
        and k.no = b.no and not exists (
          select from closing c where c.workspace_id = k.workspace_id and c.source_id = k.source_id and c.no = k.chunk
            and c.fence = k.fence and c.mark = k.no)
    ),
    closed as (
      delete from mark k using closing c
      where k.workspace_id = c.workspace_id and k.source_id = c.source_id and k.chunk = c.no and k.fence = c.fence
        and k.no = c.mark
    ),
    done as materialized (
      select m.* from mine m
      where m.message_id in (select message_id from written union all select unnest(gone) from backs)
    ),
    counted as (
      update chunk c set sending = c.sending - t.total, sent = c.sent + t.sent, failed = c.failed + t.failed,
        deferred = c.deferred + t.deferred, in_doubt = c.in_doubt + t.in_doubt,
        hard = c.hard + t.hard, blocked = c.blocked + t.blocked, content = c.content + t.content
      from (
        select workspace_id, source_id, no, count(*)::int as total,
          count(*) filter (where state = 'sent')::int as sent,
          count(*) filter (where state = 'failed')::int as failed,
          count(*) filter (where state = 'deferred' or (state = 'back' and before = 'deferred'))::int as deferred,
          count(*) filter (where state = 'in_doubt' or (state = 'back' and before = 'in_doubt'))::int as in_doubt,
          count(*) filter (where state = 'failed' and class = 'hard')::int as hard,
          count(*) filter (where state <> 'back' and class = 'block')::int as blocked,
          count(*) filter (where state <> 'back' and class = 'content')::int as content
        from done group by 1, 2, 3) t
      where c.workspace_id = t.workspace_id and c.source_id = t.source_id and c.no = t.no
    )
    -- What is called sent stays so through a crash of the database.
    -- A process that stands still in a transaction of its own must not hold the chunks by their locks.
    select count(*)::int as accepted, set_config('synchronous_commit', 'on', true) as durable,
      set_config('idle_in_transaction_session_timeout', '5000', true) as abandoned
    from done`,
};
