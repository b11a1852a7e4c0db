"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { type ActionResult, act } from "#app/_web/act.ts";
import { switchWorkspace } from "#lib/auth/workspaces.ts";
import { db } from "#lib/db.ts";
import { loadSample, removeSample } from "#lib/sample/load.ts";

const nothing = z.undefined();

/** Loads the sample workspace unless it is there, and opens it. */
export async function loadSampleAction(): Promise<ActionResult> {
  const answer = await act(nothing, undefined, async ({ scope, sessionId, user }) => {
    const { workspaceId } = await loadSample(db(), scope);
    await switchWorkspace(db(), sessionId, user.id, workspaceId);
    revalidatePath("/", "layout");
    return null;
  });
  if (answer.ok) redirect("/");
  return answer;
}

/** Removes it; whoever stood in it is in their own workspace again. */
export async function removeSampleAction(): Promise<ActionResult> {
  return act(nothing, undefined, async ({ scope }) => {
    await removeSample(db(), scope);
    revalidatePath("/", "layout");
    return null;
  });
}
