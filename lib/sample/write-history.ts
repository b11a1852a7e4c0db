import { type SQL, sql } from "drizzle-orm";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { monthOf } from "../ids.ts";
import type { SampleDelivery, SampleMessage } from "./delivery-story.ts";
import type { SampleEvent } from "./reader-story.ts";
import { json } from "./write-people.ts";

/**
 * Writes the attempts of a frozen campaign, takes the rollups of its chunks from them, and does to the people what the
 * answers call for: a mailbox that does not exist is suppressed, who left meanwhile has opted out. Returns when the
 * last answer came.
 */
export async function writeDelivery(
  tx: Db,
  scope: Scope,
  campaign: { id: string; launchedAt: Date },
  { attempts, bounced, left }: SampleDelivery,
): Promise<Date> {
  const { workspaceId } = scope;
  const month = monthOf(campaign.launchedAt);
  await tx.execute(sql`
    insert into attempt (workspace_id, launch_month, message_id, n, source_id, chunk, state, fence, sender_id, class, phase,
      code, enhanced, reply, tries, started_at, settled_at, next_at)
    select m.workspace_id, m.launch_month, a.message_id, a.n, m.source_id, m.chunk, a.state, 1, c.sender_id, a.class, a.phase,
      a.code, a.enhanced, a.reply, a.tries, a.started_at, a.settled_at, a.next_at
    from jsonb_to_recordset(${json(attempts)}::jsonb) as a (message_id uuid, n smallint, state text, class text, phase text,
      code smallint, enhanced text, reply text, tries smallint, started_at timestamptz, settled_at timestamptz,
      next_at timestamptz)
    join message m on m.workspace_id = ${workspaceId} and m.launch_month = ${month} and m.id = a.message_id
    join campaign c on c.workspace_id = m.workspace_id and c.id = m.source_id`);
  await tx.execute(sql`
    update chunk k set state = 'done', fence = 1, sent = t.sent, deferred = t.deferred, failed = t.failed,
      in_doubt = t.in_doubt, skipped = t.skipped, hard = t.hard, blocked = t.blocked, content = t.content
    from (
      select chunk, count(*) filter (where state = 'sent')::int as sent,
        count(*) filter (where state = 'deferred')::int as deferred,
        count(*) filter (where state = 'failed')::int as failed,
        count(*) filter (where state = 'in_doubt')::int as in_doubt,
        count(*) filter (where state = 'skipped')::int as skipped,
        sum((select count(*) from attempt a where a.workspace_id = ms.workspace_id and a.launch_month = ms.launch_month
          and a.message_id = ms.id and a.state = 'failed' and a.class = 'hard'))::int as hard,
        sum((select count(*) from attempt a where a.workspace_id = ms.workspace_id and a.launch_month = ms.launch_month
          and a.message_id = ms.id and a.class = 'block'))::int as blocked,
        sum((select count(*) from attempt a where a.workspace_id = ms.workspace_id and a.launch_month = ms.launch_month
          and a.message_id = ms.id and a.class = 'content'))::int as content
      from message_state ms where workspace_id = ${workspaceId} and source_id = ${campaign.id} group by chunk) t
    where k.workspace_id = ${workspaceId} and k.source_id = ${campaign.id} and k.no = t.chunk`);

  const last =
    attempts
      .map((attempt) => attempt.settled_at)
      .sort()
      .at(-1) ?? campaign.launchedAt;
  const finishedAt = new Date(new Date(last).getTime() + 2000);
  await tx.execute(sql`
    insert into suppression (workspace_id, email_key, reason, detail, campaign_id, created_at)
    select ${workspaceId}::uuid, s.email_key, 'hard_bounce', '550 5.1.1 No such user here', ${campaign.id}, ${finishedAt.toISOString()}
    from subscriber s where s.workspace_id = ${workspaceId} and s.id = any(${idsOf(bounced)})
    on conflict do nothing`);
  const bouncedAt = finishedAt.toISOString();
  await changeStandings(
    tx,
    scope,
    bounced.map((message) => ({ ...message, at: bouncedAt })),
    {
      status: "bounced",
      method: "bounce",
      campaignId: campaign.id,
    },
  );
  // They left through the preference page, not through this mail.
  const leftAt = campaign.launchedAt.toISOString();
  await changeStandings(
    tx,
    scope,
    left.map((message) => ({ ...message, at: leftAt })),
    {
      status: "unsubscribed",
      method: "unsubscribe_page",
      campaignId: null,
    },
  );
  return finishedAt;
}

