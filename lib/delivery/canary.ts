import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";

/*
 * A canary: the first chunks of a campaign go out, the others are held until it has been waited for. A held chunk is
 * due at 'infinity', so that a claim passes over it without a condition of its own; it was never claimed, so its fence
 * is 0. When the last message of the canary has an outcome, the held chunks become due at the end of the wait.
 */

/** Where a campaign with a canary stands. */
export interface CanaryState {
  /** People whose mails wait for the end of the canary; 0 once the wait is over. */
  held: number;
  /** When they follow by themselves; null while the first mails are still going out. */
  until: Date | null;
}

/** Of a chunk `c`: it was never claimed and is not due. */
const isHeld = sql`(c.state = 'waiting' and c.fence = 0 and c.due_at > clock_timestamp())`;

/** The state of a campaign's canary; null for a campaign without one, or when nobody waits for it any more. */
export async function canaryState(db: Db, workspaceId: string, campaignId: string): Promise<CanaryState | null> {
  const { rows } = await db.execute<{ held: number; until: string | null }>(sql`
    select k.canary_until as until, coalesce(sum(c.total), 0)::int as held
    from campaign k join chunk c on c.workspace_id = k.workspace_id and c.source_id = k.id
    where k.workspace_id = ${workspaceId} and k.id = ${campaignId} and k.canary_count is not null
      and (k.canary_until is null or k.canary_until > clock_timestamp()) and ${isHeld}
    group by k.canary_until`);
  const [row] = rows;
  return row ? { held: row.held, until: row.until === null ? null : new Date(row.until) } : null;
}

/**
 * Begins the wait once every message of the canary has an outcome: none is pending or being sent. What is deferred does
 * not hold it up. Sets canary_until and makes the held chunks due then, in one statement that a second run cannot
 * repeat. Does nothing for a campaign without a canary, or one that is as small as its canary.
 */
export async function beginCanaryWait(db: Db, workspaceId: string, campaignId: string): Promise<void> {
  await db.execute(sql`
    with out as (
      update campaign k set canary_until = clock_timestamp() + make_interval(mins => k.canary_minutes),
        updated_at = clock_timestamp()
      where k.workspace_id = ${workspaceId} and k.id = ${campaignId} and k.status = 'sending'
        and k.canary_count is not null and k.canary_until is null
        and exists (select from chunk c where c.workspace_id = k.workspace_id and c.source_id = k.id and ${isHeld})
        and not exists (select from chunk c where c.workspace_id = k.workspace_id and c.source_id = k.id
          and not ${isHeld} and c.total > c.sent + c.failed + c.deferred + c.in_doubt + c.skipped)
      returning k.canary_until
    )
    update chunk c set due_at = out.canary_until from out
    where c.workspace_id = ${workspaceId} and c.source_id = ${campaignId} and ${isHeld}`);
}

/** Makes what a canary holds back due at once. Returns whether anything was held. The caller has moved canary_until. */
export async function releaseHeld(tx: Db, workspaceId: string, campaignId: string): Promise<boolean> {
  const released = await tx.execute(sql`
    update chunk c set due_at = clock_timestamp()
    where c.workspace_id = ${workspaceId} and c.source_id = ${campaignId} and ${isHeld}`);
  return (released.rowCount ?? 0) > 0;
}
