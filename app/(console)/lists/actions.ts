"use server";

import { revalidatePath } from "next/cache";
import { type ActionResult, act } from "#app/_web/act.ts";
import { archiveInput, listChangeInput, listInput } from "#lib/audience/input.ts";
import { archiveList, changeList, createList } from "#lib/audience/lists.ts";
import { db } from "#lib/db.ts";

export async function createListAction(input: unknown): Promise<ActionResult<{ id: string; name: string }>> {
  return act(listInput, input, async ({ scope }, list) => {
    const { id, name } = await createList(db(), scope, list);
    revalidatePath("/lists");
    return { id, name };
  });
}

export async function saveListAction(input: unknown): Promise<ActionResult<{ id: string; name: string }>> {
  return act(listChangeInput, input, async ({ scope }, list) => {
    await changeList(db(), scope, list);
    revalidatePath("/lists");
    return { id: list.id, name: list.name };
  });
}

export async function archiveListAction(input: unknown): Promise<ActionResult> {
  return act(archiveInput, input, async ({ scope }, change) => {
    await archiveList(db(), scope, change);
    revalidatePath("/lists");
    return null;
  });
}
