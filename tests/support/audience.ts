import { sql } from "drizzle-orm";
import { list, type SubscriptionStatus, subscriber, subscription } from "#drizzle/schema/audience.ts";
import { workspace } from "#drizzle/schema/auth.ts";
import { addressKey } from "#lib/audience/address.ts";
import type { Role } from "#lib/auth/roles.ts";
import type { Scope } from "#lib/auth/scope.ts";
import type { Db } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";

/** A workspace of its own and the scope of somebody who works in it. Tests of the audience always make two. */
export async function makeWorkspace(db: Db, role: Role = "owner"): Promise<Scope> {
  const id = newId();
  await db.insert(workspace).values({ id, name: "Test", slug: id });
  return { workspaceId: id, role, userId: newId() };
}

export async function makeList(db: Db, scope: Scope, name: string): Promise<string> {
  const [made] = await db.insert(list).values({ workspaceId: scope.workspaceId, name }).returning({ id: list.id });
  if (!made) throw new Error("no list was made");
  return made.id;
}

/** A person with a standing on each list that is named. */
export async function makePerson(
  db: Db,
  scope: Scope,
  email: string,
  standings: Record<string, SubscriptionStatus> = {},
): Promise<string> {
  const { workspaceId } = scope;
  const [made] = await db
    .insert(subscriber)
    .values({ workspaceId, email, emailKey: addressKey(email), source: "manual" })
    .returning({ id: subscriber.id });
  if (!made) throw new Error("no person was made");
  for (const [listId, status] of Object.entries(standings)) {
    await db.insert(subscription).values({ workspaceId, listId, subscriberId: made.id, status });
  }
  return made.id;
}

/** Everything the audience tables hold of one workspace, to see that a deed elsewhere left it alone. */
export async function audienceRows(db: Db, scope: Scope): Promise<unknown> {
  const tables = ["subscriber", "subscription", "consent", "suppression", "list", "field"];
  const rows: Record<string, unknown> = {};
  for (const table of tables) {
    const found = await db.execute(
      sql`select * from ${sql.identifier(table)} t where workspace_id = ${scope.workspaceId} order by t::text`,
    );
    rows[table] = found.rows;
  }
  return rows;
}
