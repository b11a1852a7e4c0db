import { sql } from "drizzle-orm";
import { config } from "../config.ts";
import { type Db, endWhenAbandoned } from "../db.ts";
import { doubtLostMessages, isAbandoned } from "./claim.ts";

/**
 * Skips what a campaign in `cancelling` has not handed over: pending and deferred messages become skipped(cancelled),
 * chunk by chunk, so that it can stop and go on anywhere. Messages in doubt are never touched; they are only not sent
 * again. Chunks that a living worker still holds are left to it; it lets go within two seconds. Returns whether
 * everything is done.
 */
export async function cancelPending(db: Db, workspaceId: string, campaignId: string): Promise<boolean> {
  for (;;) {
    const worked = await db.transaction(async (tx) => {
      const { rows } = await tx.execute<{ no: number; launch_month: string; state: string }>(sql`
        select c.no, c.launch_month::text, c.state, ${endWhenAbandoned} from chunk c
        join campaign k on k.workspace_id = c.workspace_id and k.id = c.source_id and k.status = 'cancelling'
        where c.workspace_id = ${workspaceId} and c.source_id = ${campaignId}
          and (c.state = 'waiting' or (c.state = 'leased' and ${isAbandoned(config().DELIVERY_LEASE_SECONDS)}))
        order by c.no limit 1
        for update of c skip locked`);
      const row = rows[0];
      if (!row) return false;
      const chunk = { workspaceId, campaignId, no: row.no, launchMonth: row.launch_month };
      if (row.state === "leased") await doubtLostMessages(tx, chunk, "hold", 0);
      await tx.execute(sql`
        with newest as (
          select m.id, a.n, coalesce(a.state, 'pending') as state, coalesce(a.tries, 0) as tries
          from message m
          left join lateral (
            select a.n, a.state, a.tries from attempt a
            where a.workspace_id = m.workspace_id and a.launch_month = m.launch_month and a.message_id = m.id
            order by a.n desc limit 1) a on true
          where m.workspace_id = ${workspaceId} and m.launch_month = ${row.launch_month}::date
            and m.source_id = ${campaignId} and m.chunk = ${row.no}),
        held as (
          update attempt a set next_at = null from newest
          where newest.state = 'in_doubt' and a.workspace_id = ${workspaceId} and a.launch_month = ${row.launch_month}::date
            and a.message_id = newest.id and a.n = newest.n),
        skipped as (
          insert into attempt (workspace_id, launch_month, message_id, n, source_id, chunk, state, fence, class, tries, settled_at)
          select ${workspaceId}, ${row.launch_month}::date, id, coalesce(n, 0) + 1, ${campaignId}, ${row.no}, 'skipped', 0,
            'cancelled', tries, clock_timestamp()
          from newest where state in ('pending', 'deferred')
          returning message_id)
        update chunk set state = 'done', owner = null, lease_until = null, fence = fence + 1, deferred = 0,
          skipped = skipped + (select count(*)::int from skipped)
        where workspace_id = ${workspaceId} and source_id = ${campaignId} and no = ${row.no}`);
      return true;
    });
    if (!worked) return isDrained(db, workspaceId, campaignId);
  }
}

/** Whether nothing of a campaign can still be sent: every chunk is done. Counts on rows, not on rollups. */
export async function isDrained(db: Db, workspaceId: string, campaignId: string): Promise<boolean> {
  const { rows } = await db.execute<{ open: boolean }>(sql`
    select exists (select from chunk where workspace_id = ${workspaceId} and source_id = ${campaignId} and state <> 'done') as open`);
  return rows[0]?.open === false;
}
