import { and, desc, eq, isNotNull, sql } from "drizzle-orm";
import { type CampaignStatus, campaign } from "#drizzle/schema/campaigns.ts";
import type { AttemptState } from "#drizzle/schema/delivery.ts";
import type { FeedbackKind } from "#drizzle/schema/feedback.ts";
import type { EventKind, Verdict } from "#drizzle/schema/tracking.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";
import { monthOf } from "../ids.ts";
import { listFeedback, type TimelineFeedback } from "./came-back.ts";
import type { RecipientState } from "./recipients-input.ts";
import { findLaunched } from "./report-head.ts";

/** One mail to one person, with everything that is known about it. */
export interface MessageTimeline {
  messageId: string;
  /** Null when the person has been deleted since. */
  subscriberId: string | null;
  email: string;
  name: string;
  state: RecipientState;
  reason: string | null;
  /** When it is tried again by itself. */
  nextTryAt: Date | null;
  /** Oldest first. */
  attempts: TimelineAttempt[];
  /** What came back after it was accepted, oldest first. */
  cameBack: TimelineFeedback[];
  /** Opens, clicks and unsubscribing through this mail, oldest first; at most `shownHits` of them. */
  hits: TimelineHit[];
  moreHits: boolean;
}

/** One try, or what a person decided instead of one. */
export interface TimelineAttempt {
  n: number;
  state: AttemptState;
  reason: string | null;
  /** Null when the sender is gone, or none was asked. */
  sender: { name: string; isInbox: boolean } | null;
  phase: string | null;
  code: number | null;
  enhanced: string | null;
  /** The server's own words, in full. */
  reply: string | null;
  startedAt: Date;
  settledAt: Date | null;
  nextTryAt: Date | null;
}

export interface TimelineHit {
  kind: EventKind;
  verdict: Verdict;
  at: Date;
  /** Where the link leads; null for an open. */
  url: string | null;
}

/** Of the hits of one mail so many are shown: a scanner can leave thousands. */
export const shownHits = 100;

/**
 * A message's life: its state, every try with the server's words, what came back, and its opens and clicks. Look-ups by
 * key (the keys of message, attempt and feedback, event_message). Refuses NotFound for a message that is not this campaign's, or a
 * campaign that is not this workspace's.
 */
export async function messageTimeline(
  db: Db,
  scope: Scope,
  campaignId: string,
  messageId: string,
): Promise<MessageTimeline> {
  const launched = await findLaunched(db, scope, campaignId);
  if (!launched) throw new NotFound("message");
  const { workspaceId, launchMonth } = launched;
  const { rows } = await db.execute<HeadRow>(sql`
    select m.id, s.id as subscriber_id, m.email, s.first_name, s.last_name,
      case m.state when 'claimed' then 'pending' else m.state end as state, m.class, m.next_at
    from message_state m
    left join subscriber s on s.workspace_id = m.workspace_id and s.id = m.subscriber_id
    where m.workspace_id = ${workspaceId} and m.launch_month = ${launchMonth} and m.source_id = ${campaignId}
      and m.id = ${messageId}`);
  const head = rows[0];
  if (!head) throw new NotFound("message");
  const attempts = await listAttempts(db, workspaceId, launchMonth, messageId);
  const hits = await listHits(db, workspaceId, campaignId, messageId);
  return {
    messageId: head.id,
    subscriberId: head.subscriber_id,
    email: head.email,
    name: [head.first_name, head.last_name].filter(Boolean).join(" "),
    state: head.state,
    reason: head.class,
    nextTryAt: head.next_at === null ? null : new Date(head.next_at),
    attempts,
    cameBack: await listFeedback(db, launched, messageId),
    hits: hits.slice(0, shownHits),
    moreHits: hits.length > shownHits,
  };
}

interface HeadRow extends Record<string, unknown> {
  id: string;
  subscriber_id: string | null;
  email: string;
  first_name: string | null;
  last_name: string | null;
  state: RecipientState;
  class: string | null;
  next_at: string | null;
}

