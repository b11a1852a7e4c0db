"use server";

import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { requireActor } from "#app/_web/actor.ts";
import { webAuth } from "#app/_web/auth.ts";
import { switchWorkspace } from "#lib/auth/workspaces.ts";
import { db } from "#lib/db.ts";
import { isId } from "#lib/ids.ts";

export async function logOutAction(): Promise<void> {
  await webAuth().api.signOut({ headers: await headers() });
  redirect("/login");
}

export async function switchWorkspaceAction(workspaceId: string): Promise<void> {
  const { sessionId, user } = await requireActor();
  if (typeof workspaceId === "string" && isId(workspaceId))
    await switchWorkspace(db(), sessionId, user.id, workspaceId);
  // The frame around the pages names the workspace, and would be kept.
  revalidatePath("/", "layout");
  redirect("/");
}
