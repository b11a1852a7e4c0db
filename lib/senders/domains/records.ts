import { bounceDomainOf, bounceMxRecord, bounceSpfRecord } from "./bounces.ts";
import { dkimName, dkimValue } from "./dkim-record.ts";
import { dmarcName, dmarcValue } from "./dmarc.ts";
import type { KeyKind, StoredKey } from "./keys.ts";
import { linksName, linksTarget } from "./links.ts";
import { registeredDomain } from "./name.ts";
import { currentKeys, type DomainRow, dkimRecord, type RecordNote, readNotes } from "./notes.ts";
import { spfValue } from "./spf.ts";
import type { SpfNeeds } from "./spf-needs.ts";

/** One record that belongs into DNS, and what was last seen of it. */
export interface DomainRecord {
  key: string;
  purpose:
    | "dkim"
    | "dkim_ed25519"
    | "dkim_next"
    | "dkim_ed25519_next"
    | "spf"
    | "dmarc"
    | "bounces_mx"
    | "bounces_spf"
    | "links";
  type: "TXT" | "CNAME" | "MX";
  /** The whole name, and as most editors of a zone want it. */
  name: string;
  shortName: string;
  /** In one piece, as most editors want it; null while it cannot be known. */
  value: string | null;
  /** A line for a zone file, where a TXT value is cut into strings of at most 255 octets (RFC 1035 3.3.14). */
  zoneLine: string | null;
  /** Of an MX: most editors have a field of its own for it. */
  priority: number | null;
  note: RecordNote | null;
}

/** All records of a domain, the ones that matter most first. */
export function recordsOf(row: DomainRow, needs: SpfNeeds): DomainRecord[] {
  const { domain } = row;
  const notes = readNotes(row);
  const zone = registeredDomain(domain);
  const record = (
    key: string,
    purpose: DomainRecord["purpose"],
    type: DomainRecord["type"],
    name: string,
    value: string | null,
  ): DomainRecord => ({
    ...{ key, purpose, type, name, value },
    shortName: name === zone ? "@" : name.slice(0, -zone.length - 1),
    zoneLine: value === null ? null : zoneLine(name, type, value),
    priority: type === "MX" ? mxPriority : null,
    note: notes.records[key] ?? null,
  });
  const dkim = (kind: KeyKind, purpose: DomainRecord["purpose"], key: StoredKey | null) =>
    key
      ? [
          record(
            dkimRecord(key.selector),
            purpose,
            "TXT",
            dkimName(key.selector, domain),
            dkimValue(kind, key.publicKey),
          ),
        ]
      : [];
  const { rsa, ed25519 } = currentKeys(row);
  const spf = notes.records.spf;
  const bounces = bounceDomainOf(row);
  const bounceSpf = bounces && notes.records[bounceSpfRecord(bounces)];
  const ownSpf = needs.needs.length > 0 ? spfValue(needs) : null;
  const target = linksTarget(domain);
  return [
    ...dkim("rsa", "dkim_next", notes.next?.rsa ?? null),
    ...dkim("ed25519", "dkim_ed25519_next", notes.next?.ed25519 ?? null),
    ...dkim("rsa", "dkim", rsa),
    ...dkim("ed25519", "dkim_ed25519", ed25519),
    record("spf", "spf", "TXT", domain, spf?.suggested ?? ownSpf),
    record("dmarc", "dmarc", "TXT", dmarcName(domain), dmarcValue),
    ...(bounces
      ? [
          record(bounceMxRecord(bounces), "bounces_mx", "MX", bounces.host, bounces.server),
          record(bounceSpfRecord(bounces), "bounces_spf", "TXT", bounces.host, bounceSpf?.suggested ?? ownSpf),
        ]
      : []),
    ...(target ? [record("links", "links", "CNAME", linksName(domain), target)] : []),
  ];
}

/** There is only one server, so any number will do. */
const mxPriority = 10;

/** A line of a zone file. Quotes and backslashes are escaped; a value past 255 octets becomes several strings. */
export function zoneLine(name: string, type: DomainRecord["type"], value: string): string {
  if (type === "MX") return `${name}. 3600 IN MX ${mxPriority} ${value}.`;
  if (type === "CNAME") return `${name}. 3600 IN CNAME ${value}.`;
  const strings = value.match(/.{1,255}/gs) ?? [""];
  const quoted = strings.map((text) => `"${text.replace(/["\\]/g, "\\$&")}"`);
  return `${name}. 3600 IN TXT ${quoted.length > 1 ? `( ${quoted.join(" ")} )` : quoted[0]}`;
}
