import { and, asc, eq } from "drizzle-orm";
import { member, session, workspace } from "#drizzle/schema/auth.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";
import { audit } from "./audit.ts";
import type { WorkspaceSettingsInput } from "./input.ts";
import { allow, type Role } from "./roles.ts";
import type { Scope } from "./scope.ts";

export type Workspace = typeof workspace.$inferSelect;

/** The workspaces a person belongs to, oldest first, with the person's role in each. */
export async function listWorkspacesOf(db: Db, userId: string): Promise<Array<Workspace & { role: Role }>> {
  const rows = await db
    .select({ workspace, role: member.role })
    .from(member)
    .innerJoin(workspace, eq(workspace.id, member.organizationId))
    .where(eq(member.userId, userId))
    .orderBy(asc(workspace.createdAt), asc(workspace.id));
  return rows.map((row) => ({ ...row.workspace, role: row.role as Role }));
}

/** The workspace of a scope. */
export async function getWorkspace(db: Db, scope: Pick<Scope, "workspaceId">): Promise<Workspace> {
  const [found] = await db.select().from(workspace).where(eq(workspace.id, scope.workspaceId));
  if (!found) throw new NotFound("workspace");
  return found;
}

/** The workspace behind the number in a token, or null. */
export async function findWorkspaceByNumber(db: Db, number: number): Promise<Workspace | null> {
  const [found] = await db.select().from(workspace).where(eq(workspace.number, number));
  return found ?? null;
}

export async function saveWorkspaceSettings(db: Db, scope: Scope, input: WorkspaceSettingsInput): Promise<void> {
  allow(scope, "manage");
  await db.transaction(async (tx) => {
    await tx
      .update(workspace)
      .set({
        name: input.workspaceName,
        postalAddress: input.postalAddress,
        timeZone: input.timeZone,
        language: input.language,
      })
      .where(eq(workspace.id, scope.workspaceId));
    await audit(tx, scope, "workspace.settings");
  });
}

/** Where links in the workspace's mails lead from now on: its own host, or PUBLIC_URL when null. For lib/senders/domains. */
export async function setTrackingBaseUrl(tx: Db, workspaceId: string, url: string | null): Promise<void> {
  await tx.update(workspace).set({ trackingBaseUrl: url }).where(eq(workspace.id, workspaceId));
}

/** Makes a session look at another of the person's workspaces. Not found when the person is no member of it. */
export async function switchWorkspace(db: Db, sessionId: string, userId: string, workspaceId: string): Promise<void> {
  const [found] = await db
    .select({ id: member.id })
    .from(member)
    .where(and(eq(member.userId, userId), eq(member.organizationId, workspaceId)));
  if (!found) throw new NotFound("workspace");
  await db.update(session).set({ activeOrganizationId: workspaceId }).where(eq(session.id, sessionId));
}

/** Puts a step of the home checklist away, for everybody in the workspace. */
export async function dismissStep(db: Db, scope: Scope, step: string): Promise<void> {
  allow(scope, "write");
  const current = await getWorkspace(db, scope);
  if (current.dismissedSteps.includes(step)) return;
  await db
    .update(workspace)
    .set({ dismissedSteps: [...current.dismissedSteps, step].slice(0, 50) })
    .where(eq(workspace.id, scope.workspaceId));
}
