import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { getDomain, parse } from "tldts";

/** Why a text is no domain that mail can be sent from. Each is a key of the words for fields. */
export type DomainFault = "domain" | "domain_ip" | "domain_single_label" | "domain_public_suffix";

export type DomainName = { ok: true; domain: string } | { ok: false; fault: DomainFault };

const hostName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A selector and "_domainkey" have to fit before it, and a name in DNS has 253 characters at most. */
const maxLength = 200;

/**
 * Reads a domain as people paste it (an address or a web address will do) into lower-case A-labels. Refuses IP
 * addresses, names without a dot, and suffixes under which others have their domains, such as co.uk.
 */
export function readDomain(text: string): DomainName {
  const bare = text
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, "")
    .replace(/[/?#].*$/s, "")
    .replace(/^.*@/s, "")
    .replace(/\.$/, "");
  if (isIP(bare.replace(/^\[(.*)\]$/, "$1"))) return { ok: false, fault: "domain_ip" };
  if (bare === "" || bare.includes(":") || bare.length > 253) return { ok: false, fault: "domain" };
  const domain = domainToASCII(bare);
  // What the URL standard reads as a number ("0x7f.1") has become an address only now.
  if (isIP(domain)) return { ok: false, fault: "domain_ip" };
  if (/^[a-z0-9-]+$/.test(domain)) return { ok: false, fault: "domain_single_label" };
  if (!hostName.test(domain) || domain.length > maxLength) return { ok: false, fault: "domain" };
  const { isIcann, publicSuffix } = parse(domain);
  if (isIcann && publicSuffix === domain) return { ok: false, fault: "domain_public_suffix" };
  return { ok: true, domain };
}

/** The domain that somebody registered: where the zone is, and where DMARC looks next (RFC 7489 3.2). */
export function registeredDomain(domain: string): string {
  return getDomain(domain, { allowPrivateDomains: true }) ?? domain;
}
