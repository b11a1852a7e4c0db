import { dnsAway, finding, readTags } from "./finding.ts";
import { registeredDomain } from "./name.ts";
import type { Finding } from "./notes.ts";
import { type DnsResolver, txtRecords } from "./resolver.ts";

/** To start with: nothing is refused, and receivers see that there is a policy at all. */
export const dmarcValue = "v=DMARC1; p=none;";

export const dmarcName = (domain: string) => `_dmarc.${domain}`;

/**
 * The policy that receivers go by: the domain's own, or the one of the domain it belongs to (RFC 7489 6.6.3). A policy
 * that is there is right; what it means for mails is said with it.
 */
export async function lookAtDmarc(resolver: DnsResolver, domain: string): Promise<Finding> {
  const registered = registeredDomain(domain);
  for (const at of new Set([domain, registered])) {
    const { values, away } = await txtRecords(resolver, dmarcName(at));
    if (away) return dnsAway();
    const records = values.filter((value) => /^v\s*=\s*DMARC1\s*(;|$)/.test(value.trim()));
    const broken = values.filter((value) => /^v\s*=\s*dmarc/i.test(value.trim()));
    if (records.length > 1) return finding("different", "dmarc_several", { seen: records });
    if (records.length === 1) return judge(records[0] as string, at, at !== domain);
    if (broken.length > 0) return finding("different", "dmarc_broken", { seen: broken });
  }
  return finding("missing", "dmarc_missing");
}

function judge(record: string, at: string, inherited: boolean): Finding {
  const tags = readTags(record);
  const own = tags?.get("p")?.toLowerCase();
  const policy = inherited ? (tags?.get("sp")?.toLowerCase() ?? own) : own;
  const detail = { at, inherited: inherited ? 1 : 0, strict: tags?.get("adkim")?.toLowerCase() === "s" ? 1 : 0 };
  switch (policy) {
    case "none":
    case "quarantine":
    case "reject":
      return finding("ok", `dmarc_${policy}`, { seen: [record], detail });
    default:
      return finding("different", "dmarc_broken", { seen: [record] });
  }
}
