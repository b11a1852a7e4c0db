import { domainToASCII } from "node:url";

export type WireAddress = { ok: true; address: string; needsSmtpUtf8: boolean } | { ok: false; why: string };

/** Characters that could end, split or smuggle a path: controls, spaces, list and route signs, Unicode line ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what it refuses
const forbidden = /[\x00-\x20\x7f-\x9f,;:<>()[\]\\"\u2028\u2029\u00a0\ufeff]/;
const domainName = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is what it tells
const ascii = /^[\x00-\x7f]*$/;

/**
 * Exactly one addr-spec as it goes into MAIL or RCPT, or why it may not. A non-ASCII domain becomes its A-label; a
 * non-ASCII local part is left as it is and needs SMTPUTF8 (RFC 6531). Quoted local parts are not supported.
 */
export function wireAddress(address: string): WireAddress {
  if (forbidden.test(address)) return { ok: false, why: "contains a character that no single address may have" };
  const at = address.lastIndexOf("@");
  const local = address.slice(0, at);
  if (at < 1 || local.includes("@")) return { ok: false, why: "is not of the form name@domain" };
  if (Buffer.byteLength(local) > 64) return { ok: false, why: "has more than 64 octets before the @" };
  const domain = asciiDomain(address.slice(at + 1));
  if (domain === null) return { ok: false, why: "has no valid domain" };
  return { ok: true, address: `${local}@${domain}`, needsSmtpUtf8: !ascii.test(local) };
}

/** A campaign's people share few domains, and each is asked for three times a mail. */
const asciiDomains = new Map<string, string | null>();
const mostDomains = 10_000;

function asciiDomain(domain: string): string | null {
  let ascii = asciiDomains.get(domain);
  if (ascii === undefined) {
    if (asciiDomains.size >= mostDomains) asciiDomains.clear();
    const converted = domainToASCII(domain);
    ascii = domainName.test(converted) ? converted : null;
    asciiDomains.set(domain, ascii);
  }
  return ascii;
}
