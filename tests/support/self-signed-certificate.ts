import { generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult, randomBytes, sign } from "node:crypto";

type Options = { name?: string; validFrom?: Date; validTo?: Date };

type Pair = { key: string; cert: string };

/**
 * A fresh self-signed certificate (P-256) for `name` and 127.0.0.1, as PEM. Written out in DER by hand (RFC 5280),
 * so that tests need neither the openssl program nor a private key in the repository.
 */
export function selfSignedCertificate(options: Options = {}): Pair {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return certificate({ ...options, keys, signedBy: null, isAuthority: false });
}

/** A certificate authority of its own, and server certificates that it vouches for. */
export function certificateAuthority(name: string, options: Options = {}): Pair & { issue(host: string): Pair } {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    ...certificate({ ...options, name, keys, signedBy: null, isAuthority: true }),
    issue: (host) =>
      certificate({
        name: host,
        keys: generateKeyPairSync("ec", { namedCurve: "P-256" }),
        signedBy: { name, key: keys.privateKey },
        isAuthority: false,
      }),
  };
}

interface Content extends Options {
  keys: KeyPairKeyObjectResult;
  /** Null: by itself. */
  signedBy: { name: string; key: KeyObject } | null;
  isAuthority: boolean;
}

function certificate({ keys, signedBy, isAuthority, ...options }: Content): Pair {
  const name = options.name ?? "localhost";
  const validFrom = options.validFrom ?? new Date(Date.now() - 86_400_000);
  const validTo = options.validTo ?? new Date(Date.now() + 365 * 86_400_000);
  const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const addresses = name === "localhost" ? [tag(0x87, Buffer.from([127, 0, 0, 1]))] : [];
  const alternativeNames = sequence(tag(0x82, Buffer.from(name)), ...addresses);
  const yes = tag(0x01, Buffer.from([0xff]));
  const extension = isAuthority
    ? sequence(oid(0x55, 0x1d, 0x13), yes, tag(0x04, sequence(yes)))
    : sequence(oid(0x55, 0x1d, 0x11), tag(0x04, alternativeNames));
  const body = sequence(
    tag(0xa0, tag(0x02, Buffer.from([2]))),
    tag(0x02, Buffer.concat([Buffer.from([0x41]), randomBytes(8)])),
    ecdsaWithSha256,
    commonName(signedBy?.name ?? name),
    sequence(time(validFrom), time(validTo)),
    commonName(name),
    keys.publicKey.export({ type: "spki", format: "der" }),
    tag(0xa3, sequence(extension)),
  );
  const signature = sign("sha256", body, signedBy?.key ?? keys.privateKey);
  const der = sequence(body, ecdsaWithSha256, tag(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return { key: keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), cert: pem(der) };
}

function commonName(name: string): Buffer {
  return sequence(tag(0x31, sequence(oid(0x55, 0x04, 0x03), tag(0x0c, Buffer.from(name)))));
}

function tag(type: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([type, ...length]), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tag(0x30, ...parts);
}

function oid(...bytes: number[]): Buffer {
  return tag(0x06, Buffer.from(bytes));
}

/** UTCTime, good until 2049. */
function time(at: Date): Buffer {
  return tag(0x17, Buffer.from(`${at.toISOString().replace(/[-:T]/g, "").slice(2, 14)}Z`));
}

function pem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
