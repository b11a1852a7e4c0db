import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomInt } from "node:crypto";
import { promisify } from "node:util";
import { seal, unseal } from "../../secrets.ts";

export type KeyKind = "rsa" | "ed25519";

/** A key as it is stored: the public half as its DNS record holds it (RFC 6376 3.6.1, RFC 8463 4), the private sealed. */
export interface StoredKey {
  selector: string;
  publicKey: string;
  privateSealed: string;
}

/** The keys that a domain has at one time: RSA always, Ed25519 if it was asked for. */
export interface KeySet {
  rsa: StoredKey;
  ed25519: StoredKey | null;
}

const generate = promisify(generateKeyPair);

/** Bound to its domain and selector, so that a sealed key moved to another place does not open. */
const context = (domainId: string, selector: string) => `sending_domain/${domainId}/${selector}`;

/** Makes a key on a thread of its own, in a tenth of a second or so. */
export async function makeKey(kind: KeyKind, domainId: string, selector: string): Promise<StoredKey> {
  const { privateKey } = kind === "rsa" ? await generate("rsa", { modulusLength: 2048 }) : await generate("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  return {
    selector,
    publicKey: publicHalf(kind, privateKey),
    privateSealed: seal(pem, context(domainId, selector)),
  };
}

/** New keys under selectors that nobody else has in this zone, be it another installation. */
export async function makeKeySet(domainId: string, withEd25519: boolean): Promise<KeySet> {
  const selector = newSelector();
  const [rsa, ed25519] = await Promise.all([
    makeKey("rsa", domainId, selector),
    withEd25519 ? makeKey("ed25519", domainId, `${selector}-ed`) : null,
  ]);
  return { rsa, ed25519 };
}

export function newSelector(): string {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789";
  return `ph${Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join("")}`;
}

/**
 * The private key, or null when it cannot be used: sealed with a secret that is not there any more, damaged, moved, or
 * not the other half of the public key in DNS.
 */
export function openKey(kind: KeyKind, domainId: string, stored: StoredKey): KeyObject | null {
  try {
    const key = createPrivateKey(unseal(stored.privateSealed, context(domainId, stored.selector)));
    return key.asymmetricKeyType === kind && publicHalf(kind, key) === stored.publicKey ? key : null;
  } catch {
    return null;
  }
}

/** Whether all of a domain's keys can be used. */
export function opens(domainId: string, { rsa, ed25519 }: KeySet): boolean {
  return openKey("rsa", domainId, rsa) !== null && (!ed25519 || openKey("ed25519", domainId, ed25519) !== null);
}

function publicHalf(kind: KeyKind, privateKey: KeyObject): string {
  const spki = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  // RFC 8463 4: the 32 octets alone, which stand last.
  return (kind === "rsa" ? spki : spki.subarray(-32)).toString("base64");
}
