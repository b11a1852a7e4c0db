"use server";

import { revalidatePath } from "next/cache";
import { type ActionResult, act } from "#app/_web/act.ts";
import { db } from "#lib/db.ts";
import { checkSender, checkSettings, sendTrialMail, type TrialMail } from "#lib/delivery/check-sender.ts";
import type { ConnectionTest } from "#lib/delivery/explain.ts";
import { archiveSender, restoreSender } from "#lib/senders/archive.ts";
import { makeDefaultSender } from "#lib/senders/default.ts";
import { endWarmup } from "#lib/senders/end-warmup.ts";
import { connectionTestInput, senderIdInput, senderInput, trialMailInput } from "#lib/senders/input.ts";
import { createSender, updateSender } from "#lib/senders/save.ts";

export async function createSenderAction(form: FormData): Promise<ActionResult<string>> {
  return act(senderInput, form, async ({ scope }, input) => {
    const id = await createSender(db(), scope, input);
    revalidatePath("/senders", "layout");
    return id;
  });
}

export async function updateSenderAction(senderId: string, form: FormData): Promise<ActionResult<string>> {
  return act(senderInput, form, async ({ scope }, input) => {
    const { senderId: id } = senderIdInput.parse({ senderId });
    await updateSender(db(), scope, id, input);
    revalidatePath("/senders", "layout");
    return id;
  });
}

/** Tries the form as it stands; saves nothing and sends nothing. */
export async function testSettingsAction(
  senderId: string | null,
  form: FormData,
): Promise<ActionResult<ConnectionTest>> {
  return act(connectionTestInput, { ...Object.fromEntries(form), senderId }, ({ scope, user }, input) =>
    checkSettings(db(), scope, input, user.email),
  );
}

export async function testSenderAction(senderId: string): Promise<ActionResult<ConnectionTest>> {
  return act(senderIdInput, { senderId }, async ({ scope }, input) => {
    const test = await checkSender(db(), scope, input.senderId);
    revalidatePath("/senders");
    return test;
  });
}

export async function sendTrialMailAction(senderId: string, form: FormData): Promise<ActionResult<TrialMail>> {
  return act(trialMailInput, { ...Object.fromEntries(form), senderId }, ({ scope, user }, input) =>
    sendTrialMail(db(), scope, input, user),
  );
}

export async function makeDefaultAction(senderId: string): Promise<ActionResult> {
  return act(senderIdInput, { senderId }, async ({ scope }, input) => {
    await makeDefaultSender(db(), scope, input.senderId);
    revalidatePath("/senders");
    return null;
  });
}

export async function endWarmupAction(senderId: string): Promise<ActionResult> {
  return act(senderIdInput, { senderId }, async ({ scope }, input) => {
    await endWarmup(db(), scope, input.senderId);
    revalidatePath("/senders", "layout");
    return null;
  });
}

export async function archiveSenderAction(senderId: string): Promise<ActionResult> {
  return act(senderIdInput, { senderId }, async ({ scope }, input) => {
    await archiveSender(db(), scope, input.senderId);
    revalidatePath("/senders");
    return null;
  });
}

export async function restoreSenderAction(senderId: string): Promise<ActionResult> {
  return act(senderIdInput, { senderId }, async ({ scope }, input) => {
    await restoreSender(db(), scope, input.senderId);
    revalidatePath("/senders");
    return null;
  });
}
