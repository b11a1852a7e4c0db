"use server";

import { APIError } from "better-auth/api";
import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import { type ActionResult, act } from "#app/_web/act.ts";
import { webAuth } from "#app/_web/auth.ts";
import { clientAddress } from "#app/_web/client-address.ts";
import { changePasswordInput, workspaceSettingsInput } from "#lib/auth/input.ts";
import { countLogin, forgetLogin } from "#lib/auth/login-limits.ts";
import { saveWorkspaceSettings } from "#lib/auth/workspaces.ts";
import { db, pool } from "#lib/db.ts";
import { Refusal } from "#lib/errors.ts";

export async function saveWorkspaceAction(form: FormData): Promise<ActionResult> {
  return act(workspaceSettingsInput, form, async ({ scope }, input) => {
    await saveWorkspaceSettings(db(), scope, input);
    revalidatePath("/", "layout");
    return null;
  });
}

export async function changePasswordAction(form: FormData): Promise<ActionResult> {
  return act(changePasswordInput, form, async ({ user }, input) => {
    const address = await clientAddress();
    await countLogin(pool(), user.email, address);
    try {
      await webAuth().api.changePassword({
        body: { currentPassword: input.current, newPassword: input.next, revokeOtherSessions: true },
        headers: await headers(),
      });
    } catch (error) {
      if (!(error instanceof APIError) || error.statusCode >= 500) throw error;
      throw new Refusal("auth.wrong_password");
    }
    await forgetLogin(pool(), user.email, address);
    return null;
  });
}
