import { and, eq, sql } from "drizzle-orm";
import { type ConsentMethod, list, subscriber, subscription } from "#drizzle/schema/audience.ts";
import { campaign } from "#drizzle/schema/campaigns.ts";
import { message } from "#drizzle/schema/delivery.ts";
import type { Db } from "../db.ts";
import { monthOf } from "../ids.ts";
import { findSuppression, suppress } from "./suppression.ts";

export interface UnsubscribeInput {
  workspaceId: string;
  subscriberId: string;
  campaignId: string;
  /** Every list the campaign went to, or all mail of this workspace for ever. */
  scope: "campaign_lists" | "everything";
  method: Extract<ConsentMethod, "one_click" | "unsubscribe_page">;
  ipAddress?: string | null;
}

/**
 * Takes a person off, in seconds and for good: what is queued for them is skipped by the check before hand-over.
 * Idempotent; never brings anybody back, and touches nobody else. Works when the campaign, its lists or the person
 * are gone: without known lists it leaves all of them; a deleted person's address (read from the message) is
 * suppressed, so that no import brings it back. Returns whether anybody is known under these ids, and how many standings
 * changed.
 */
export async function unsubscribe(db: Db, input: UnsubscribeInput): Promise<{ found: boolean; changed: number }> {
  return db.transaction(async (tx) => {
    const { workspaceId, campaignId, method, ipAddress } = input;
    const email = await findEmail(tx, input);
    if (email === null) return { found: false, changed: 0 };
    const left = await leaveLists(tx, input);
    const isGone = (await findPerson(tx, input)) === null;
    if (input.scope === "everything" || isGone) {
      await suppress(tx, { workspaceId }, { email, reason: "unsubscribed_all", campaignId, method, ipAddress });
    }
    return { found: true, changed: left };
  });
}

/**
 * What the unsubscribe page shows before anything is done: the address, the names of the lists that would be left,
 * and whether that has happened already. Null when nobody is known under these ids.
 */
export async function describeUnsubscribe(
  db: Db,
  input: Pick<UnsubscribeInput, "workspaceId" | "subscriberId" | "campaignId">,
): Promise<{ email: string; lists: string[]; isOff: boolean; isOffEverything: boolean } | null> {
  const email = await findEmail(db, input);
  if (email === null) return null;
  const lists = await db
    .select({ name: list.name, status: subscription.status })
    .from(subscription)
    .innerJoin(list, and(eq(list.workspaceId, subscription.workspaceId), eq(list.id, subscription.listId)))
    .where(and(ofPerson(input), sql`${subscription.listId} in (${targetedLists(input)})`))
    .orderBy(list.name);
  const isOffEverything = (await findSuppression(db, input, email)) !== null;
  const mailed = lists.filter((one) => one.status === "subscribed" || one.status === "unconfirmed");
  return {
    email,
    lists: (mailed.length > 0 ? mailed : lists).map((one) => one.name),
    isOff: isOffEverything || mailed.length === 0,
    isOffEverything,
  };
}

/*
 * Updates the standings on the targeted lists and writes their proof in one statement. Somebody who is on none of
 * them any more (removed after the mail went out) gets an opt-out on each, because a click must outlast the next
 * import; somebody on one of two does not become an opt-out of the other.
 */
async function leaveLists(tx: Db, input: UnsubscribeInput): Promise<number> {
  const { workspaceId, subscriberId, campaignId, method, ipAddress } = input;
  const result = await tx.execute(sql`
    with target as (${targetedLists(input)}),
    standing as (
      select 1 from subscription
      where workspace_id = ${workspaceId} and subscriber_id = ${subscriberId} and list_id in (select list_id from target)
      limit 1
    ),
    changed as (
      update subscription set status = 'unsubscribed', changed_at = clock_timestamp()
      where workspace_id = ${workspaceId} and subscriber_id = ${subscriberId}
        and list_id in (select list_id from target) and status in ('subscribed', 'unconfirmed')
      returning list_id
    ),
    added as (
      insert into subscription (workspace_id, list_id, subscriber_id, status)
      select ${workspaceId}, target.list_id, ${subscriberId}, 'unsubscribed' from target
      where not exists (select from standing)
        and exists (select from subscriber where workspace_id = ${workspaceId} and id = ${subscriberId})
      -- Put on the list in this moment, by an import that this statement waited for: the click came after.
      on conflict (workspace_id, list_id, subscriber_id)
        do update set status = 'unsubscribed', changed_at = clock_timestamp()
        where subscription.status in ('subscribed', 'unconfirmed')
      returning list_id
    )
    insert into consent (workspace_id, subscriber_id, list_id, status, method, campaign_id, ip_address)
    select ${workspaceId}, ${subscriberId}, list_id, 'unsubscribed', ${method}, ${campaignId}, ${ipAddress ?? null}
    from (select list_id from changed union all select list_id from added) left_lists
    returning 1`);
  return result.rowCount ?? 0;
}

// The lists a campaign targeted; every list of the person when the campaign is not known any more.
function targetedLists(input: Pick<UnsubscribeInput, "workspaceId" | "subscriberId" | "campaignId">) {
  const { workspaceId, subscriberId, campaignId } = input;
  const targeted = sql`select list_id from campaign_list
    where workspace_id = ${workspaceId} and campaign_id = ${campaignId} and mode = 'include'`;
  return sql`${targeted} union all
    select list_id from subscription
    where workspace_id = ${workspaceId} and subscriber_id = ${subscriberId} and not exists (${targeted})`;
}

async function findEmail(
  db: Db,
  input: Pick<UnsubscribeInput, "workspaceId" | "subscriberId" | "campaignId">,
): Promise<string | null> {
  return (await findPerson(db, input)) ?? (await findMailedAddress(db, input));
}

async function findPerson(
  db: Db,
  input: Pick<UnsubscribeInput, "workspaceId" | "subscriberId">,
): Promise<string | null> {
  const [person] = await db
    .select({ email: subscriber.email })
    .from(subscriber)
    .where(and(eq(subscriber.workspaceId, input.workspaceId), eq(subscriber.id, input.subscriberId)));
  return person?.email ?? null;
}

async function findMailedAddress(
  db: Db,
  input: Pick<UnsubscribeInput, "workspaceId" | "subscriberId" | "campaignId">,
): Promise<string | null> {
  const [sent] = await db
    .select({ launchedAt: campaign.launchedAt })
    .from(campaign)
    .where(and(eq(campaign.workspaceId, input.workspaceId), eq(campaign.id, input.campaignId)));
  if (!sent?.launchedAt) return null;
  const [mailed] = await db
    .select({ email: message.email })
    .from(message)
    .where(
      and(
        eq(message.workspaceId, input.workspaceId),
        eq(message.launchMonth, monthOf(sent.launchedAt)),
        eq(message.sourceId, input.campaignId),
        eq(message.subscriberId, input.subscriberId),
      ),
    );
  return mailed?.email ?? null;
}

function ofPerson(input: Pick<UnsubscribeInput, "workspaceId" | "subscriberId">) {
  return and(eq(subscription.workspaceId, input.workspaceId), eq(subscription.subscriberId, input.subscriberId));
}
