import { timingSafeEqual } from "node:crypto";
import { type SecretKey, secretKeys } from "./secrets.ts";
import { bounceMac, readId, writeId } from "./tokens.ts";

/*
 * The envelope sender of a mail whose domain has a bounce domain ("VERP"): b-<base32>@<bounce host>, signed, so that what
 * comes back is known by the address it comes back to. Lower-case base32 (RFC 4648), because mail servers may change
 * the case of an address. 62 octets before the @ of at most 64 (RFC 5321 4.5.3.1.1):
 *   byte 0      key id
 *   bytes 1–4   workspace number, so that the message is found by its key
 *   then        message id
 *   last 16     128 bits of MAC over all of it (lib/tokens.ts)
 */

const prefix = "b-";
const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
const bodyBytes = 21;
const macBytes = 16;
const form = /^b-([a-z2-7]{60})$/;

/** Filled anew by each address. */
const scratch = Buffer.alloc(bodyBytes + macBytes);

/** The envelope sender of a message, signed with the current key. */
export function bounceAddress(workspaceNumber: number, messageId: string, host: string): string {
  const key = secretKeys()[0] as SecretKey;
  scratch[0] = key.id;
  scratch.writeUInt32BE(workspaceNumber, 1);
  writeId(scratch, messageId, 5);
  scratch.write(bounceMac(key, workspaceNumber, messageId), bodyBytes, "latin1");
  return `${prefix}${toBase32(scratch)}@${host}`;
}

/** The message behind a bounce address, whatever stands after its @; null for anything that we did not sign. */
export function readBounceAddress(address: string): { workspaceNumber: number; messageId: string } | null {
  const text = form.exec(address.trim().replace(/@.*$/s, "").toLowerCase())?.[1];
  if (text === undefined) return null;
  const bytes = fromBase32(text);
  // Four spare bits could spell one address in sixteen ways.
  if (toBase32(bytes) !== text) return null;
  const workspaceNumber = bytes.readUInt32BE(1);
  const messageId = readId(bytes, 5);
  const genuine = (key: SecretKey) => Buffer.from(bounceMac(key, workspaceNumber, messageId), "latin1");
  const given = bytes.subarray(bodyBytes);
  const isOurs = secretKeys().some((key) => key.id === bytes[0] && timingSafeEqual(genuine(key), given));
  return isOurs ? { workspaceNumber, messageId } : null;
}

/** Two letters at a time: half the steps. */
const pairs = Array.from({ length: 1024 }, (_, n) => `${alphabet[n >> 5]}${alphabet[n & 31]}`);

function toBase32(bytes: Buffer): string {
  let text = "";
  let value = 0;
  let bits = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffffff;
    bits += 8;
    if (bits >= 10) {
      bits -= 10;
      text += pairs[(value >> bits) & 1023];
    }
  }
  return text + (pairs[(value << (10 - bits)) & 1023] as string);
}

function fromBase32(text: string): Buffer {
  const bytes = Buffer.alloc(bodyBytes + macBytes);
  let value = 0;
  let bits = 0;
  let at = 0;
  for (const letter of text) {
    value = ((value << 5) | alphabet.indexOf(letter)) & 0xffff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      if (at < bytes.length) bytes[at++] = (value >> bits) & 255;
    }
  }
  return bytes;
}
