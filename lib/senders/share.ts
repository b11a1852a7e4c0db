import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";

/*
 * A sender's number of connections holds over all worker processes on all hosts. Each process with an open line to it
 * has a row: how many connections it may have open, until its lease ends. The rows that are alive never add up to more
 * than the sender's number, whatever happens at once; they change under one lock per sender, by the database's clock.
 *
 * Everybody is due the same: with 10 connections and 4 workers 3, 3, 2 and 2, the older worker (by its id) first. Who
 * comes when all are taken gets what the others give back, as each of them is told its new share at its next renewal.
 */

/**
 * Renews (or begins) a worker's share and returns how many connections it may have open from now on. `held` is how many
 * it has open or is opening at this moment; it must not open any while this call is under way. When the answer is lower
 * than `held` it closes the difference as soon as they are idle, and says so at its next renewal: until then they still
 * count as its own. With more workers than connections some get 0, and their turn when others end.
 * A worker whose renewals fail for `leaseSeconds` has to close everything: its share is given to others.
 */
export async function renewShare(
  db: Db,
  workspaceId: string,
  senderId: string,
  owner: string,
  connections: number,
  held: number,
  leaseSeconds: number,
): Promise<number> {
  return db.transaction(async (tx) => {
    // A statement of its own: the one after it then sees what was committed by whoever held the lock before.
    await tx.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${`sender share ${workspaceId} ${senderId}`}, 0))`,
    );
    const { rows } = await tx.execute<{ target: number }>(sql`
      with clock as materialized (select clock_timestamp() as at),
      gone as (
        delete from sender_share s using clock
        where s.workspace_id = ${workspaceId} and s.sender_id = ${senderId} and s.owner <> ${owner}
          and s.lease_until <= clock.at
      ),
      alive as materialized (
        select s.owner, s.held from sender_share s cross join clock
        where s.workspace_id = ${workspaceId} and s.sender_id = ${senderId} and s.lease_until > clock.at
      ),
      standing as materialized (
        select count(*) filter (where owner <> ${owner})::int + 1 as owners,
          count(*) filter (where owner < ${owner})::int as before_me,
          greatest(0, ${connections}::int - coalesce(sum(held) filter (where owner <> ${owner}), 0))::int as free,
          coalesce(max(held) filter (where owner = ${owner}), 0)::int as had
        from alive
      ),
      share as materialized (
        select free, had,
          least(free, ${connections}::int / owners + (before_me < ${connections}::int % owners)::int) as target
        from standing
      )
      insert into sender_share (workspace_id, sender_id, owner, held, lease_until)
      select ${workspaceId}, ${senderId}, ${owner},
        -- What is open already counts on until it is closed; but no more than was granted, or is free for one who lost
        -- its lease.
        greatest(target, least(${held}::int, greatest(had, free))),
        clock.at + make_interval(secs => ${leaseSeconds}::float8)
      from share cross join clock
      on conflict (workspace_id, sender_id, owner) do update set held = excluded.held, lease_until = excluded.lease_until
      returning (select target from share) as target`);
    const target = rows[0]?.target;
    if (target === undefined) throw new Error("a share of a sender's connections was not written");
    return target;
  });
}

/** Gives a worker's share back, after its last connection to the sender is closed. */
export async function releaseShare(db: Db, workspaceId: string, senderId: string, owner: string): Promise<void> {
  await db.execute(sql`
    delete from sender_share
    where workspace_id = ${workspaceId} and sender_id = ${senderId} and owner = ${owner}`);
}

/**
 * What this worker may have of a number that all workers with a share of the sender have to keep to together, such as a
 * cap on one lane's connections: the same for each, the remainder to the older ones. All of it while nobody has a share.
 */
export async function partOf(
  db: Db,
  workspaceId: string,
  senderId: string,
  owner: string,
): Promise<(whole: number) => number> {
  const { rows } = await db.execute<{ owners: number; before: number }>(sql`
    select greatest(count(*), 1)::int as owners, count(*) filter (where owner < ${owner})::int as before
    from sender_share
    where workspace_id = ${workspaceId} and sender_id = ${senderId} and lease_until > clock_timestamp()`);
  const { owners = 1, before = 0 } = rows[0] ?? {};
  return (whole) => Math.floor(whole / owners) + (before < whole % owners ? 1 : 0);
}
