import { type SQL, sql } from "drizzle-orm";
import { type Db, endWhenAbandoned } from "../db.ts";
import { runStatement } from "../statement.ts";

/** A chunk of about 500 messages that this process may work on, for as long as `isAlive` says. */
export interface ClaimedChunk {
  workspaceId: string;
  campaignId: string;
  no: number;
  launchMonth: string;
  /** The campaign's, which every change of it by a person moves on. */
  version: number;
  owner: string;
  fence: number;
  lease: Lease;
  /** How many marks were made in this claim: each has the next number. */
  marks: number;
  /** What the database's clock said at the claim, in milliseconds, and performance.now() at that moment. */
  clock: { database: number; here: number };
}

/** The database's clock now, as far as this process can tell without asking: the clock of its host may be wrong. */
export function databaseTime(chunk: ClaimedChunk): number {
  return chunk.clock.database + performance.now() - chunk.clock.here;
}

/**
 * The lease as this process may believe in it: it ends, by the monotonic clock, one lease after the last *successful*
 * heartbeat was sent. A fence cannot stop a socket, so this is asked before every MAIL and every body.
 */
export interface Lease {
  /** performance.now() at which nothing more may be written. */
  deadline: number;
  lost: boolean;
}

/** Room for the way to the wire: nothing is written in the last tenth of a lease. */
const usableShare = 0.9;

export function leaseFrom(sentAt: number, leaseSeconds: number): Lease {
  return { deadline: sentAt + leaseSeconds * 1000 * usableShare, lost: false };
}

export function isAlive(lease: Lease): boolean {
  return !lease.lost && performance.now() < lease.deadline;
}

/**
 * Leases the next due chunk of any campaign that is sending, by the database clock, and moves its fence on. A chunk
 * whose lease ran out is taken over: what its last owner had marked as being sent is in doubt from then on, to be sent
 * once more where the campaign's policy and the number of earlier doubts allow it, otherwise held for a person.
 * After a start of the database one full lease passes before anything is taken over, because owners that live could
 * not renew while it was away; `mayTakeOver` is false as long as the same holds for this process's way to it.
 * `retryDoubtSeconds` is when a doubt is sent again. Null when nothing is due.
 */
export async function claimChunk(
  db: Db,
  owner: string,
  leaseSeconds: number,
  retryDoubtSeconds: number,
  mayTakeOver: boolean,
): Promise<ClaimedChunk | null> {
  return db.transaction(async (tx) => {
    const sentAt = performance.now();
    const { rows } = await tx.execute<{
      workspace_id: string;
      source_id: string;
      no: number;
      launch_month: string;
      fence: string;
      taken_over: boolean;
      version: number;
      in_doubt_policy: "resend" | "hold";
      now_ms: number;
    }>(sql`
      with due as (
        select c.workspace_id, c.source_id, c.no, c.state = 'leased' as taken_over, k.in_doubt_policy, k.version
        from chunk c
        join campaign k on k.workspace_id = c.workspace_id and k.id = c.source_id and k.status = 'sending'
        where c.state <> 'done' and c.due_at <= clock_timestamp()
          and (c.state = 'waiting' or (${mayTakeOver} and ${isAbandoned(leaseSeconds)}))
        order by c.due_at, c.source_id, c.no
        limit 1
        for update of c skip locked
      )
      update chunk c set state = 'leased', owner = ${owner}, fence = c.fence + 1,
        lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
      from due
      where c.workspace_id = due.workspace_id and c.source_id = due.source_id and c.no = due.no
      returning c.workspace_id, c.source_id, c.no, c.launch_month::text, c.fence, due.taken_over, due.in_doubt_policy,
        due.version, (extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms, ${endWhenAbandoned}`);
    const row = rows[0];
    if (!row) return null;
    const chunk: ClaimedChunk = {
      workspaceId: row.workspace_id,
      campaignId: row.source_id,
      no: row.no,
      launchMonth: row.launch_month,
      version: row.version,
      owner,
      fence: Number(row.fence),
      lease: leaseFrom(sentAt, leaseSeconds),
      marks: 0,
      clock: { database: row.now_ms, here: performance.now() },
    };
    if (row.taken_over) await doubtLostMessages(tx, chunk, row.in_doubt_policy, retryDoubtSeconds);
    return chunk;
  });
}

