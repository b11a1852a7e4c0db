"use server";

import { revalidatePath } from "next/cache";
import { type ActionResult, act } from "#app/_web/act.ts";
import type { MadeField } from "#components/audience/field-dialog.tsx";
import { archiveField, createField, renameField } from "#lib/audience/fields.ts";
import { archiveInput, fieldChangeInput, fieldInput } from "#lib/audience/input.ts";
import { db } from "#lib/db.ts";

export async function createFieldAction(input: unknown): Promise<ActionResult<MadeField>> {
  return act(fieldInput, input, async ({ scope }, field) => {
    const { id, key, label, type } = await createField(db(), scope, field);
    revalidatePath("/fields");
    return { id, key, label, type };
  });
}

export async function renameFieldAction(input: unknown): Promise<ActionResult> {
  return act(fieldChangeInput, input, async ({ scope }, change) => {
    await renameField(db(), scope, change);
    revalidatePath("/fields");
    return null;
  });
}

export async function archiveFieldAction(input: unknown): Promise<ActionResult> {
  return act(archiveInput, input, async ({ scope }, change) => {
    await archiveField(db(), scope, change);
    revalidatePath("/fields");
    return null;
  });
}
