import { and, eq, sql } from "drizzle-orm";
import { subscriber } from "#drizzle/schema/audience.ts";
import { describeUnsubscribe, unsubscribe } from "../audience/unsubscribe.ts";
import { findWorkspaceByNumber } from "../auth/workspaces.ts";
import type { Db } from "../db.ts";
import { newId } from "../ids.ts";
import { log } from "../log.ts";
import type { Token } from "../tokens.ts";
import { withEventPartition } from "./event-partition.ts";

export type UnsubscribeToken = Extract<Token, { purpose: "unsubscribe" }>;

/** What a person sees before they decide. */
export interface UnsubscribeView {
  workspaceName: string;
  /** Languages to try, best first: the person's, then the workspace's. */
  languages: string[];
  /** Null when nobody is known under this link any more: then there is nothing to leave. */
  person: { email: string; lists: string[]; isOff: boolean; isOffEverything: boolean } | null;
}

/** Looks, and changes nothing. Null when even the workspace is gone. */
export async function viewUnsubscribe(db: Db, token: UnsubscribeToken): Promise<UnsubscribeView | null> {
  const workspace = await findWorkspaceByNumber(db, token.workspaceNumber);
  if (!workspace) return null;
  const ids = { workspaceId: workspace.id, subscriberId: token.subscriberId, campaignId: token.campaignId };
  const [row] = await db
    .select({ language: subscriber.language })
    .from(subscriber)
    .where(and(eq(subscriber.workspaceId, ids.workspaceId), eq(subscriber.id, ids.subscriberId)));
  return {
    workspaceName: workspace.name,
    languages: [row?.language, workspace.language].filter((language) => language != null),
    person: await describeUnsubscribe(db, ids),
  };
}

export interface UnsubscribeRequest {
  scope: "campaign_lists" | "everything";
  /** one_click = the mail program asked (RFC 8058); unsubscribe_page = a button on our page. */
  method: "one_click" | "unsubscribe_page";
  ipAddress: string | null;
  userAgent: string;
}

/**
 * Takes the person of a link off, at once and for queued mails too. Idempotent, and fine when person, campaign or
 * workspace are gone: nobody there gets mail. The opt-out is committed before anything is recorded about it, so it
 * holds even when the recording fails.
 */
export async function unsubscribeByLink(db: Db, token: UnsubscribeToken, request: UnsubscribeRequest): Promise<void> {
  const workspace = await findWorkspaceByNumber(db, token.workspaceNumber);
  if (!workspace) return;
  const { subscriberId, campaignId } = token;
  const { scope, method, ipAddress } = request;
  const ids = { workspaceId: workspace.id, subscriberId, campaignId };
  const { found } = await unsubscribe(db, { ...ids, scope, method, ipAddress });
  // The link of a test mail: nobody left, so nobody is counted.
  if (!found) return;
  try {
    await withEventPartition(db, () => recordOnce(db, workspace.id, token, request));
  } catch (error) {
    log.error({ err: error }, "an opt-out was done and could not be recorded as an event");
  }
}

/** One event and one first touch per person and campaign, however often the link is used. */
async function recordOnce(
  db: Db,
  workspaceId: string,
  token: UnsubscribeToken,
  request: UnsubscribeRequest,
): Promise<void> {
  const { subscriberId, campaignId } = token;
  await db.execute(sql`
    with first as (
      insert into first_touch (workspace_id, campaign_id, subscriber_id, unsubscribed_at)
      values (${workspaceId}, ${campaignId}, ${subscriberId}, now())
      on conflict (workspace_id, campaign_id, subscriber_id) do update set unsubscribed_at = excluded.unsubscribed_at
      where first_touch.unsubscribed_at is null
      returning unsubscribed_at
    )
    insert into event
      (workspace_id, received_at, id, kind, campaign_id, subscriber_id, verdict, verdict_reason, user_agent, ip_address)
    select ${workspaceId}, unsubscribed_at, ${newId()}, 'unsubscribe', ${campaignId}, ${subscriberId}, 'human',
      ${request.method}, ${request.userAgent.replaceAll("\0", "").toWellFormed().slice(0, 500)}, ${request.ipAddress}::inet
    from first`);
}
