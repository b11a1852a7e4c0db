import { dnsAway, finding, readTags } from "./finding.ts";
import type { KeyKind, StoredKey } from "./keys.ts";
import type { Finding } from "./notes.ts";
import { type DnsResolver, txtRecords } from "./resolver.ts";

export const dkimName = (selector: string, domain: string) => `${selector}._domainkey.${domain}`;

export const dkimValue = (kind: KeyKind, publicKey: string) => `v=DKIM1; k=${kind}; p=${publicKey}`;

/** Whether receivers find the public half of a key (RFC 6376 3.6.1). */
export async function lookAtDkim(
  resolver: DnsResolver,
  domain: string,
  kind: KeyKind,
  key: StoredKey,
): Promise<Finding> {
  const name = dkimName(key.selector, domain);
  const { values, away } = await txtRecords(resolver, name);
  if (away) return dnsAway();
  if (values.length === 0) {
    // Editors that add the domain by themselves make this of a whole name.
    const doubled = await txtRecords(resolver, `${name}.${domain}`);
    return doubled.values.length > 0
      ? finding("missing", "dkim_doubled", { seen: doubled.values, detail: { name: `${name}.${domain}` } })
      : finding("missing", "dkim_missing");
  }
  if (values.length > 1) return finding("different", "dkim_several", { seen: values });
  return judge(values[0] as string, kind, key);
}

function judge(record: string, kind: KeyKind, key: StoredKey): Finding {
  const seen = [record];
  const tags = readTags(record);
  const found = tags?.get("p");
  if (!tags || found === undefined || (tags.get("v") ?? "DKIM1") !== "DKIM1")
    return finding("different", "dkim_broken", { seen });
  if (found === "") return finding("different", "dkim_revoked", { seen });
  if (found.replace(/\s+/g, "") !== key.publicKey || (tags.get("k") ?? "rsa") !== kind)
    return finding("different", "dkim_other_key", { seen });
  if (!(tags.get("s") ?? "*").split(":").some((service) => ["*", "email"].includes(service.trim())))
    return finding("different", "dkim_broken", { seen });
  return finding("ok", "dkim_ok", { seen });
}
