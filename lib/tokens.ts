import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import { type SecretKey, secretKeys } from "./secrets.ts";

/*
 * Tokens in links. Fixed length, base64url, at most 64 bytes before encoding:
 *   byte 0      version (high four bits) and purpose (low four)
 *   byte 1      key id
 *   bytes 2–5   workspace number
 *   then        ids of the purpose, each fixed in length
 *   last 16     128 bits of MAC
 * The MAC key is derived per purpose, so a token of one purpose is worthless for another.
 * Version 1: HMAC-SHA-256 over all before it, cut.
 * Version 2, for clicks, of which a mail has many: HMAC-SHA-512 over all before it, with the number of the link's group
 * of four in place of the link's own; its four quarters belong to the four links. Clicks of version 1 are still read.
 */

const version = 1;
const clickVersion = 2;
const linksOfMac = 4;

/** open: message · click: message + link position · unsubscribe: subscriber + campaign, so that it outlives messages. */
export type Token =
  | { purpose: "open"; workspaceNumber: number; messageId: string }
  | { purpose: "click"; workspaceNumber: number; messageId: string; linkPosition: number }
  | { purpose: "unsubscribe"; workspaceNumber: number; subscriberId: string; campaignId: string };

const purposes = { open: 1, click: 2, unsubscribe: 3 } as const;
const idBytes = { open: 16, click: 18, unsubscribe: 32 } as const;
const headBytes = 6;
const macBytes = 16;

const macKeys = new WeakMap<SecretKey, Map<string, KeyObject>>();

/** Signs a token with the current key. About 1 µs: called a dozen times per mail. */
export function signToken(token: Token): string {
  const key = secretKeys()[0] as SecretKey;
  if (token.purpose === "click") return signClick(key, token);
  const bodyLength = headBytes + idBytes[token.purpose];
  const bytes = Buffer.allocUnsafe(bodyLength + macBytes);
  bytes[0] = (version << 4) | purposes[token.purpose];
  bytes[1] = key.id;
  bytes.writeUInt32BE(token.workspaceNumber, 2);
  if (token.purpose === "unsubscribe") {
    writeId(bytes, token.subscriberId, headBytes);
    writeId(bytes, token.campaignId, headBytes + 16);
  } else {
    writeId(bytes, token.messageId, headBytes);
  }
  mac(key, token.purpose, bytes.subarray(0, bodyLength)).copy(bytes, bodyLength, 0, macBytes);
  return bytes.toString("base64url");
}

/** The message whose links were signed last: the links of a mail are signed one after the other. */
let lastClicks: { key: SecretKey; workspaceNumber: number; messageId: string; bytes: Buffer; macs: Buffer[] } | null =
  null;

function signClick(key: SecretKey, token: Extract<Token, { purpose: "click" }>): string {
  const { workspaceNumber, messageId, linkPosition } = token;
  const bodyLength = headBytes + idBytes.click;
  if (lastClicks?.messageId !== messageId || lastClicks.workspaceNumber !== workspaceNumber || lastClicks.key !== key) {
    const bytes = Buffer.alloc(bodyLength + macBytes);
    bytes[0] = (clickVersion << 4) | purposes.click;
    bytes[1] = key.id;
    bytes.writeUInt32BE(workspaceNumber, 2);
    writeId(bytes, messageId, headBytes);
    lastClicks = { key, workspaceNumber, messageId, bytes, macs: [] };
  }
  const { bytes, macs } = lastClicks;
  const group = Math.floor(linkPosition / linksOfMac);
  macs[group] ??= clickMac(key, bytes.subarray(0, bodyLength), group);
  bytes.writeUInt16BE(linkPosition, headBytes + 16);
  quarter(macs[group], linkPosition).copy(bytes, bodyLength);
  return bytes.toString("base64url");
}

/** Over the body with the number of the link's group in the place of the link; leaves the body so. */
function clickMac(key: SecretKey, body: Buffer, group: number): Buffer {
  body.writeUInt16BE(group, headBytes + 16);
  return createHmac("sha512", macKey(key, "click v2")).update(body).digest();
}

function quarter(of: Buffer, linkPosition: number): Buffer {
  const at = (linkPosition % linksOfMac) * macBytes;
  return of.subarray(at, at + macBytes);
}

/** Reads a token of one purpose. Null for anything that this installation did not sign for that purpose. */
export function readToken<P extends Token["purpose"]>(purpose: P, text: string): Extract<Token, { purpose: P }> | null {
  const bodyLength = headBytes + idBytes[purpose];
  // Exact length first: base64url decoding ignores trailing rubbish, and 22 spare bits could spell one token two ways.
  if (text.length !== Math.ceil(((bodyLength + macBytes) * 4) / 3) || !/^[A-Za-z0-9_-]+$/.test(text)) return null;
  const bytes = Buffer.from(text, "base64url");
  if (bytes.toString("base64url") !== text) return null;
  const body = bytes.subarray(0, bodyLength);
  const genuineMac = macOf(purpose, body);
  if (genuineMac === null) return null;
  const given = bytes.subarray(bodyLength);
  if (!secretKeys().some((key) => key.id === bytes[1] && timingSafeEqual(genuineMac(key), given))) return null;
  return fromBody(purpose, bytes) as Extract<Token, { purpose: P }>;
}

/** How a token of this purpose and version is signed; null when there is no such one. */
function macOf(purpose: Token["purpose"], body: Buffer): ((key: SecretKey) => Buffer) | null {
  if (body[0] === ((version << 4) | purposes[purpose])) {
    return (key) => mac(key, purpose, body).subarray(0, macBytes);
  }
  if (purpose !== "click" || body[0] !== ((clickVersion << 4) | purposes.click)) return null;
  const linkPosition = body.readUInt16BE(headBytes + 16);
  return (key) => quarter(clickMac(key, Buffer.from(body), Math.floor(linkPosition / linksOfMac)), linkPosition);
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

function mac(key: SecretKey, purpose: Token["purpose"], body: Buffer): Buffer {
  return createHmac("sha256", macKey(key, purpose)).update(body).digest();
}

function macKey(key: SecretKey, use: Token["purpose"] | "click v2"): KeyObject {
  const byUse = macKeys.get(key) ?? new Map<string, KeyObject>();
  const known = byUse.get(use) ?? createSecretKey(key.derive(`token ${use}`, 32));
  macKeys.set(key, byUse.set(use, known));
  return known;
}

function writeId(bytes: Buffer, id: string, at: number): void {
  bytes.write(id.replaceAll("-", ""), at, 16, "hex");
}

function readId(bytes: Buffer, at: number): string {
  const hex = bytes.toString("hex", at, at + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
