import { and, eq, inArray, sql } from "drizzle-orm";
import {
  type ConsentMethod,
  type SubscriptionStatus,
  type SuppressionReason,
  subscriber,
  suppression,
} from "#drizzle/schema/audience.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound, Refusal } from "../errors.ts";
import { addressKey } from "./address.ts";

export type Suppression = typeof suppression.$inferSelect;

export interface SuppressInput {
  email: string;
  reason: SuppressionReason;
  /** Why, for people: the server's words, a note. */
  detail?: string;
  campaignId?: string | null;
  method?: ConsentMethod;
  ipAddress?: string | null;
}

/**
 * Stops all mail of a workspace to an address, and notes on every list of the person what happened: a hard bounce
 * makes them bounced, a complaint complained, a general opt-out unsubscribed. Idempotent; a complaint or an erasure
 * replaces a weaker reason, nothing ever replaces those two. Works in the caller's transaction and for addresses that
 * belong to nobody. Throws on a text that is no address.
 */
export async function suppress(tx: Db, scope: Pick<Scope, "workspaceId">, input: SuppressInput): Promise<void> {
  const emailKey = addressKey(input.email);
  await tx
    .insert(suppression)
    .values({
      workspaceId: scope.workspaceId,
      emailKey,
      reason: input.reason,
      detail: (input.detail ?? "").slice(0, 1000),
      campaignId: input.campaignId ?? null,
    })
    .onConflictDoUpdate({
      target: [suppression.workspaceId, suppression.emailKey],
      set: { reason: sql`excluded.reason`, detail: sql`excluded.detail`, campaignId: sql`excluded.campaign_id` },
      setWhere: sql`${rank(sql`excluded.reason`)} > ${rank(suppression.reason)}`,
    });
  const status = statusAfter(input.reason);
  if (status) await markEverywhere(tx, scope, emailKey, status, input);
}

/** Whether an address gets no mail from this workspace. */
export async function isSuppressed(db: Db, scope: Pick<Scope, "workspaceId">, email: string): Promise<boolean> {
  return (await findSuppression(db, scope, email)) !== null;
}

export async function findSuppression(
  db: Db,
  scope: Pick<Scope, "workspaceId">,
  email: string,
): Promise<Suppression | null> {
  const [found] = await db
    .select()
    .from(suppression)
    .where(and(eq(suppression.workspaceId, scope.workspaceId), eq(suppression.emailKey, addressKey(email))));
  return found ?? null;
}

/**
 * Lets mail go to an address again. Only what no person decided can be lifted (a hard bounce, or what a marketer
 * blocked by hand); refuses `audience.suppression_is_final` otherwise. Standings on lists stay as they are.
 */
export async function liftSuppression(db: Db, scope: Scope, subscriberId: string): Promise<void> {
  allow(scope, "write");
  await db.transaction(async (tx) => {
    const [person] = await tx
      .select({ emailKey: subscriber.emailKey })
      .from(subscriber)
      .where(and(eq(subscriber.workspaceId, scope.workspaceId), eq(subscriber.id, subscriberId)));
    if (!person) throw new NotFound("subscriber");
    const here = and(eq(suppression.workspaceId, scope.workspaceId), eq(suppression.emailKey, person.emailKey));
    const lifted = await tx
      .delete(suppression)
      .where(and(here, inArray(suppression.reason, ["hard_bounce", "manual"])))
      .returning({ reason: suppression.reason });
    const reason = lifted[0]?.reason;
    if (reason) await audit(tx, scope, "suppression.lift", { kind: "subscriber", id: subscriberId }, { reason });
    else if ((await tx.select().from(suppression).where(here)).length > 0) {
      throw new Refusal("audience.suppression_is_final");
    }
  });
}

/** Blocks a person's address by hand. Their standings stay, so lifting it brings all back as it was. */
export async function suppressSubscriber(db: Db, scope: Scope, subscriberId: string): Promise<void> {
  allow(scope, "write");
  await db.transaction(async (tx) => {
    const [person] = await tx
      .select({ email: subscriber.email })
      .from(subscriber)
      .where(and(eq(subscriber.workspaceId, scope.workspaceId), eq(subscriber.id, subscriberId)));
    if (!person) throw new NotFound("subscriber");
    await suppress(tx, scope, { email: person.email, reason: "manual" });
    await audit(tx, scope, "suppression.add", { kind: "subscriber", id: subscriberId });
  });
}

function statusAfter(reason: SuppressionReason): SubscriptionStatus | null {
  switch (reason) {
    case "hard_bounce":
      return "bounced";
    case "complaint":
      return "complained";
    case "unsubscribed_all":
      return "unsubscribed";
    case "manual":
    case "erased":
      return null;
  }
}

function methodOf(reason: SuppressionReason): ConsentMethod {
  return reason === "hard_bounce" ? "bounce" : reason === "complaint" ? "complaint" : "manual";
}

// One statement, so that the standing and its proof cannot part. Only a complaint may replace an opt-out.
async function markEverywhere(
  tx: Db,
  { workspaceId }: Pick<Scope, "workspaceId">,
  emailKey: string,
  status: SubscriptionStatus,
  input: SuppressInput,
): Promise<void> {
  const replaceable =
    status === "complained" ? sql`n.status <> 'complained'` : sql`n.status in ('subscribed', 'unconfirmed')`;
  await tx.execute(sql`
    with changed as (
      update subscription n set status = ${status}, changed_at = clock_timestamp()
      from subscriber s
      where s.workspace_id = ${workspaceId} and s.email_key = ${emailKey}
        and n.workspace_id = ${workspaceId} and n.subscriber_id = s.id and ${replaceable}
      returning n.list_id, n.subscriber_id
    )
    insert into consent (workspace_id, subscriber_id, list_id, status, method, wording, campaign_id, ip_address)
    select ${workspaceId}, subscriber_id, list_id, ${status}, ${input.method ?? methodOf(input.reason)},
      ${(input.detail ?? "").slice(0, 1000)}, ${input.campaignId ?? null}, ${input.ipAddress ?? null}
    from changed`);
}

function rank(reason: unknown) {
  return sql`case ${reason} when 'erased' then 4 when 'complaint' then 3 when 'unsubscribed_all' then 2 when 'manual' then 1 else 0 end`;
}
