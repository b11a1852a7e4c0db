import { and, eq, sql } from "drizzle-orm";
import { consent, type SubscriptionStatus, subscriber, subscription } from "#drizzle/schema/audience.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound, Refusal } from "../errors.ts";
import { type ParsedAddress, parseAddress } from "./address.ts";
import { recordConsent } from "./consent.ts";
import { type FieldValue, readFieldValue } from "./field-values.ts";
import { listFields } from "./fields.ts";
import type { AddPersonInput, EditPersonInput } from "./input.ts";
import { requireLists } from "./lists.ts";
import { findSuppression, suppress } from "./suppression.ts";
import { isUniqueViolation } from "./unique-violation.ts";

export type Subscriber = typeof subscriber.$inferSelect;

/**
 * Adds one person by hand, subscribed to `listIds`, with the proof. Refuses `audience.address_invalid`,
 * `audience.subscriber_exists` (detail `id`), `audience.address_suppressed` and `audience.field_value`.
 */
export async function addSubscriber(db: Db, scope: Scope, input: AddPersonInput): Promise<{ id: string }> {
  allow(scope, "write");
  const { workspaceId, userId } = scope;
  const address = requireAddress(input.email);
  return db.transaction(async (tx) => {
    await waitBriefly(tx);
    if (await findSuppression(tx, scope, address.email)) throw new Refusal("audience.address_suppressed");
    const fields = await readFields(tx, scope, input.fields);
    await requireLists(tx, scope, input.listIds);
    const [made] = await inTime(() =>
      tx
        .insert(subscriber)
        .values({
          workspaceId,
          email: address.email,
          emailKey: address.key,
          firstName: input.firstName,
          lastName: input.lastName,
          fields: fields.set,
          source: "manual",
        })
        .onConflictDoNothing()
        .returning({ id: subscriber.id }),
    );
    if (!made) {
      const there = await findByKey(tx, scope, address.key);
      throw new Refusal("audience.subscriber_exists", { id: there?.id ?? "" });
    }
    const standings = [...new Set(input.listIds)].map((listId) => ({
      workspaceId,
      listId,
      subscriberId: made.id,
      status: "subscribed" as SubscriptionStatus,
    }));
    if (standings.length > 0) await tx.insert(subscription).values(standings);
    await recordConsent(
      tx,
      standings.map((standing) => ({ ...standing, method: "manual" as const, wording: input.wording, userId })),
    );
    return made;
  });
}

/**
 * Changes a person's address, name and custom fields. A new address keeps what the person decided: an opt-out or a
 * complaint moves with it. Refuses as addSubscriber does.
 */
export async function editSubscriber(db: Db, scope: Scope, input: EditPersonInput): Promise<void> {
  allow(scope, "write");
  const address = requireAddress(input.email);
  await db.transaction(async (tx) => {
    await waitBriefly(tx);
    const before = await getSubscriber(tx, scope, input.id);
    const fields = await readFields(tx, scope, input.fields);
    if (address.key !== before.emailKey) await carrySuppression(tx, scope, before, address);
    try {
      await inTime(() =>
        tx
          .update(subscriber)
          .set({
            email: address.email,
            emailKey: address.key,
            firstName: input.firstName,
            lastName: input.lastName,
            fields: sql`(${subscriber.fields} - ${`{${fields.cleared.join(",")}}`}::text[]) || ${JSON.stringify(fields.set)}::jsonb`,
            updatedAt: new Date(),
          })
          .where(inWorkspace(scope, input.id)),
      );
    } catch (error) {
      if (!isUniqueViolation(error, "subscriber_email_key")) throw error;
      throw new Refusal("audience.subscriber_exists", { id: "" });
    }
  });
}

/** One person of the workspace, or null. */
export async function findSubscriber(
  db: Db,
  scope: Pick<Scope, "workspaceId">,
  id: string,
): Promise<Subscriber | null> {
  const [found] = await db.select().from(subscriber).where(inWorkspace(scope, id));
  return found ?? null;
}

/** One person of the workspace. */
export async function getSubscriber(db: Db, scope: Pick<Scope, "workspaceId">, id: string): Promise<Subscriber> {
  const found = await findSubscriber(db, scope, id);
  if (!found) throw new NotFound("subscriber");
  return found;
}

