import { isIP } from "node:net";
import { config } from "../../config.ts";
import { dnsAway, finding } from "./finding.ts";
import type { DomainRow, Finding } from "./notes.ts";
import { addressesOf, type DnsResolver, mailHosts } from "./resolver.ts";

/** Where mail that comes back is sent to ("return path"), and the mail server that takes it there. */
export interface BounceDomain {
  host: string;
  server: string;
}

export function bounceDomainOf(row: Pick<DomainRow, "bounceHost" | "bounceServer">): BounceDomain | null {
  const { bounceHost: host, bounceServer: server } = row;
  return host && server ? { host, server } : null;
}

/** What to begin with: a host of its own, and the machine that PUBLIC_URL leads to, where it has a name. */
export function suggestedBounces(domain: string): BounceDomain {
  const { hostname } = new URL(config().PUBLIC_URL);
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const isName = !isIP(host) && host.includes(".") && !host.endsWith(".localhost");
  return { host: `bounces.${domain}`, server: isName ? host : "" };
}

/** Names of its records. What was found under one host or server says nothing about another. */
export const bounceMxRecord = ({ host, server }: BounceDomain) => `mx:${host} ${server}`;
export const bounceSpfRecord = ({ host }: BounceDomain) => `spf:${host}`;

/** Whether mail to the bounce domain reaches the server that takes it (RFC 5321 5.1). */
export async function lookAtBounceMx(resolver: DnsResolver, { host, server }: BounceDomain): Promise<Finding> {
  const mx = await mailHosts(resolver, host);
  if (mx.away) return dnsAway();
  const seen = mx.values;
  if (seen.length === 0) return finding("missing", "mx_missing");
  if (!seen.some((value) => value.toLowerCase().replace(/\.$/, "") === server))
    return finding("different", "mx_other", { seen });
  const addresses = await addressesOf(resolver, server);
  if (addresses.away) return dnsAway();
  if (addresses.values.length === 0) return finding("different", "mx_dead", { seen, detail: { server } });
  return finding("ok", "mx_ok", { seen });
}