/** Of a leased chunk `c`: nobody looks after it. */
export function isAbandoned(leaseSeconds: number): SQL {
  return sql`(c.lease_until < clock_timestamp()
    and pg_postmaster_start_time() < clock_timestamp() - make_interval(secs => ${leaseSeconds}))`;
}

type ChunkKey = Pick<ClaimedChunk, "workspaceId" | "campaignId" | "no" | "launchMonth">;

/** What an earlier owner left marked as being sent becomes in doubt. The caller holds the chunk's row lock. */
export async function doubtLostMessages(
  tx: Db,
  chunk: ChunkKey,
  policy: "resend" | "hold",
  retryDoubtSeconds: number,
): Promise<void> {
  await tx.execute(sql`
    with left_behind as (
      delete from mark
      where workspace_id = ${chunk.workspaceId} and source_id = ${chunk.campaignId} and chunk = ${chunk.no}
      returning fence, sender_id, marked_at, message_ids),
    -- Answered under the mark's fence = not lost, though the mark was not closed yet.
    lost as (
      select m.id, k.fence, k.sender_id, k.marked_at, coalesce(a.n, 0) as n, coalesce(a.tries, 0) as tries
      from (
        select distinct on (id) id, fence, sender_id, marked_at from left_behind, unnest(message_ids) as id
        order by id, fence desc) k
      join message m on m.workspace_id = ${chunk.workspaceId} and m.launch_month = ${chunk.launchMonth} and m.id = k.id
      left join lateral (
        select a.n, a.tries, a.fence from attempt a
        where a.workspace_id = m.workspace_id and a.launch_month = m.launch_month and a.message_id = m.id
        order by a.n desc limit 1) a on true
      where k.fence > coalesce(a.fence, 0)),
    doubted as (
      insert into attempt (workspace_id, launch_month, message_id, n, source_id, chunk, state, fence, sender_id, class,
        reply, tries, started_at, settled_at, next_at)
      select ${chunk.workspaceId}, ${chunk.launchMonth}::date, id, n + 1, ${chunk.campaignId}, ${chunk.no}, 'in_doubt',
        fence, sender_id, 'lease_lost',
        'The worker that was sending this stopped before it could write down the answer.',
        tries, marked_at, clock_timestamp(),
        case when ${policy} = 'resend' and not exists (
            select from attempt b
            where b.workspace_id = ${chunk.workspaceId} and b.launch_month = ${chunk.launchMonth}::date
              and b.message_id = lost.id and b.state = 'in_doubt')
          then clock_timestamp() + make_interval(secs => ${retryDoubtSeconds}) end
      from lost
      returning 1)
    update chunk set sending = 0, in_doubt = in_doubt + (select count(*)::int from doubted)
    where workspace_id = ${chunk.workspaceId} and source_id = ${chunk.campaignId} and no = ${chunk.no}`);
}

/**
 * Renews the leases of all chunks a process holds, in one statement, and moves their deadlines on. A chunk that is not
 * ours any more is marked as lost.
 */
