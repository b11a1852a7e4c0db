"use server";

import { revalidatePath } from "next/cache";
import { type ActionResult, act } from "#app/_web/act.ts";
import { addPersonInput, editPersonInput, idInput, removalInput, standingInput } from "#lib/audience/input.ts";
import { addSubscriber, deleteSubscriber, editSubscriber } from "#lib/audience/subscribers.ts";
import { removeFromList, setStanding } from "#lib/audience/subscriptions.ts";
import { liftSuppression, suppressSubscriber } from "#lib/audience/suppression.ts";
import { db } from "#lib/db.ts";

export async function addPersonAction(input: unknown): Promise<ActionResult<{ id: string }>> {
  return act(addPersonInput, input, async ({ scope }, person) => {
    const added = await addSubscriber(db(), scope, person);
    revalidatePath("/subscribers", "layout");
    return added;
  });
}

export async function editPersonAction(input: unknown): Promise<ActionResult> {
  return act(editPersonInput, input, async ({ scope }, person) => {
    await editSubscriber(db(), scope, person);
    revalidatePath("/subscribers", "layout");
    return null;
  });
}

export async function deletePersonAction(input: unknown): Promise<ActionResult> {
  return act(idInput, input, async ({ scope }, { id }) => {
    await deleteSubscriber(db(), scope, id);
    revalidatePath("/subscribers", "layout");
    return null;
  });
}

export async function setStandingAction(input: unknown): Promise<ActionResult> {
  return act(standingInput, input, async ({ scope }, change) => {
    await setStanding(db(), scope, change);
    revalidatePath("/subscribers", "layout");
    return null;
  });
}

export async function removeFromListAction(input: unknown): Promise<ActionResult> {
  return act(removalInput, input, async ({ scope }, removal) => {
    await removeFromList(db(), scope, removal);
    revalidatePath("/subscribers", "layout");
    return null;
  });
}

export async function suppressPersonAction(input: unknown): Promise<ActionResult> {
  return act(idInput, input, async ({ scope }, { id }) => {
    await suppressSubscriber(db(), scope, id);
    revalidatePath("/subscribers", "layout");
    return null;
  });
}

export async function liftSuppressionAction(input: unknown): Promise<ActionResult> {
  return act(idInput, input, async ({ scope }, { id }) => {
    await liftSuppression(db(), scope, id);
    revalidatePath("/subscribers", "layout");
    return null;
  });
}
