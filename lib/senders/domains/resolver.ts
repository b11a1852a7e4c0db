import { Resolver } from "node:dns/promises";
import { config } from "../../config.ts";

/** What we ask of a DNS resolver; node's own is one. Tests bring one that asks their server. */
export type DnsResolver = Pick<Resolver, "resolveTxt" | "resolve4" | "resolve6" | "resolveMx" | "resolveCname">;

/** An answer, "none" when DNS says that there is nothing, "away" when it says nothing useful at all. */
export type DnsAnswer<T> = { values: T[]; away: false } | { values: T[]; away: true };

/** Asks the system's DNS servers, or those of DNS_SERVERS; gives up after a few seconds, because somebody waits. */
export function makeResolver(): DnsResolver {
  const resolver = new Resolver({ timeout: 2500, tries: 2 });
  const { DNS_SERVERS } = config();
  const servers = DNS_SERVERS.split(",")
    .map((server) => server.trim())
    .filter(Boolean);
  if (servers.length > 0) resolver.setServers(servers);
  return resolver;
}

/** The TXT records of a name, each in one piece. */
export function txtRecords(resolver: DnsResolver, name: string): Promise<DnsAnswer<string>> {
  return ask(async () => (await resolver.resolveTxt(name)).map((pieces) => pieces.join("")));
}

/** All addresses of a host. Away only when neither family was answered. */
export async function addressesOf(resolver: DnsResolver, host: string): Promise<DnsAnswer<string>> {
  const [four, six] = await Promise.all([ask(() => resolver.resolve4(host)), ask(() => resolver.resolve6(host))]);
  return { values: [...four.values, ...six.values], away: four.away && six.away };
}

export function mailHosts(resolver: DnsResolver, name: string): Promise<DnsAnswer<string>> {
  return ask(async () => (await resolver.resolveMx(name)).map((mx) => mx.exchange).filter(Boolean));
}

export function aliasOf(resolver: DnsResolver, name: string): Promise<DnsAnswer<string>> {
  return ask(() => resolver.resolveCname(name));
}

/** A server that answers "no such name" or "no such record" has answered. Everything else is no answer. */
async function ask<T>(question: () => Promise<T[]>): Promise<DnsAnswer<T>> {
  try {
    return { values: await question(), away: false };
  } catch (error) {
    const code = (error as { code?: string }).code;
    return { values: [], away: code !== "ENOTFOUND" && code !== "ENODATA" };
  }
}
