import { and, type SQL, sql } from "drizzle-orm";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import type { EngagementFilter, RecipientFilter, RecipientPage, RecipientState } from "./recipients-input.ts";
import { findLaunched, type Launched } from "./report-head.ts";

/** One person a campaign went to, or was to go to. */
export interface Recipient {
  messageId: string;
  /** Null when the person has been deleted since. */
  subscriberId: string | null;
  email: string;
  name: string;
  state: RecipientState;
  /** Outcome class, or why it was skipped. Null while nothing was tried. */
  reason: string | null;
  /** The server's answer to the last try. */
  code: number | null;
  enhanced: string | null;
  reply: string | null;
  attempts: number;
  lastTryAt: Date | null;
  nextTryAt: Date | null;
  humanOpenAt: Date | null;
  machineOpenAt: Date | null;
  humanClickAt: Date | null;
  machineClickAt: Date | null;
  unsubscribedAt: Date | null;
}

export const recipientsPerPage = 50;

/**
 * One page of recipients in the order their messages were written, narrowed by the filter. Both cursors are subscriber
 * ids, so a page stays where it is while states change. Walks the unique index message_person; states that are
 * not nearly everybody's come through attempt_notable or the rollups of the chunks. Of a million recipients any page
 * takes 3–100 ms, a search for a part of an address up to 0.5 s.
 */
export async function listRecipients(
  db: Db,
  scope: Scope,
  campaignId: string,
  page: RecipientPage,
): Promise<{ rows: Recipient[]; next: string | null; previous: string | null }> {
  const launched = await findLaunched(db, scope, campaignId);
  if (!launched) return { rows: [], next: null, previous: null };
  const { after, before } = page;
  const backwards = before !== undefined && after === undefined;
  const cursor = after ? sql`m.subscriber_id > ${after}` : before ? sql`m.subscriber_id < ${before}` : undefined;
  const found = await selectRecipients(db, launched, page, {
    cursor,
    order: backwards ? sql`desc` : sql`asc`,
    limit: recipientsPerPage + 1,
  });
  const more = found.length > recipientsPerPage;
  const rows = found.slice(0, recipientsPerPage);
  if (backwards) rows.reverse();
  const hasPrevious = backwards ? more : after !== undefined;
  const hasNext = backwards ? true : more;
  return {
    rows: rows.map(recipientOf),
    next: hasNext ? (rows.at(-1)?.message_subscriber_id ?? null) : null,
    previous: hasPrevious ? (rows[0]?.message_subscriber_id ?? null) : null,
  };
}

/** Runs a read where it may be run; see readReports. */
export type Read = <T>(work: (db: Db) => Promise<T>) => Promise<T>;

/** All recipients of a filter in batches, for an export; each batch is a statement of its own. */
export async function* recipientBatches(
  read: Read,
  launched: Launched,
  filter: RecipientFilter,
  batchSize: number,
): AsyncGenerator<Recipient[]> {
  let after: string | null = null;
  for (;;) {
    const cursor: SQL | undefined = after === null ? undefined : sql`m.subscriber_id > ${after}`;
    const rows: RecipientRow[] = await read((db) =>
      selectRecipients(db, launched, filter, { cursor, order: sql`asc`, limit: batchSize }),
    );
    if (rows.length > 0) yield rows.map(recipientOf);
    if (rows.length < batchSize) return;
    after = rows.at(-1)?.message_subscriber_id ?? null;
  }
}

async function selectRecipients(
  db: Db,
  launched: Launched,
  filter: RecipientFilter,
  page: { cursor: SQL | undefined; order: SQL; limit: number },
): Promise<RecipientRow[]> {
  const { workspaceId, campaignId, launchMonth } = launched;
  const where = and(
    sql`m.workspace_id = ${workspaceId} and m.launch_month = ${launchMonth} and m.source_id = ${campaignId}`,
    filter.state && ofState(filter.state, launched),
    filter.reason ? sql`m.class = ${filter.reason}` : undefined,
    filter.did && ofEngagement(filter.did, launched),
    filter.q ? sql`strpos(lower(m.email), ${filter.q.toLowerCase()}) > 0` : undefined,
    page.cursor,
  );
  const { rows } = await db.execute<RecipientRow>(sql`
    select m.id, m.subscriber_id as message_subscriber_id, s.id as subscriber_id, m.email, s.first_name, s.last_name,
      case m.state when 'claimed' then 'pending' else m.state end as state, m.class as reason, m.code, m.enhanced, m.reply,
      coalesce(m.attempt_n, 0)::int as attempts, coalesce(m.settled_at, m.started_at) as last_try_at, m.next_at,
      t.human_open_at, t.machine_open_at, t.human_click_at, t.machine_click_at, t.unsubscribed_at
    from message_state m
    left join subscriber s on s.workspace_id = m.workspace_id and s.id = m.subscriber_id
    left join first_touch t on t.workspace_id = m.workspace_id and t.campaign_id = m.source_id
      and t.subscriber_id = m.subscriber_id
    where ${where} order by m.subscriber_id ${page.order} limit ${page.limit}`);
  return rows;
}

