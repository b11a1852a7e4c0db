"use server";

import { refresh } from "next/cache";
import { type ActionResult, act } from "#app/_web/act.ts";
import { db } from "#lib/db.ts";
import { forgetSlowDown, laneCapsInput, laneInput, saveLaneCaps } from "#lib/delivery/lanes-settings.ts";

/** Sets or takes away the caps of a receiving domain; answers with the name as it is stored. */
export async function saveLaneCapsAction(form: FormData): Promise<ActionResult<string>> {
  return act(laneCapsInput, form, async ({ scope }, input) => {
    await saveLaneCaps(db(), scope, input);
    refresh();
    return input.name;
  });
}

export async function forgetSlowDownAction(name: string): Promise<ActionResult> {
  return act(laneInput, { name }, async ({ scope }, input) => {
    await forgetSlowDown(db(), scope, input.name);
    refresh();
    return null;
  });
}
