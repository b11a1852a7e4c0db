"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { type ActionResult, act } from "#app/_web/act.ts";
import { confirmCopy } from "#lib/campaigns/confirm-copy.ts";
import { db } from "#lib/db.ts";

const nothing = z.undefined();

/** Somebody says that this installation may send, although it looks like a copy. */
export async function confirmCopyAction(): Promise<ActionResult<{ paused: number; missed: number }>> {
  return act(nothing, undefined, async ({ scope }) => {
    const counts = await confirmCopy(db(), scope);
    revalidatePath("/", "layout");
    return counts;
  });
}
