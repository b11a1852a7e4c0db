import { BlockList, isIP } from "node:net";
import { dnsAway, finding } from "./finding.ts";
import type { Finding } from "./notes.ts";
import { addressesOf, type DnsResolver, mailHosts, txtRecords } from "./resolver.ts";
import { mechanismOf, type SpfNeed, type SpfNeeds } from "./spf-needs.ts";

/** RFC 7208 4.6.4: receivers give up ("permerror") past ten mechanisms that need a question to DNS. */
export const lookupLimit = 10;

/** The record to start with when there is none. */
export function spfValue({ needs }: SpfNeeds): string {
  return ["v=spf1", ...needs.map(mechanismOf), "~all"].join(" ");
}

/**
 * Whether the domain's SPF record permits the workspace's senders (RFC 7208). There may be one record only, so what is
 * suggested is always the one that is there, extended.
 */
export async function lookAtSpf(resolver: DnsResolver, domain: string, wanted: SpfNeeds): Promise<Finding> {
  const { values, away } = await txtRecords(resolver, domain);
  if (away) return dnsAway();
  const records = values.filter(isSpf);
  const seen = records;
  if (records.length > 1)
    return finding("different", "spf_several", { seen, suggested: merged(records, wanted.needs) });
  const [record] = records;
  if (wanted.needs.length === 0) {
    if (wanted.hidden.length > 0)
      return finding("unknown", "spf_hidden", { seen, detail: { host: wanted.hidden[0] ?? "" } });
    return finding("unknown", "spf_no_sender", { seen });
  }
  if (!record) return finding("missing", "spf_missing", { suggested: spfValue(wanted) });
  const walk: Walk = {
    resolver,
    lookups: 0,
    includes: new Set(),
    hosts: new Set(),
    permitted: new BlockList(),
    broken: false,
    away: false,
  };
  await walkRecord(walk, domain, record, new Set([domain]));
  if (walk.broken) return finding("different", "spf_broken", { seen });
  if (/(^|\s)\+?all(\s|$)/i.test(record))
    return finding("different", "spf_open", { seen, suggested: merged(records, []) });
  const lacking: SpfNeed[] = [];
  for (const need of wanted.needs) if (!(await isPermitted(walk, need))) lacking.push(need);
  const detail = { lookups: walk.lookups, limit: lookupLimit };
  if (walk.lookups > lookupLimit) return finding("different", "spf_too_many", { seen, detail });
  if (lacking.length === 0) return finding("ok", "spf_ok", { seen, detail });
  if (walk.away) return dnsAway();
  const lacks = lacking.map(mechanismOf).join(" ");
  return finding("different", "spf_lacks", { seen, detail: { ...detail, lacks }, suggested: merged(records, lacking) });
}

const isSpf = (text: string) => /^v=spf1(\s|$)/i.test(text);

interface Walk {
  resolver: DnsResolver;
  lookups: number;
  includes: Set<string>;
  /** Hosts named by a: */
  hosts: Set<string>;
  permitted: BlockList;
  broken: boolean;
  away: boolean;
}

/** Counts the questions a receiver has to ask, and collects what is permitted, through all includes. */
async function walkRecord(walk: Walk, domain: string, record: string, above: ReadonlySet<string>): Promise<void> {
  const terms = record.trim().split(/\s+/).slice(1);
  const hasAll = terms.some((term) => /^[+~?-]?all$/i.test(term));
  for (const term of terms) {
    const [, qualifier = "", name = "", argument = ""] = /^([+~?-]?)([a-z0-9]+)(?:[:=/](.*))?$/is.exec(term) ?? [];
    const permits = qualifier === "" || qualifier === "+";
    switch (name.toLowerCase()) {
      case "include":
        if (permits) walk.includes.add(argument.toLowerCase());
        await follow(walk, argument, above);
        break;
      case "redirect":
        if (!hasAll) await follow(walk, argument, above);
        break;
      case "a":
      case "mx": {
        walk.lookups++;
        const [host = "", ...prefix] = term
          .slice(qualifier.length + name.length)
          .replace(/^:/, "")
          .split("/");
        if (permits) await permitHosts(walk, name.toLowerCase(), host || domain, prefix[0]);
        break;
      }
      case "ptr":
      case "exists":
        walk.lookups++;
        break;
      case "ip4":
      case "ip6":
        if (!addRange(walk.permitted, argument, permits)) walk.broken = true;
        break;
      case "all":
      case "exp":
        break;
      default:
        // Unknown modifiers (name=value) are to be passed over, unknown mechanisms break the record (RFC 7208 4.6.1, 6).
        if (!/^[a-z][a-z0-9._-]*=/i.test(term)) walk.broken = true;
    }
  }
}

async function follow(walk: Walk, target: string, above: ReadonlySet<string>): Promise<void> {
  walk.lookups++;
  const name = target.toLowerCase().replace(/\.$/, "");
  // Macros depend on the mail; and past the limit by far nothing more is to be learned.
  if (name === "" || name.includes("%") || above.has(name) || walk.lookups > 2 * lookupLimit || walk.away) return;
  const { values, away } = await txtRecords(walk.resolver, name);
  if (away) walk.away = true;
  const record = values.find(isSpf);
  if (record) await walkRecord(walk, name, record, new Set([...above, name]));
}

async function permitHosts(walk: Walk, kind: string, host: string, prefix: string | undefined): Promise<void> {
  const name = host.toLowerCase().replace(/\.$/, "");
  if (name.includes("%") || walk.lookups > 2 * lookupLimit || walk.away) return;
  if (kind === "a") walk.hosts.add(name);
  const hosts = kind === "a" ? [name] : (await mailHosts(walk.resolver, name)).values.slice(0, 10);
  for (const one of hosts) {
    const { values, away } = await addressesOf(walk.resolver, one);
    if (away) walk.away = true;
    for (const address of values)
      addRange(walk.permitted, prefix && isIP(address) === 4 ? `${address}/${prefix}` : address, true);
  }
}

function addRange(list: BlockList, range: string, permits: boolean): boolean {
  const [address = "", prefix] = range.split("/");
  const family = isIP(address);
  const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
  if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 4 ? 32 : 128)) return false;
  if (permits) list.addSubnet(address, bits, family === 4 ? "ipv4" : "ipv6");
  return true;
}

async function isPermitted(walk: Walk, need: SpfNeed): Promise<boolean> {
  if (need.kind === "include") return walk.includes.has(need.domain);
  if (walk.hosts.has(need.host)) return true;
  const holds = (address: string) => walk.permitted.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
  if (isIP(need.host)) return holds(need.host);
  const { values, away } = await addressesOf(walk.resolver, need.host);
  if (away) walk.away = true;
  return values.length > 0 && values.every(holds);
}

/** One record of all that are there, with what is lacking, its "all" at the end, and never open to everybody. */
function merged(records: readonly string[], lacking: readonly SpfNeed[]): string {
  const terms = records.flatMap((record) => record.trim().split(/\s+/).slice(1));
  const isLast = (term: string) => /^[+~?-]?all$/i.test(term) || /^redirect=/i.test(term);
  const last = terms.findLast((term) => isLast(term) && !/^\+?all$/i.test(term)) ?? "~all";
  const kept = terms.filter((term) => !isLast(term));
  return ["v=spf1", ...new Set([...kept, ...lacking.map(mechanismOf)]), last].join(" ");
}
