"use server";

import { redirect } from "next/navigation";
import { type ActionResult, actPublicly } from "#app/_web/act.ts";
import { webAuth } from "#app/_web/auth.ts";
import { setUpInput } from "#lib/auth/input.ts";
import { setUp } from "#lib/auth/setup.ts";
import { db } from "#lib/db.ts";

export async function setUpAction(form: FormData): Promise<ActionResult> {
  return actPublicly(setUpInput, form, async (input) => {
    await setUp(db(), input);
    await webAuth().api.signInEmail({ body: { email: input.email, password: input.password } });
    redirect("/");
  });
}
