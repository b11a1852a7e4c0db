import type { Db } from "../db.ts";
import { loadDkimKeys } from "../senders/domains/signing-keys.ts";
import { createDkimSigner, type DkimSigner } from "./dkim.ts";
import { addressHeader } from "./headers.ts";

/**
 * The signer for mail from an address: with the keys of its domain or of the closest one above it that signs, or with
 * none. Throws Refusal `domains.key_lost` when a key that has to sign cannot be used.
 */
export async function signerFor(db: Db, workspaceId: string, fromEmail: string): Promise<DkimSigner> {
  const bare = addressHeader("", fromEmail);
  return createDkimSigner(await loadDkimKeys(db, workspaceId, bare.slice(bare.lastIndexOf("@") + 1)));
}
