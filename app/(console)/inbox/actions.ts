"use server";

import { revalidatePath } from "next/cache";
import { type ActionResult, act } from "#app/_web/act.ts";
import { db } from "#lib/db.ts";
import { deleteMails, deleteMailsInput, restoreMails, restoreMailsInput } from "#lib/inbox/delete.ts";

export async function deleteMailsAction(
  mailId: string | null,
): Promise<ActionResult<{ count: number; deletedAt: string }>> {
  return act(deleteMailsInput, { mailId }, async ({ scope }, input) => {
    const deleted = await deleteMails(db(), scope, input);
    revalidatePath("/inbox");
    return deleted;
  });
}

export async function restoreMailsAction(deletedAt: string): Promise<ActionResult<number>> {
  return act(restoreMailsInput, { deletedAt }, async ({ scope }, input) => {
    const count = await restoreMails(db(), scope, input);
    revalidatePath("/inbox");
    return count;
  });
}