/** Writes hits and opt-outs with the first touches that follow from them. */
export async function writeReaders(
  tx: Db,
  scope: Scope,
  campaignId: string,
  { events, leavers }: { events: readonly SampleEvent[]; leavers: ReadonlyArray<SampleMessage & { at: Date }> },
): Promise<void> {
  const { workspaceId } = scope;
  await tx.execute(sql`
    insert into event (workspace_id, received_at, id, kind, campaign_id, message_id, subscriber_id, link_position, verdict,
      verdict_reason, user_agent, ip_address)
    select ${workspaceId}::uuid, e.received_at, new_id(e.received_at), e.kind, ${campaignId}, e.message_id, e.subscriber_id,
      e.link_position, e.verdict, e.verdict_reason, e.user_agent, e.ip_address
    from jsonb_to_recordset(${json(events)}::jsonb) as e (received_at timestamptz, kind text, message_id uuid,
      subscriber_id uuid, link_position smallint, verdict text, verdict_reason text, user_agent text, ip_address inet)`);
  const leaving = leavers.map((leaver) => ({ ...leaver, at: leaver.at.toISOString() }));
  await tx.execute(sql`
    insert into event (workspace_id, received_at, id, kind, campaign_id, subscriber_id, verdict, verdict_reason, user_agent)
    select ${workspaceId}::uuid, l.at, new_id(l.at), 'unsubscribe', ${campaignId}, l."subscriberId", 'human', 'unsubscribe_page', ''
    from ${recordsOf(leaving)}`);
  await changeStandings(tx, scope, leaving, { status: "unsubscribed", method: "unsubscribe_page", campaignId });
  await tx.execute(sql`
    insert into first_touch (workspace_id, campaign_id, subscriber_id, human_open_at, machine_open_at, human_click_at,
      machine_click_at, unsubscribed_at)
    select workspace_id, campaign_id, subscriber_id,
      min(received_at) filter (where kind = 'open' and verdict = 'human'),
      min(received_at) filter (where kind = 'open' and verdict = 'machine'),
      min(received_at) filter (where kind = 'click' and verdict = 'human'),
      min(received_at) filter (where kind = 'click' and verdict = 'machine'),
      min(received_at) filter (where kind = 'unsubscribe')
    from event where workspace_id = ${workspaceId} and campaign_id = ${campaignId}
    group by workspace_id, campaign_id, subscriber_id`);
}

/** The standing on every list of some people, with its proof. */
async function changeStandings(
  tx: Db,
  { workspaceId }: Scope,
  people: ReadonlyArray<{ subscriberId: string; at: string }>,
  to: { status: "bounced" | "unsubscribed"; method: "bounce" | "unsubscribe_page"; campaignId: string | null },
): Promise<void> {
  await tx.execute(sql`
    with changed as (
      update subscription n set status = ${to.status}, changed_at = l.at
      from ${recordsOf(people)}
      where n.workspace_id = ${workspaceId} and n.subscriber_id = l."subscriberId" and n.status = 'subscribed'
      returning n.list_id, n.subscriber_id, l.at
    )
    insert into consent (workspace_id, id, subscriber_id, list_id, status, method, campaign_id, at)
    select ${workspaceId}::uuid, new_id(at), subscriber_id, list_id, ${to.status}, ${to.method}, ${to.campaignId}::uuid, at
    from changed`);
}

function recordsOf(people: ReadonlyArray<{ subscriberId: string; at: string }>): SQL {
  return sql`jsonb_to_recordset(${json(people.map(({ subscriberId, at }) => ({ subscriberId, at })))}::jsonb) as l ("subscriberId" uuid, at timestamptz)`;
}

function idsOf(messages: readonly SampleMessage[]): SQL {
  return sql`${`{${messages.map((m) => m.subscriberId).join(",")}}`}::uuid[]`;
}
