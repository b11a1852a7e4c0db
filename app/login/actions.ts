"use server";

import { APIError } from "better-auth/api";
import { redirect } from "next/navigation";
import { type ActionResult, actPublicly } from "#app/_web/act.ts";
import { webAuth } from "#app/_web/auth.ts";
import { clientAddress } from "#app/_web/client-address.ts";
import { loginInput } from "#lib/auth/input.ts";
import { countLogin, forgetLogin } from "#lib/auth/login-limits.ts";
import { pool } from "#lib/db.ts";
import { Refusal } from "#lib/errors.ts";

export async function logInAction(form: FormData): Promise<ActionResult> {
  return actPublicly(loginInput, form, async (input) => {
    const address = await clientAddress();
    await countLogin(pool(), input.email, address);
    try {
      await webAuth().api.signInEmail({ body: input });
    } catch (error) {
      if (!(error instanceof APIError) || error.statusCode >= 500) throw error;
      throw new Refusal("auth.wrong_login");
    }
    await forgetLogin(pool(), input.email, address);
    redirect("/");
  });
}