function ofState(state: RecipientState, { workspaceId, campaignId, launchMonth }: Launched): SQL {
  const inChunks = (some: SQL) =>
    sql`m.chunk in (select no from chunk where workspace_id = ${workspaceId} and source_id = ${campaignId} and ${some})`;
  switch (state) {
    case "pending":
      return sql`m.state in ('pending', 'claimed')
        and ${inChunks(sql`total > sending + sent + deferred + failed + in_doubt + skipped`)}`;
    case "sending":
      return sql`m.state = 'sending' and ${inChunks(sql`sending > 0`)}`;
    case "sent":
      return sql`m.state = 'sent'`;
    default:
      return sql`m.state = ${state} and m.id in (
        select message_id from attempt where workspace_id = ${workspaceId} and launch_month = ${launchMonth}
          and source_id = ${campaignId} and state = ${state})`;
  }
}

function ofEngagement(did: EngagementFilter, { workspaceId, campaignId, launchMonth }: Launched): SQL {
  switch (did) {
    case "opened":
      return sql`t.human_open_at is not null`;
    case "clicked":
      return sql`t.human_click_at is not null`;
    case "not_opened":
      return withoutTouch(sql`human_open_at`);
    case "not_clicked":
      return withoutTouch(sql`human_click_at`);
    case "machine_only":
      return sql`t.human_open_at is null and t.human_click_at is null
        and (t.machine_open_at is not null or t.machine_click_at is not null)`;
    case "unsubscribed":
      return sql`t.unsubscribed_at is not null`;
    case "complained":
    case "bounced":
      return sql`m.id in (
        select message_id from feedback where workspace_id = ${workspaceId} and launch_month = ${launchMonth}
          and source_id = ${campaignId} and kind = ${did === "complained" ? "complaint" : "bounce"})`;
  }
}

// "offset 0" keeps the look-up a filter of the walk: as a join of everybody the planner once took 110 s for a million.
function withoutTouch(touch: SQL): SQL {
  return sql`m.state = 'sent' and not exists (
    select from first_touch x
    where x.workspace_id = m.workspace_id and x.campaign_id = m.source_id and x.subscriber_id = m.subscriber_id
      and x.${touch} is not null offset 0)`;
}

interface RecipientRow extends Record<string, unknown> {
  id: string;
  message_subscriber_id: string | null;
  subscriber_id: string | null;
  email: string;
  first_name: string | null;
  last_name: string | null;
  state: RecipientState;
  reason: string | null;
  code: number | null;
  enhanced: string | null;
  reply: string | null;
  attempts: number;
  last_try_at: string | null;
  next_at: string | null;
  human_open_at: string | null;
  machine_open_at: string | null;
  human_click_at: string | null;
  machine_click_at: string | null;
  unsubscribed_at: string | null;
}

function recipientOf(row: RecipientRow): Recipient {
  const at = (value: string | null) => (value === null ? null : new Date(value));
  const { email, state, reason, code, enhanced, reply, attempts } = row;
  return {
    messageId: row.id,
    subscriberId: row.subscriber_id,
    name: [row.first_name, row.last_name].filter(Boolean).join(" "),
    ...{ email, state, reason, code, enhanced, reply, attempts },
    lastTryAt: at(row.last_try_at),
    nextTryAt: at(row.next_at),
    humanOpenAt: at(row.human_open_at),
    machineOpenAt: at(row.machine_open_at),
    humanClickAt: at(row.human_click_at),
    machineClickAt: at(row.machine_click_at),
    unsubscribedAt: at(row.unsubscribed_at),
  };
}
