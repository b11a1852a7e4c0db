"use server";

import { revalidatePath } from "next/cache";
import { type ActionResult, act } from "#app/_web/act.ts";
import { cancelImport, changeMapping, checkLater, runLater } from "#lib/audience/import/imports.ts";
import { importIdInput, layoutInput, mappingInput } from "#lib/audience/import/input.ts";
import { changeLayout } from "#lib/audience/import/upload.ts";
import { db } from "#lib/db.ts";
import { storage } from "#lib/storage.ts";

export async function changeLayoutAction(input: unknown): Promise<ActionResult> {
  return act(layoutInput, input, async ({ scope }, layout) => {
    await changeLayout(db(), scope, storage(), layout);
    revalidatePath("/imports", "layout");
    return null;
  });
}

export async function checkImportAction(input: unknown): Promise<ActionResult> {
  return act(mappingInput, input, async ({ scope }, mapping) => {
    await checkLater(db(), scope, mapping);
    revalidatePath("/imports", "layout");
    return null;
  });
}

export async function changeMappingAction(input: unknown): Promise<ActionResult> {
  return act(importIdInput, input, async ({ scope }, { id }) => {
    await changeMapping(db(), scope, id);
    revalidatePath("/imports", "layout");
    return null;
  });
}

export async function startImportAction(input: unknown): Promise<ActionResult> {
  return act(importIdInput, input, async ({ scope }, { id }) => {
    await runLater(db(), scope, id);
    revalidatePath("/imports", "layout");
    return null;
  });
}

export async function cancelImportAction(input: unknown): Promise<ActionResult> {
  return act(importIdInput, input, async ({ scope }, { id }) => {
    await cancelImport(db(), scope, id);
    revalidatePath("/imports", "layout");
    return null;
  });
}
