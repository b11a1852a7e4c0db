"use server";

import { revalidatePath } from "next/cache";
import { type ActionResult, act } from "#app/_web/act.ts";
import { db } from "#lib/db.ts";
import { checkDomain, type DomainCheck } from "#lib/senders/domains/check.ts";
import { bounceDomainInput, domainIdInput, domainInput, domainSwitchInput } from "#lib/senders/domains/input.ts";
import { leadLinksTo } from "#lib/senders/domains/links-domain.ts";
import {
  addDomain,
  archiveDomain,
  cancelRotation,
  removeBounceDomain,
  restoreDomain,
  rotateKeys,
  setBounceDomain,
  setEd25519,
  setSigning,
} from "#lib/senders/domains/save.ts";

export async function addDomainAction(form: FormData): Promise<ActionResult<string>> {
  return act(domainInput, form, async ({ scope }, input) => {
    const id = await addDomain(db(), scope, input);
    revalidatePath("/domains");
    return id;
  });
}

/** Asks DNS now. */
export async function checkDomainAction(domainId: string): Promise<ActionResult<DomainCheck>> {
  return act(domainIdInput, { domainId }, async ({ scope }, input) => {
    const check = await checkDomain(db(), scope, input.domainId);
    revalidatePath("/domains", "layout");
    return check;
  });
}

export async function rotateKeysAction(domainId: string): Promise<ActionResult> {
  return act(domainIdInput, { domainId }, async ({ scope }, input) => {
    await rotateKeys(db(), scope, input.domainId);
    revalidatePath("/domains", "layout");
    return null;
  });
}

export async function cancelRotationAction(domainId: string): Promise<ActionResult> {
  return act(domainIdInput, { domainId }, async ({ scope }, input) => {
    await cancelRotation(db(), scope, input.domainId);
    revalidatePath("/domains", "layout");
    return null;
  });
}

export async function setSigningAction(domainId: string, on: boolean): Promise<ActionResult> {
  return act(domainSwitchInput, { domainId, on }, async ({ scope }, input) => {
    await setSigning(db(), scope, input);
    revalidatePath("/domains", "layout");
    return null;
  });
}

export async function setEd25519Action(domainId: string, on: boolean): Promise<ActionResult> {
  return act(domainSwitchInput, { domainId, on }, async ({ scope }, input) => {
    await setEd25519(db(), scope, input);
    revalidatePath("/domains", "layout");
    return null;
  });
}

export async function setLinksAction(domainId: string, on: boolean): Promise<ActionResult> {
  return act(domainSwitchInput, { domainId, on }, async ({ scope }, input) => {
    await leadLinksTo(db(), scope, input);
    revalidatePath("/domains", "layout");
    return null;
  });
}

export async function setBouncesAction(domainId: string, form: FormData): Promise<ActionResult> {
  const input = { domainId, host: form.get("host"), server: form.get("server") };
  return act(bounceDomainInput, input, async ({ scope }, parsed) => {
    await setBounceDomain(db(), scope, parsed);
    revalidatePath("/domains", "layout");
    return null;
  });
}

export async function removeBouncesAction(domainId: string): Promise<ActionResult> {
  return act(domainIdInput, { domainId }, async ({ scope }, input) => {
    await removeBounceDomain(db(), scope, input.domainId);
    revalidatePath("/domains", "layout");
    return null;
  });
}

export async function archiveDomainAction(domainId: string): Promise<ActionResult> {
  return act(domainIdInput, { domainId }, async ({ scope }, input) => {
    await archiveDomain(db(), scope, input.domainId);
    revalidatePath("/domains");
    return null;
  });
}

export async function restoreDomainAction(domainId: string): Promise<ActionResult> {
  return act(domainIdInput, { domainId }, async ({ scope }, input) => {
    await restoreDomain(db(), scope, input.domainId);
    revalidatePath("/domains");
    return null;
  });
}
