import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { type SecretKey, secretKeys } from "./secrets.ts";

/*
 * Tokens in links. Fixed length, base64url, at most 64 bytes before encoding:
 *   byte 0      version (high four bits) and purpose (low four)
 *   byte 1      key id
 *   bytes 2–5   workspace number
 *   then        ids of the purpose, each fixed in length
 *   last 16     128 bits of MAC
 * Version 2: the MAC is cut out of SHAKE256 (FIPS 202) over a key as long as the sponge's block and what is signed, a
 * keyed sponge like KMAC256 (NIST SP 800-185). Unsubscribing signs all that stands before. The open and the clicks of a
 * message share one output over key id, workspace and message: its first 128 bits are the open's, the next those of
 * link 0, and so on. A mail has a dozen of them, and one call costs a microsecond.
 * What stands behind the twelve of a message's first output is its bounce address's (lib/bounce-address.ts).
 * Version 1, which is only read any more: HMAC-SHA-256 over all that stands before. Keys differ by purpose in both.
 */

const version = 2;

/** open: message · click: message + link position · unsubscribe: subscriber + campaign, so that it outlives messages. */
export type Token =
  | { purpose: "open"; workspaceNumber: number; messageId: string }
  | { purpose: "click"; workspaceNumber: number; messageId: string; linkPosition: number }
  | { purpose: "unsubscribe"; workspaceNumber: number; subscriberId: string; campaignId: string };

const purposes = { open: 1, click: 2, unsubscribe: 3 } as const;
const idBytes = { open: 16, click: 18, unsubscribe: 32 } as const;
const headBytes = 6;
const macBytes = 16;

/** Filled anew by each token that is signed. */
const scratch = {
  open: Buffer.alloc(headBytes + idBytes.open + macBytes),
  click: Buffer.alloc(headBytes + idBytes.click + macBytes),
  unsubscribe: Buffer.alloc(headBytes + idBytes.unsubscribe + macBytes),
};

/** Signs a token with the current key. Tokens of one message cost least when they are signed one after the other. */
export function signToken(token: Token): string {
  const key = secretKeys()[0] as SecretKey;
  const { purpose, workspaceNumber } = token;
  const bytes = scratch[purpose];
  bytes[0] = (version << 4) | purposes[purpose];
  bytes[1] = key.id;
  bytes.writeUInt32BE(workspaceNumber, 2);
  const bodyLength = headBytes + idBytes[purpose];
  if (token.purpose === "unsubscribe") {
    writeId(bytes, token.subscriberId, headBytes);
    writeId(bytes, token.campaignId, headBytes + 16);
    bytes.write(unsubscribeMac(key, bytes.subarray(0, bodyLength)), bodyLength, "latin1");
  } else {
    const macs = macsOf(key, workspaceNumber, token.messageId);
    macs.id.copy(bytes, headBytes);
    if (token.purpose === "click") bytes.writeUInt16BE(token.linkPosition, headBytes + 16);
    bytes.write(macs.at(numberOf(token)), bodyLength, "latin1");
  }
  return bytes.toString("base64url");
}

/** The MAC of a message's bounce address, as latin1. It costs nothing more where the message has other tokens. */
export function bounceMac(key: SecretKey, workspaceNumber: number, messageId: string): string {
  return macsOf(key, workspaceNumber, messageId).bounce();
}

/** Of the message whose token was signed last. */
let lastMacs: MessageMacs | null = null;

function macsOf(key: SecretKey, workspaceNumber: number, messageId: string): MessageMacs {
  if (lastMacs?.messageId !== messageId || lastMacs.workspaceNumber !== workspaceNumber || lastMacs.key !== key)
    lastMacs = new MessageMacs(key, workspaceNumber, messageId);
  return lastMacs;
}

/** Reads a token of one purpose. Null for anything that this installation did not sign for that purpose. */
export function readToken<P extends Token["purpose"]>(purpose: P, text: string): Extract<Token, { purpose: P }> | null {
  const bodyLength = headBytes + idBytes[purpose];
  // Exact length first: base64url decoding ignores trailing rubbish, and 22 spare bits could spell one token two ways.
  if (text.length !== Math.ceil(((bodyLength + macBytes) * 4) / 3) || !/^[A-Za-z0-9_-]+$/.test(text)) return null;
  const bytes = Buffer.from(text, "base64url");
  if (bytes.toString("base64url") !== text) return null;
  if (((bytes[0] ?? 0) & 15) !== purposes[purpose]) return null;
  const genuineMac = macFunctions[(bytes[0] ?? 0) >> 4];
  if (!genuineMac) return null;
  const body = bytes.subarray(0, bodyLength);
  const token = fromBody(purpose, bytes);
  const given = bytes.subarray(bodyLength);
  const genuine = (key: SecretKey) => Buffer.from(genuineMac(key, token, body), "latin1");
  if (!secretKeys().some((key) => key.id === bytes[1] && timingSafeEqual(genuine(key), given))) return null;
  return token as Extract<Token, { purpose: P }>;
}