export async function heartbeat(
  db: Db,
  owner: string,
  chunks: readonly ClaimedChunk[],
  leaseSeconds: number,
): Promise<void> {
  if (chunks.length === 0) return;
  const sentAt = performance.now();
  const { rows } = await db.execute<{ source_id: string; no: number; fence: string }>(sql`
    -- Locked in the order in which answers are written down, so that the two never wait for each other in a circle.
    with mine as materialized (
      select workspace_id, source_id, no from chunk
      where owner = ${owner} and state = 'leased'
        and (workspace_id, source_id, no) in (select * from unnest(
          ${sql.param(chunks.map((c) => c.workspaceId))}::uuid[], ${sql.param(chunks.map((c) => c.campaignId))}::uuid[],
          ${sql.param(chunks.map((c) => c.no))}::int[]))
      order by workspace_id, source_id, no
      for update)
    update chunk c set lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    from mine where c.workspace_id = mine.workspace_id and c.source_id = mine.source_id and c.no = mine.no
    returning c.source_id, c.no, c.fence`);
  for (const chunk of chunks) {
    const held = rows.some(
      (r) => r.source_id === chunk.campaignId && r.no === chunk.no && Number(r.fence) === chunk.fence,
    );
    if (held) chunk.lease.deadline = leaseFrom(sentAt, leaseSeconds).deadline;
    else chunk.lease.lost = true;
  }
}

/**
 * Gives a chunk back. It is done when nothing inside can still be sent, otherwise it waits for the earliest retry (or
 * for `notBefore`, when its sender is away). Does nothing when somebody else owns it by now, or while something inside is still marked
 * as being sent: then the lease has to run out first.
 */
export async function releaseChunk(db: Db, chunk: ClaimedChunk, notBefore: Date | null): Promise<void> {
  const key = [chunk.workspaceId, chunk.campaignId, chunk.no, chunk.owner, chunk.fence];
  // Nearly always everybody has got a final answer, and the rollup says so without a look at each of them.
  const done = await runStatement<{ no: number }>(db, releaseDone, key);
  if (done.length > 0) return;
  await db.transaction(async (tx) => {
    // A statement of its own: the one after it has to see what a person decided while the lock was waited for.
    const held = await runStatement<{ no: number }>(tx, releaseLock, key);
    if (held.length > 0) await runStatement(tx, releaseWaiting, [...key, chunk.launchMonth, notBefore]);
  });
}

const releaseDone = {
  name: "release_done",
  text: `
    update chunk c set state = 'done', owner = null, lease_until = null
    where workspace_id = $1::uuid and source_id = $2::uuid and no = $3::int and owner = $4::uuid and fence = $5::bigint
      and state = 'leased' and sent + failed + skipped = total
      and not exists (
        select from mark k where k.workspace_id = $1::uuid and k.source_id = $2::uuid and k.chunk = $3::int)
    returning no`,
};

const releaseLock = {
  name: "release_lock",
  text: `
    select no, set_config('idle_in_transaction_session_timeout', '5000', true) as abandoned from chunk
    where workspace_id = $1::uuid and source_id = $2::uuid and no = $3::int and owner = $4::uuid and fence = $5::bigint
    for update`,
};

const releaseWaiting = {
  name: "release_waiting",
  text: `
    with newest as (
      select coalesce(a.state, 'pending') as state, a.next_at
      from message m
      left join lateral (
        select a.state, a.next_at from attempt a
        where a.workspace_id = m.workspace_id and a.launch_month = m.launch_month and a.message_id = m.id
        order by a.n desc limit 1) a on true
      where m.workspace_id = $1::uuid and m.launch_month = $6::date and m.source_id = $2::uuid and m.chunk = $3::int),
    open as (
      select min(case when state = 'pending' then clock_timestamp() else next_at end) as due_at
      from newest
      where state = 'pending' or state = 'deferred' or (state = 'in_doubt' and next_at is not null))
    update chunk c set state = case when open.due_at is null then 'done' else 'waiting' end,
      due_at = greatest(coalesce(open.due_at, c.due_at), $7::timestamptz), owner = null, lease_until = null
    from open
    where c.workspace_id = $1::uuid and c.source_id = $2::uuid and c.no = $3::int
      and c.owner = $4::uuid and c.fence = $5::bigint
      and not exists (
        select from mark k where k.workspace_id = $1::uuid and k.source_id = $2::uuid and k.chunk = $3::int)`,
};