/**
 * Deletes a person with their standings and their proof; messages and reports keep their counts. Somebody who has
 * opted out anywhere leaves the address on the suppression list, so that no import brings them back.
 */
export async function deleteSubscriber(db: Db, scope: Scope, id: string): Promise<{ keptSuppressed: boolean }> {
  allow(scope, "write");
  return db.transaction(async (tx) => {
    await waitBriefly(tx);
    // Locked before anything is deleted: an import that is putting the person on a list has ended by then.
    await inTime(() => tx.select({ id: subscriber.id }).from(subscriber).where(inWorkspace(scope, id)).for("update"));
    const person = await getSubscriber(tx, scope, id);
    const [optOut] = await tx
      .select({ status: subscription.status })
      .from(subscription)
      .where(
        and(
          eq(subscription.workspaceId, scope.workspaceId),
          eq(subscription.subscriberId, id),
          sql`${subscription.status} in ('unsubscribed', 'complained')`,
        ),
      )
      .limit(1);
    if (optOut) {
      const reason = optOut.status === "complained" ? "complaint" : "unsubscribed_all";
      await suppress(tx, scope, { email: person.email, reason, detail: "Deleted after opting out." });
    }
    const ofPerson = { workspaceId: scope.workspaceId, id };
    await tx.delete(consent).where(and(eq(consent.workspaceId, ofPerson.workspaceId), eq(consent.subscriberId, id)));
    await tx
      .delete(subscription)
      .where(and(eq(subscription.workspaceId, ofPerson.workspaceId), eq(subscription.subscriberId, id)));
    await inTime(() => tx.delete(subscriber).where(inWorkspace(scope, id)));
    await audit(tx, scope, "subscriber.delete", { kind: "subscriber", id });
    return { keptSuppressed: optOut !== undefined };
  });
}

function requireAddress(text: string): Extract<ParsedAddress, { ok: true }> {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Refusal("audience.address_invalid", { reason: parsed.reason });
  return parsed;
}

// What was typed, by the registry: values to store and keys whose value was emptied. Unknown keys are refused.
async function readFields(
  tx: Db,
  scope: Scope,
  given: Record<string, string>,
): Promise<{ set: Record<string, FieldValue>; cleared: string[] }> {
  const registry = new Map((await listFields(tx, scope)).map((field) => [field.key, field]));
  const set: Record<string, FieldValue> = {};
  const cleared: string[] = [];
  for (const [key, text] of Object.entries(given)) {
    const field = registry.get(key);
    if (!field) throw new NotFound("field");
    const value = readFieldValue(field.type, text);
    if (value === undefined) throw new Refusal("audience.field_value", { field: field.label, type: field.type });
    if (value === null) cleared.push(key);
    else set[key] = value;
  }
  return { set, cleared };
}

// A bounce belongs to the address that is being replaced; everything else is the person's own or a marketer's decision.
async function carrySuppression(tx: Db, scope: Scope, before: Subscriber, address: { email: string }): Promise<void> {
  const suppressed = await findSuppression(tx, scope, before.email);
  if (suppressed && suppressed.reason !== "hard_bounce") {
    const { reason, detail, campaignId } = suppressed;
    await suppress(tx, scope, { email: address.email, reason, detail, campaignId });
  }
}

// An import writes people in one transaction of up to a minute; a form does not wait for it that long.
async function waitBriefly(tx: Db): Promise<void> {
  await tx.execute(sql`set local lock_timeout = '4s'`);
}

async function inTime<T>(write: () => PromiseLike<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if ((cause as { code?: string } | undefined)?.code === "55P03") throw new Refusal("audience.busy_importing");
    throw error;
  }
}

async function findByKey(db: Db, scope: Pick<Scope, "workspaceId">, key: string): Promise<Subscriber | null> {
  const [found] = await db
    .select()
    .from(subscriber)
    .where(and(eq(subscriber.workspaceId, scope.workspaceId), eq(subscriber.emailKey, key)));
  return found ?? null;
}

function inWorkspace(scope: Pick<Scope, "workspaceId">, id: string) {
  return and(eq(subscriber.workspaceId, scope.workspaceId), eq(subscriber.id, id));
}