async function listAttempts(
  db: Db,
  workspaceId: string,
  launchMonth: string,
  messageId: string,
): Promise<TimelineAttempt[]> {
  const { rows } = await db.execute<{
    n: number;
    state: AttemptState;
    class: string | null;
    sender_name: string | null;
    sender_kind: string | null;
    phase: string | null;
    code: number | null;
    enhanced: string | null;
    reply: string | null;
    started_at: string;
    settled_at: string | null;
    next_at: string | null;
  }>(sql`
    select a.n, a.state, a.class, s.name as sender_name, s.kind as sender_kind, a.phase, a.code, a.enhanced, a.reply,
      a.started_at, a.settled_at, a.next_at
    from attempt a
    left join sender s on s.workspace_id = a.workspace_id and s.id = a.sender_id
    where a.workspace_id = ${workspaceId} and a.launch_month = ${launchMonth} and a.message_id = ${messageId}
    order by a.n`);
  return rows.map((row) => ({
    n: row.n,
    state: row.state,
    reason: row.class,
    sender: row.sender_name === null ? null : { name: row.sender_name, isInbox: row.sender_kind === "inbox" },
    phase: row.phase,
    code: row.code,
    enhanced: row.enhanced,
    reply: row.reply,
    startedAt: new Date(row.started_at),
    settledAt: row.settled_at === null ? null : new Date(row.settled_at),
    nextTryAt: row.next_at === null ? null : new Date(row.next_at),
  }));
}

async function listHits(db: Db, workspaceId: string, campaignId: string, messageId: string): Promise<TimelineHit[]> {
  const { rows } = await db.execute<{ kind: EventKind; verdict: Verdict; received_at: string; url: string | null }>(sql`
    select e.kind, e.verdict, e.received_at, l.url
    from event e
    left join link l on l.workspace_id = e.workspace_id and l.campaign_id = e.campaign_id and l.position = e.link_position
    where e.workspace_id = ${workspaceId} and e.message_id = ${messageId} and e.campaign_id = ${campaignId}
    order by e.received_at limit ${shownHits + 1}`);
  return rows.map((row) => ({
    kind: row.kind,
    verdict: row.verdict,
    at: new Date(row.received_at),
    url: row.url,
  }));
}

/** A mail that a person got, or was to get. */
export interface PersonMail {
  campaignId: string;
  messageId: string;
  campaign: string;
  status: CampaignStatus;
  launchedAt: Date;
  state: RecipientState;
  reason: string | null;
  /** What came back of it: kinds, each once. */
  cameBack: FeedbackKind[];
}

/** So many campaigns back a person's mails are looked for. */
export const campaignsBack = 100;

/**
 * The mails of one person, newest first, from the workspace's latest campaigns (`campaignsBack`): one look-up in the
 * unique index message_person for each, so a million messages cost no more than a hundred.
 */
export async function mailsOfPerson(db: Db, scope: Scope, subscriberId: string): Promise<PersonMail[]> {
  allow(scope, "read");
  const latest = await db
    .select({ id: campaign.id, name: campaign.name, status: campaign.status, launchedAt: campaign.launchedAt })
    .from(campaign)
    .where(and(eq(campaign.workspaceId, scope.workspaceId), isNotNull(campaign.launchedAt)))
    .orderBy(desc(campaign.launchedAt))
    .limit(campaignsBack);
  const launched = latest.flatMap((row) => (row.launchedAt ? [{ ...row, launchedAt: row.launchedAt }] : []));
  if (launched.length === 0) return [];
  const { rows } = await db.execute<{
    campaign_id: string;
    id: string;
    state: RecipientState;
    class: string | null;
    came_back: FeedbackKind[];
  }>(sql`
    select k.campaign_id, m.id, case m.state when 'claimed' then 'pending' else m.state end as state, m.class,
      array(select f.kind from feedback f where f.workspace_id = m.workspace_id and f.launch_month = m.launch_month
        and f.message_id = m.id order by f.received_at) as came_back
    from unnest(${sql.param(launched.map((one) => one.id))}::uuid[],
      ${sql.param(launched.map((one) => monthOf(one.launchedAt)))}::date[]) as k (campaign_id, launch_month)
    cross join lateral (
      select * from message_state m
      where m.workspace_id = ${scope.workspaceId} and m.launch_month = k.launch_month and m.source_id = k.campaign_id
        and m.subscriber_id = ${subscriberId}) m`);
  const found = new Map(rows.map((row) => [row.campaign_id, row]));
  return launched.flatMap(({ id, name, status, launchedAt }) => {
    const mail = found.get(id);
    if (!mail) return [];
    const { id: messageId, state, class: reason, came_back: cameBack } = mail;
    return [{ campaignId: id, messageId, campaign: name, status, launchedAt, state, reason, cameBack }];
  });
}
