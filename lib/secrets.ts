import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { config } from "./config.ts";

/** One generation of the installation's secret and the keys derived from it. */
export interface SecretKey {
  /** Two hex digits derived from the secret: names it in tokens and sealed values. */
  id: number;
  derive(purpose: string, bytes: number): Buffer;
}

let keys: SecretKey[] | undefined;

/** The current key first, then the retired ones. Retired keys verify and open; only the first signs and seals. */
export function secretKeys(): SecretKey[] {
  if (!keys) {
    const { POSTHORN_SECRET, POSTHORN_RETIRED_SECRETS } = config();
    keys = [POSTHORN_SECRET, ...POSTHORN_RETIRED_SECRETS.split(",").filter(Boolean)].map(secretKey);
  }
  return keys;
}

function secretKey(secret: string): SecretKey {
  return {
    id: createHash("sha256").update(`posthorn key id\0${secret}`).digest()[0] ?? 0,
    derive: (purpose, bytes) => Buffer.from(hkdfSync("sha256", secret, "posthorn", purpose, bytes)),
  };
}

/**
 * Seals a secret for storage: AES-256-GCM under a key that is not in the database. `context` (table, row id) is
 * authenticated, so a sealed value moved to another row does not open.
 */
export function seal(plain: string, context: string): string {
  const key = secretKeys()[0] as SecretKey;
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key.derive("seal", 32), nonce).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return [
    "1",
    key.id.toString(16),
    nonce.toString("base64url"),
    cipher.getAuthTag().toString("base64url"),
    sealed.toString("base64url"),
  ].join(".");
}

/** Opens what seal() made. Throws when the key is not known any more or the value was changed or moved. */
export function unseal(sealed: string, context: string): string {
  const [version, keyId, nonce, tag, body] = sealed.split(".");
  if (version !== "1" || !keyId || !nonce || !tag || body === undefined) throw new Error("a sealed value is damaged");
  for (const key of secretKeys().filter((k) => k.id.toString(16) === keyId)) {
    try {
      const decipher = createDecipheriv("aes-256-gcm", key.derive("seal", 32), Buffer.from(nonce, "base64url"))
        .setAAD(Buffer.from(context))
        .setAuthTag(Buffer.from(tag, "base64url"));
      return Buffer.concat([decipher.update(Buffer.from(body, "base64url")), decipher.final()]).toString("utf8");
    } catch {
      // Key ids are one byte, so two secrets may share one: the next may fit.
    }
  }
  throw new Error(
    "a stored password was sealed with a secret that this process does not have: set POSTHORN_SECRET or POSTHORN_RETIRED_SECRETS",
  );
}
