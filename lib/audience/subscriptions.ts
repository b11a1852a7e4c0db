import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { list, type SubscriptionStatus, subscription } from "#drizzle/schema/audience.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound, Refusal } from "../errors.ts";
import { recordConsent } from "./consent.ts";
import type { StandingInput } from "./input.ts";
import { requireLists } from "./lists.ts";
import { getSubscriber } from "./subscribers.ts";

export interface Standing {
  listId: string;
  listName: string;
  isListArchived: boolean;
  status: SubscriptionStatus;
  createdAt: Date;
  changedAt: Date;
}

/** Where a person stands on each list they have ever been on. */
export async function listStandings(db: Db, scope: Scope, subscriberId: string): Promise<Standing[]> {
  allow(scope, "read");
  const rows = await db
    .select({ standing: subscription, listName: list.name, archivedAt: list.archivedAt })
    .from(subscription)
    .innerJoin(list, and(eq(list.workspaceId, subscription.workspaceId), eq(list.id, subscription.listId)))
    .where(and(eq(subscription.workspaceId, scope.workspaceId), eq(subscription.subscriberId, subscriberId)))
    .orderBy(asc(list.name));
  return rows.map(({ standing, listName, archivedAt }) => ({
    listId: standing.listId,
    listName,
    isListArchived: archivedAt !== null,
    status: standing.status,
    createdAt: standing.createdAt,
    changedAt: standing.changedAt,
  }));
}

/**
 * Subscribes or unsubscribes one person on one list by hand, with its proof. Who opted out comes back only with words
 * on how they asked for it (refuses `audience.consent_needed`); who complained never does
 * (`audience.complained_stays_out`).
 */
export async function setStanding(db: Db, scope: Scope, input: StandingInput): Promise<void> {
  allow(scope, "write");
  const { workspaceId, userId } = scope;
  const { subscriberId, listId, status, wording } = input;
  await db.transaction(async (tx) => {
    await getSubscriber(tx, scope, subscriberId);
    if (status === "subscribed") await requireLists(tx, scope, [listId]);
    const [before] = await tx
      .select()
      .from(subscription)
      .where(at(scope, subscriberId, listId))
      .for("update");
    if (before?.status === status) return;
    if (before && status === "subscribed") refuseQuietReturn(before.status, wording);
    if (!before && status === "unsubscribed") throw new NotFound("subscription");
    const written = await tx
      .insert(subscription)
      .values({ workspaceId, listId, subscriberId, status })
      .onConflictDoUpdate({
        target: [subscription.workspaceId, subscription.listId, subscription.subscriberId],
        set: { status, changedAt: new Date() },
        // What was not there a moment ago and is now is the person's own doing, or an import's.
        setWhere: before ? undefined : sql`false`,
      })
      .returning({ status: subscription.status });
    if (written.length === 0) throw new Refusal("audience.consent_needed");
    await recordConsent(tx, [{ workspaceId, subscriberId, listId, status, method: "manual", wording, userId }]);
  });
}

/**
 * Takes a person off a list as if they had never been on it. An opt-out, a bounce or a complaint stays on record, or
 * the next import would bring the person back: refuses `audience.opt_out_kept`. Returns the standing, for an undo.
 */
export async function removeFromList(
  db: Db,
  scope: Scope,
  input: { subscriberId: string; listId: string },
): Promise<{ status: "subscribed" | "unconfirmed" }> {
  allow(scope, "write");
  return db.transaction(async (tx) => {
    const [before] = await tx
      .select()
      .from(subscription)
      .where(at(scope, input.subscriberId, input.listId))
      .for("update");
    if (!before) throw new NotFound("subscription");
    if (before.status !== "subscribed" && before.status !== "unconfirmed") throw new Refusal("audience.opt_out_kept");
    await tx.delete(subscription).where(at(scope, input.subscriberId, input.listId));
    await recordConsent(tx, [
      {
        workspaceId: scope.workspaceId,
        ...input,
        status: "unsubscribed",
        method: "manual",
        wording: "Removed from the list.",
        userId: scope.userId,
      },
    ]);
    return { status: before.status };
  });
}

/** The lists of many people at once, for one page of the table: per subscriber id. */
export async function standingsOf(
  db: Db,
  scope: Pick<Scope, "workspaceId">,
  subscriberIds: readonly string[],
): Promise<Map<string, Array<{ listId: string; listName: string; status: SubscriptionStatus }>>> {
  const found = new Map<string, Array<{ listId: string; listName: string; status: SubscriptionStatus }>>();
  if (subscriberIds.length === 0) return found;
  const rows = await db
    .select({
      subscriberId: subscription.subscriberId,
      listId: list.id,
      listName: list.name,
      status: subscription.status,
    })
    .from(subscription)
    .innerJoin(list, and(eq(list.workspaceId, subscription.workspaceId), eq(list.id, subscription.listId)))
    .where(and(eq(subscription.workspaceId, scope.workspaceId), inArray(subscription.subscriberId, [...subscriberIds])))
    .orderBy(asc(list.name));
  for (const { subscriberId, ...standing } of rows) {
    const known = found.get(subscriberId);
    if (known) known.push(standing);
    else found.set(subscriberId, [standing]);
  }
  return found;
}

function refuseQuietReturn(before: SubscriptionStatus, wording: string): void {
  switch (before) {
    case "complained":
      throw new Refusal("audience.complained_stays_out");
    case "unsubscribed":
    case "bounced":
      if (wording === "") throw new Refusal("audience.consent_needed");
      return;
    case "unconfirmed":
    case "subscribed":
      return;
  }
}

function at(scope: Pick<Scope, "workspaceId">, subscriberId: string, listId: string) {
  return and(
    eq(subscription.workspaceId, scope.workspaceId),
    eq(subscription.subscriberId, subscriberId),
    eq(subscription.listId, listId),
  );
}
