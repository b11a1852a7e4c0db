import { hash, type KeyObject, sign as signAsync } from "node:crypto";

/** A private key that signs for a domain. RSA signs as RFC 6376 says, Ed25519 as RFC 8463. */
export interface DkimKey {
  domain: string;
  selector: string;
  privateKey: KeyObject;
}

export interface DkimSigner {
  /**
   * The DKIM-Signature header fields of one message, one per key, each ending in CRLF, to be put right before it; empty
   * without keys. `head` are the header fields as they go out (an empty line may end them), `body` what follows the
   * empty line: both with CRLF, not dot-stuffed. `replaced` names fields the mail server writes anew (see
   * replacedByServer), which no signature may cover. The signing itself runs on libuv's threads. Rejects when a key
   * cannot sign: a message is never sent unsigned because of that.
   */
  sign(head: string, body: string, replaced?: readonly string[]): Promise<string>;
}

/** What is signed when a message has it, in this order. */
const signedFields = [
  "From",
  "To",
  "Subject",
  "Date",
  "Message-ID",
  "Reply-To",
  "MIME-Version",
  "Content-Type",
  "List-Id",
  "List-Unsubscribe",
  "List-Unsubscribe-Post",
  "Feedback-ID",
];

/**
 * Listed once more than they occur, so that nobody on the way can put a second one into a mail that then still counts
 * as ours (RFC 6376 8.15).
 */
const sealedFields = ["From", "To", "Subject", "Reply-To", "Content-Type"];

/** Signs with every key at once. Keys are looked at here already, so that a wrong one fails before any mail is made. */
export function createDkimSigner(keys: readonly DkimKey[]): DkimSigner {
  const ways = keys.map(signingWay);
  return {
    async sign(head, body, replaced = []) {
      if (ways.length === 0) return "";
      const fields = readFields(head);
      const covered = signedFields.filter((name) => {
        const key = name.toLowerCase();
        return fields.has(key) && !replaced.includes(key);
      });
      const list = [...covered, ...sealedFields].map((name) => name.toLowerCase());
      let canonical = "";
      for (const name of covered) canonical += fields.get(name.toLowerCase());
      const bodyHash = hashOfBody(body);
      const now = Math.floor(Date.now() / 1000);
      const signatures = ways.map((way) => signatureOf(way, canonical, list, bodyHash, now));
      return ways.length === 1 ? (signatures[0] as Promise<string>) : (await Promise.all(signatures)).join("");
    },
  };
}

/**
 * Header fields that a provider's server replaces by its own, in lower case: signed, they would break the signature of
 * every mail. Amazon SES asks for both to be left out; Postmark and Brevo may give mails a Message-ID of their own.
 */
export function replacedByServer(host: string): readonly string[] {
  return /\.(amazonaws\.com|postmarkapp\.com|brevo\.com|sendinblue\.com)$/i.test(host) ? ["date", "message-id"] : [];
}

interface SigningWay {
  algorithm: "rsa-sha256" | "ed25519-sha256";
  /** The part of the field that is the same in every mail. */
  start: string;
  privateKey: KeyObject;
}

function signingWay({ domain, selector, privateKey }: DkimKey): SigningWay {
  const kind = privateKey.asymmetricKeyType;
  if (privateKey.type !== "private" || (kind !== "rsa" && kind !== "ed25519"))
    throw new Error("only a private RSA or Ed25519 key can sign for a domain");
  const algorithm = kind === "rsa" ? "rsa-sha256" : "ed25519-sha256";
  return {
    algorithm,
    start: `v=1; a=${algorithm}; c=relaxed/simple;\r\n d=${domain}; s=${selector};\r\n`,
    privateKey,
  };
}

/** One whole field. What is signed is its relaxed form with an empty b=, without a line end (RFC 6376 3.7). */
async function signatureOf(
  way: SigningWay,
  canonical: string,
  list: readonly string[],
  bodyHash: string,
  now: number,
): Promise<string> {
  const value = `${way.start} t=${now}; h=${foldedList(list)};\r\n bh=${bodyHash};\r\n b=`;
  const data = Buffer.from(`${canonical}dkim-signature:${value.replaceAll("\r\n ", " ")}`);
  const signature = await signed(way, data);
  return `DKIM-Signature: ${value}${foldedBase64(signature)}\r\n`;
}

function signed({ algorithm, privateKey }: SigningWay, data: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, signature: Buffer) => (error ? reject(error) : resolve(signature));
    if (algorithm === "rsa-sha256") signAsync("sha256", data, privateKey, done);
    // Ed25519 hashes by itself; RFC 8463 3 has it sign the SHA-256 of the data all the same.
    else signAsync(null, hash("sha256", data, "buffer"), privateKey, done);
  });
}

const folded = new Map<string, string>();

/** The names of h=, on lines that hold. There are few different lists, so each is folded once. */
function foldedList(names: readonly string[]): string {
  const key = names.join(":");
  let known = folded.get(key);
  if (known === undefined) {
    const lines = [""];
    for (const [index, name] of names.entries()) {
      const piece = index < names.length - 1 ? `${name}:` : name;
      const line = lines.at(-1) ?? "";
      if (line.length + piece.length > 58) lines.push(piece);
      else lines[lines.length - 1] = line + piece;
    }
    known = lines.join("\r\n ");
    folded.set(key, known);
  }
  return known;
}

/**
 * Every field's relaxed form (RFC 6376 3.4.2), ready to be hashed, by its name in lower case. Of a field that occurs
 * more than once the last one counts: signatures are counted from the bottom.
 */
function readFields(head: string): Map<string, string> {
  const fields = new Map<string, string>();
  let start = 0;
  while (start < head.length) {
    let end = head.indexOf("\r\n", start);
    if (end < 0) end = head.length;
    if (end === start) break;
    while (head.charCodeAt(end + 2) === 32 || head.charCodeAt(end + 2) === 9) {
      const next = head.indexOf("\r\n", end + 2);
      end = next < 0 ? head.length : next;
    }
    const colon = head.indexOf(":", start);
    if (colon > start && colon < end) {
      const name = head.slice(start, colon).trimEnd().toLowerCase();
      const value = head
        .slice(colon + 1, end)
        .replace(/[ \t\r\n]+/g, " ")
        .trim();
      fields.set(name, `${name}:${value}\r\n`);
    }
    start = end + 2;
  }
  return fields;
}

/**
 * SHA-256 of the simple form of a body (RFC 6376 3.4.3), as base64: one line end at its end, however many there were.
 * Quoted-printable has no white space at a line's end and no long line that somebody on the way would change; the
 * relaxed form would cost a pass over every octet of every mail.
 */
function hashOfBody(body: string): string {
  let end = body.length;
  while (body.endsWith("\r\n\r\n", end)) end -= 2;
  return hash("sha256", body.endsWith("\r\n") ? body.slice(0, end) : `${body}\r\n`, "base64");
}

/** On lines of 72 octets, as all base64 in a header. */
function foldedBase64(bytes: Buffer): string {
  const text = bytes.toString("base64");
  let lines = text.slice(0, 72);
  for (let at = 72; at < text.length; at += 72) lines += `\r\n ${text.slice(at, at + 72)}`;
  return lines;
}
