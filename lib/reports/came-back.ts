import { sql } from "drizzle-orm";
import type { FeedbackKind } from "#drizzle/schema/feedback.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { findLaunched, type Launched } from "./report-head.ts";

/** How many messages came back after they were accepted. */
export interface CameBack {
  /** Each message once, however often it is reported. */
  complaints: number;
  bounces: number;
  /** Of these, because the mailbox is not there. */
  hardBounces: number;
}

/** Counts a campaign's rows of feedback by feedback_source. */
export async function cameBack(db: Db, scope: Scope, campaignId: string): Promise<CameBack> {
  const launched = await findLaunched(db, scope, campaignId);
  if (!launched) return { complaints: 0, bounces: 0, hardBounces: 0 };
  const { rows } = await db.execute<CameBack & Record<string, unknown>>(sql`
    select count(*) filter (where kind = 'complaint')::int as complaints,
      count(*) filter (where kind = 'bounce')::int as bounces,
      count(*) filter (where kind = 'bounce' and class = 'hard')::int as "hardBounces"
    from feedback
    where workspace_id = ${launched.workspaceId} and launch_month = ${launched.launchMonth} and source_id = ${campaignId}`);
  if (!rows[0]) throw new Error("an aggregate without a row");
  return rows[0];
}

/** One report about a message. */
export interface TimelineFeedback {
  kind: FeedbackKind;
  /** A bounce's class, a complaint's type. */
  class: string;
  enhanced: string | null;
  /** The report's own words. */
  words: string;
  at: Date;
}

/** What came back of one message, oldest first. */
export async function listFeedback(
  db: Db,
  { workspaceId, launchMonth }: Launched,
  messageId: string,
): Promise<TimelineFeedback[]> {
  const { rows } = await db.execute<Omit<TimelineFeedback, "at"> & { received_at: string }>(sql`
    select kind, class, enhanced, words, received_at from feedback
    where workspace_id = ${workspaceId} and launch_month = ${launchMonth} and message_id = ${messageId}
    order by received_at`);
  return rows.map(({ received_at, ...row }) => ({ ...row, at: new Date(received_at) }));
}