/** By version: the MAC, as latin1, of a token with this body. */
const macFunctions: Record<number, (key: SecretKey, token: Token, body: Buffer) => string> = {
  1: (key, { purpose }, body) =>
    createHmac("sha256", key.derive(`token ${purpose}`, 32))
      .update(body)
      .digest("binary")
      .slice(0, macBytes),
  2: (key, token, body) =>
    token.purpose === "unsubscribe"
      ? unsubscribeMac(key, body)
      : new MessageMacs(key, token.workspaceNumber, token.messageId).at(numberOf(token)),
};

/** Which of its message's MACs is the token's. */
function numberOf(token: Exclude<Token, { purpose: "unsubscribe" }>): number {
  return token.purpose === "open" ? 0 : token.linkPosition + 1;
}

const macsOfCall = 12;

/** The MACs of one message's tokens, by number. */
class MessageMacs {
  readonly key: SecretKey;
  readonly workspaceNumber: number;
  readonly messageId: string;
  readonly id = Buffer.alloc(16);
  readonly #calls: string[] = [];

  constructor(key: SecretKey, workspaceNumber: number, messageId: string) {
    this.key = key;
    this.workspaceNumber = workspaceNumber;
    this.messageId = messageId;
    writeId(this.id, messageId, 0);
  }

  at(number: number): string {
    const call = Math.floor(number / macsOfCall);
    this.#calls[call] ??= this.#make(call);
    const from = (number % macsOfCall) * macBytes;
    return this.#calls[call].slice(from, from + macBytes);
  }

  bounce(): string {
    this.at(0);
    return (this.#calls[0] as string).slice(macsOfCall * macBytes);
  }

  #make(call: number): string {
    const sponge = spongeOf(this.key, "message", 23);
    sponge[blockBytes] = this.key.id;
    sponge.writeUInt32BE(this.workspaceNumber, blockBytes + 1);
    this.id.copy(sponge, blockBytes + 5);
    sponge.writeUInt16BE(call, blockBytes + 21);
    return squeeze(sponge, (macsOfCall + 1) * macBytes);
  }
}

function unsubscribeMac(key: SecretKey, body: Buffer): string {
  const sponge = spongeOf(key, "unsubscribe", body.length);
  body.copy(sponge, blockBytes);
  return squeeze(sponge, macBytes);
}

/** What SHAKE256 takes in at a time. */
const blockBytes = 136;
const sponges = new WeakMap<SecretKey, Map<string, Buffer>>();

/** The key's block, and room for as much as is signed. */
function spongeOf(key: SecretKey, use: "message" | "unsubscribe", signedBytes: number): Buffer {
  const byUse = sponges.get(key) ?? new Map<string, Buffer>();
  let sponge = byUse.get(use);
  if (!sponge) {
    sponge = Buffer.concat([key.derive(`token 2 ${use}`, blockBytes), Buffer.alloc(signedBytes)]);
    sponges.set(key, byUse.set(use, sponge));
  }
  return sponge;
}

function squeeze(sponge: Buffer, bytes: number): string {
  return hash("shake256", sponge, { outputEncoding: "binary", outputLength: bytes });
}

function fromBody(purpose: Token["purpose"], bytes: Buffer): Token {
  const workspaceNumber = bytes.readUInt32BE(2);
  switch (purpose) {
    case "open":
      return { purpose, workspaceNumber, messageId: readId(bytes, headBytes) };
    case "click":
      return {
        purpose,
        workspaceNumber,
        messageId: readId(bytes, headBytes),
        linkPosition: bytes.readUInt16BE(headBytes + 16),
      };
    case "unsubscribe":
      return {
        purpose,
        workspaceNumber,
        subscriberId: readId(bytes, headBytes),
        campaignId: readId(bytes, headBytes + 16),
      };
  }
}

export function writeId(bytes: Buffer, id: string, at: number): void {
  bytes.write(id.replaceAll("-", ""), at, 16, "hex");
}

export function readId(bytes: Buffer, at: number): string {
  const hex = bytes.toString("hex", at, at + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
