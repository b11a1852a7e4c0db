import { and, asc, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { list, type SubscriptionStatus, subscription } from "#drizzle/schema/audience.ts";
import { campaign, campaignList } from "#drizzle/schema/campaigns.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound, Refusal } from "../errors.ts";
import type { ListInput } from "./input.ts";
import { isUniqueViolation } from "./unique-violation.ts";

export type List = typeof list.$inferSelect;
export type StatusCounts = Record<SubscriptionStatus, number>;
export type ListWithCounts = List & { counts: StatusCounts };

/** Creates a list. Refuses `audience.list_name_taken`; names differ by more than case among lists in use. */
export async function createList(db: Db, scope: Scope, input: ListInput): Promise<List> {
  allow(scope, "write");
  return db.transaction(async (tx) => {
    const [made] = await refuseTakenName(input.name, () =>
      tx
        .insert(list)
        .values({ workspaceId: scope.workspaceId, ...input })
        .returning(),
    );
    if (!made) throw new Error("an insert returned no row");
    await audit(tx, scope, "list.create", { kind: "list", id: made.id }, { name: made.name });
    return made;
  });
}

/** Changes a list's name and description. Refuses `audience.list_name_taken`. */
export async function changeList(db: Db, scope: Scope, input: ListInput & { id: string }): Promise<void> {
  allow(scope, "write");
  const { id, name, description } = input;
  const changed = await refuseTakenName(name, () =>
    db.update(list).set({ name, description }).where(inWorkspace(scope, id)).returning({ id: list.id }),
  );
  if (changed.length === 0) throw new NotFound("list");
}

/**
 * Puts a list away or takes it back; nobody's standing changes. Refuses `audience.list_in_use` while a campaign goes to
 * it that is scheduled or has not written everybody's message yet, `audience.list_name_taken` when its name has been
 * given to another meanwhile.
 */
export async function archiveList(db: Db, scope: Scope, input: { id: string; archived: boolean }): Promise<void> {
  allow(scope, "write");
  await db.transaction(async (tx) => {
    const before = await getList(tx, scope, input.id);
    if (input.archived) await refuseInUse(tx, scope, input.id);
    await refuseTakenName(before.name, () =>
      tx
        .update(list)
        .set({ archivedAt: input.archived ? sql`coalesce(${list.archivedAt}, now())` : null })
        .where(inWorkspace(scope, input.id)),
    );
    const action = input.archived ? "list.archive" : "list.restore";
    await audit(tx, scope, action, { kind: "list", id: input.id }, { name: before.name });
  });
}

/** One list of the workspace, archived or not. */
export async function getList(db: Db, scope: Pick<Scope, "workspaceId">, id: string): Promise<List> {
  const [found] = await db.select().from(list).where(inWorkspace(scope, id));
  if (!found) throw new NotFound("list");
  return found;
}

/** Names and ids for pickers, by name. */
export async function listLists(db: Db, scope: Pick<Scope, "workspaceId">): Promise<List[]> {
  return db
    .select()
    .from(list)
    .where(and(eq(list.workspaceId, scope.workspaceId), isNull(list.archivedAt)))
    .orderBy(asc(sql`lower(${list.name})`), asc(list.id));
}

/** All lists with the number of people per standing. Counts rows: 0.2 s over a million subscriptions. */
export async function listListsWithCounts(
  db: Db,
  scope: Scope,
  { archived }: { archived: boolean } = { archived: false },
): Promise<ListWithCounts[]> {
  allow(scope, "read");
  const lists = await db
    .select()
    .from(list)
    .where(
      and(eq(list.workspaceId, scope.workspaceId), archived ? sql`archived_at is not null` : isNull(list.archivedAt)),
    )
    .orderBy(asc(sql`lower(${list.name})`), asc(list.id));
  if (lists.length === 0) return [];
  const rows = await db
    .select({ listId: subscription.listId, status: subscription.status, people: sql<number>`count(*)::int` })
    .from(subscription)
    .where(eq(subscription.workspaceId, scope.workspaceId))
    .groupBy(subscription.listId, subscription.status);
  return lists.map((one) => ({ ...one, counts: countsOf(rows.filter((row) => row.listId === one.id)) }));
}

/** Refuses `not_found` unless every id is a list in use of this workspace. */
export async function requireLists(db: Db, scope: Pick<Scope, "workspaceId">, ids: readonly string[]): Promise<List[]> {
  if (ids.length === 0) return [];
  const found = await db
    .select()
    .from(list)
    .where(and(eq(list.workspaceId, scope.workspaceId), inArray(list.id, [...ids]), isNull(list.archivedAt)));
  if (found.length !== new Set(ids).size) throw new NotFound("list");
  return found;
}

function countsOf(rows: ReadonlyArray<{ status: SubscriptionStatus; people: number }>): StatusCounts {
  const counts = { subscribed: 0, unconfirmed: 0, unsubscribed: 0, bounced: 0, complained: 0 };
  for (const { status, people } of rows) counts[status] = people;
  return counts;
}

async function refuseInUse(tx: Db, scope: Scope, listId: string): Promise<void> {
  const [used] = await tx
    .select({ name: campaign.name })
    .from(campaignList)
    .innerJoin(
      campaign,
      and(eq(campaign.workspaceId, campaignList.workspaceId), eq(campaign.id, campaignList.campaignId)),
    )
    .where(
      and(
        eq(campaignList.workspaceId, scope.workspaceId),
        eq(campaignList.listId, listId),
        or(
          inArray(campaign.status, ["scheduled", "missed", "freezing"]),
          // Goes on with writing its messages when it is resumed.
          and(eq(campaign.status, "paused"), isNull(campaign.frozenAt)),
        ),
      ),
    )
    .limit(1);
  if (used) throw new Refusal("audience.list_in_use", { campaign: used.name });
}

async function refuseTakenName<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isUniqueViolation(error, "list_name")) throw new Refusal("audience.list_name_taken", { name });
    throw error;
  }
}

function inWorkspace(scope: Pick<Scope, "workspaceId">, id: string) {
  return and(eq(list.workspaceId, scope.workspaceId), eq(list.id, id));
}
