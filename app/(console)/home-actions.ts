"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { type ActionResult, act } from "#app/_web/act.ts";
import { dismissStep } from "#lib/auth/workspaces.ts";
import { db } from "#lib/db.ts";
import { gettingStartedSteps } from "#lib/reports/home.ts";

export async function dismissStepAction(step: string): Promise<ActionResult> {
  return act(z.enum(gettingStartedSteps), step, async ({ scope }, known) => {
    await dismissStep(db(), scope, known);
    revalidatePath("/");
    return null;
  });
}
