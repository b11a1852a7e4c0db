import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Role } from "#lib/auth/roles.ts";
import type { Scope } from "#lib/auth/scope.ts";
import { isSetUp } from "#lib/auth/setup.ts";
import { listWorkspacesOf, type Workspace } from "#lib/auth/workspaces.ts";
import { db } from "#lib/db.ts";
import { webAuth } from "./auth.ts";

/** Who is calling: a person with a session, looking at one of their workspaces. */
export interface Actor {
  scope: Scope;
  sessionId: string;
  user: { id: string; name: string; email: string };
  workspace: Workspace & { role: Role };
  workspaces: Array<Workspace & { role: Role }>;
}

/** The caller, or null without a valid session. Asked once per request. */
export const findActor = cache(async (): Promise<Actor | null> => {
  const found = await webAuth().api.getSession({ headers: await headers() });
  if (!found) return null;
  const workspaces = await listWorkspacesOf(db(), found.user.id);
  const workspace = workspaces.find((w) => w.id === found.session.activeOrganizationId) ?? workspaces[0];
  if (!workspace) return null;
  return {
    scope: { workspaceId: workspace.id, role: workspace.role, userId: found.user.id },
    sessionId: found.session.id,
    user: { id: found.user.id, name: found.user.name, email: found.user.email },
    workspace,
    workspaces,
  };
});

/** The caller. Sends everybody else to the set-up (while it is open) or to the login. */
export async function requireActor(): Promise<Actor> {
  const actor = await findActor();
  if (actor) return actor;
  redirect((await isSetUp(db())) ? "/login" : "/setup");
}
