import { isIP } from "node:net";
import { config } from "../../config.ts";
import { dnsAway, finding } from "./finding.ts";
import { registeredDomain } from "./name.ts";
import type { Finding } from "./notes.ts";
import { addressesOf, aliasOf, type DnsResolver } from "./resolver.ts";

export const linksName = (domain: string) => `links.${domain}`;

/** The base of links under a domain: same scheme and port as PUBLIC_URL, whose web process answers there, too. */
export function linksBaseUrl(domain: string): string {
  const { protocol, port } = new URL(config().PUBLIC_URL);
  return `${protocol}//${linksName(domain)}${port === "" ? "" : `:${port}`}`;
}

/**
 * The host that links of a domain have to lead to, or null when such a record has no use: nobody outside reaches
 * PUBLIC_URL by a name, or it is under the same registered domain already.
 */
export function linksTarget(domain: string): string | null {
  const { hostname } = new URL(config().PUBLIC_URL);
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (isIP(host) || !host.includes(".") || host.endsWith(".localhost")) return null;
  return registeredDomain(host) === registeredDomain(domain) ? null : host;
}

/** Whether the name for links leads to this installation: as an alias of its host, or by the same addresses. */
export async function lookAtLinks(resolver: DnsResolver, domain: string, target: string): Promise<Finding> {
  const name = linksName(domain);
  const alias = await aliasOf(resolver, name);
  if (alias.away) return dnsAway();
  const seen = alias.values;
  if (seen.some((value) => value.toLowerCase().replace(/\.$/, "") === target))
    return finding("ok", "links_ok", { seen });
  const [own, ours] = await Promise.all([addressesOf(resolver, name), addressesOf(resolver, target)]);
  if (own.away || ours.away) return dnsAway();
  if (own.values.length === 0 && seen.length === 0) return finding("missing", "links_missing");
  const leadsHere = own.values.length > 0 && own.values.every((address) => ours.values.includes(address));
  if (leadsHere) return finding("ok", "links_ok", { seen: own.values });
  return finding("different", "links_other", { seen: [...seen, ...own.values] });
}

/** Whether this installation answers under the name, with a certificate where PUBLIC_URL is https. */
export async function reachesUs(baseUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${baseUrl}/api/health`, { redirect: "error", signal: AbortSignal.timeout(5000) });
    return answer.ok && ((await answer.json()) as { status?: unknown }).status === "ok";
  } catch {
    return false;
  }
}
