import { hashPassword } from "better-auth/crypto";
import { account, member, user, workspace } from "#drizzle/schema/auth.ts";
import { createAuth } from "#lib/auth/auth.ts";
import type { Role } from "#lib/auth/roles.ts";
import type { Scope } from "#lib/auth/scope.ts";
import { setUp } from "#lib/auth/setup.ts";
import { asDb, type Db, openPool, type Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { type Stack, type StackOptions, startStack } from "#tests/support/stack.ts";

// This process makes data and reads tokens with the same functions and the same secret as those it starts.
process.env.POSTHORN_SECRET ??= "journey-secret-journey-secret-journey";
process.env.DATABASE_URL ??= process.env.TEST_DATABASE_URL;

/** A running Posthorn, and a hand on its database. */
export interface Installation extends Stack {
  readonly db: Db;
  readonly pool: Pool;
}

/** Starts a whole Posthorn in real processes, not set up yet. */
export async function startInstallation(options: StackOptions = {}): Promise<Installation> {
  const env = { POSTHORN_SECRET: process.env.POSTHORN_SECRET ?? "", ...options.env };
  const stack = await startStack({ ...options, env });
  const pool = openPool(stack.databaseUrl, 4);
  const stop = async (): Promise<void> => {
    await pool.end();
    await stack.stop();
  };
  return { ...stack, db: asDb(pool), pool, stop };
}

export interface Person {
  name: string;
  email: string;
  password: string;
}

export const owner: Person = { name: "Olga Owner", email: "olga@example.com", password: "a harbour at first light" };

export const organisation = {
  workspaceName: "Harbour Books",
  postalAddress: "Harbour Books\n1 Harbour Street\n20457 Hamburg",
  timeZone: "Europe/Berlin",
  language: "en",
} as const;

/** Sets up with the owner above, as the form would. */
export async function setUpOwner(db: Db): Promise<Scope> {
  const { workspaceId, userId } = await setUp(db, { ...owner, ...organisation });
  return { workspaceId, userId, role: "owner" };
}

/** Adds somebody to a workspace, which no page can do yet. */
export async function addMember(db: Db, workspaceId: string, role: Role, person: Person): Promise<Scope> {
  const userId = newId();
  const password = await hashPassword(person.password);
  await db.insert(user).values({ id: userId, name: person.name, email: person.email, emailVerified: true });
  await db.insert(account).values({ userId, accountId: userId, providerId: "credential", password });
  await db.insert(member).values({ organizationId: workspaceId, userId, role });
  return { workspaceId, userId, role };
}

/** One more workspace with an owner of its own. */
export async function addWorkspace(db: Db, name: string, person: Person): Promise<Scope> {
  const id = newId();
  await db.insert(workspace).values({ id, name, slug: id, postalAddress: "2 Elsewhere Street" });
  return addMember(db, id, "owner", person);
}

/** The session of somebody who logs in, as a Cookie header. */
export async function logInByApi(db: Db, { email, password }: Person): Promise<string> {
  const { headers } = await createAuth(db).api.signInEmail({ body: { email, password }, returnHeaders: true });
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}
