import { sql } from "drizzle-orm";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { type StateCounts, stateCounts } from "../delivery/counts.ts";
import { findLaunched, type Launched } from "./report-head.ts";

export interface DeliveryReport {
  counts: StateCounts;
  failed: Reason[];
  skipped: Reason[];
  deferred: Reason[];
  /** When the first deferred message is tried again. */
  nextTryAt: Date | null;
  /** Of those in doubt: how many will be sent once more by themselves. The others wait for a person. */
  doubtsToResend: number;
}

/** A class of lib/delivery, or why a message was skipped, and how many messages it is about. */
export interface Reason {
  reason: string;
  messages: number;
}

/**
 * What became of the messages. Each is counted in exactly one state, so the states add up to `total`:
 *   sent      accepted by the mail server it was handed to; whether a mailbox got it, nobody tells a sender
 *   deferred  not taken yet, another try is scheduled
 *   failed    refused for good, or all tries used up
 *   in doubt  handed over completely, and the answer never came
 *   skipped   not to be sent any more: opted out, suppressed, cancelled, expired
 *   pending   not tried yet; sending: on the wire at this moment
 * A message's reason is that of its newest attempt.
 */
export async function deliveryReport(db: Db, scope: Scope, campaignId: string): Promise<DeliveryReport> {
  const launched = await findLaunched(db, scope, campaignId);
  const counts = await stateCounts(db, scope.workspaceId, campaignId);
  const notable = launched ? await countReasons(db, launched) : [];
  const of = (state: string): Reason[] =>
    notable
      .filter((row) => row.state === state)
      .map(({ reason, messages }) => ({ reason, messages }))
      .sort((a, b) => b.messages - a.messages || (a.reason < b.reason ? -1 : 1));
  const nextTries = notable.flatMap((row) => (row.state === "deferred" && row.next_at ? [row.next_at] : [])).sort();
  return {
    counts,
    failed: of("failed"),
    skipped: of("skipped"),
    deferred: of("deferred"),
    nextTryAt: nextTries[0] ? new Date(nextTries[0]) : null,
    doubtsToResend: notable.filter((row) => row.state === "in_doubt").reduce((sum, row) => sum + row.to_resend, 0),
  };
}

interface NotableRow extends Record<string, unknown> {
  state: string;
  reason: string;
  messages: number;
  next_at: string | null;
  to_resend: number;
}

/** Counts on attempt_notable: what is nearly everybody (sent) is not read at all. */
async function countReasons(db: Db, { workspaceId, campaignId, launchMonth }: Launched): Promise<NotableRow[]> {
  const { rows } = await db.execute<NotableRow>(sql`
    select a.state, coalesce(a.class, 'unknown') as reason, count(*)::int as messages,
      min(a.next_at) as next_at, count(a.next_at)::int as to_resend
    from attempt a
    where a.workspace_id = ${workspaceId} and a.launch_month = ${launchMonth} and a.source_id = ${campaignId}
      and a.state in ('deferred', 'failed', 'in_doubt', 'skipped')
      and not exists (
        select from attempt newer
        where newer.workspace_id = ${workspaceId} and newer.launch_month = ${launchMonth}
          and newer.message_id = a.message_id and newer.n > a.n)
    group by 1, 2`);
  return rows;
}
