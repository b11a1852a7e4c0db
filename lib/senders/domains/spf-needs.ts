import { isIP } from "node:net";
import { and, eq, isNull } from "drizzle-orm";
import { sender } from "#drizzle/schema/senders.ts";
import type { Db } from "../../db.ts";

/** What an SPF record has to permit so that mail of the workspace's senders passes: a provider's include, or a host. */
export type SpfNeed = { kind: "include"; domain: string } | { kind: "host"; host: string };

export interface SpfNeeds {
  needs: SpfNeed[];
  /** Servers inside the own network: which address they send from outside cannot be known here. */
  hidden: string[];
}

/** What each provider has its customers put into their record. */
const includes: Array<[RegExp, string]> = [
  [/\.amazonaws\.com$/, "amazonses.com"],
  [/\.mailgun\.org$/, "mailgun.org"],
  [/\.postmarkapp\.com$/, "spf.mtasv.net"],
  [/\.sendgrid\.net$/, "sendgrid.net"],
  [/\.(brevo|sendinblue)\.com$/, "spf.brevo.com"],
  [/\.(gmail|google|googlemail)\.com$/, "_spf.google.com"],
  [/\.(office365|outlook)\.com$/, "spf.protection.outlook.com"],
];

/** From the hosts of the SMTP senders in use. */
export async function spfNeedsOf(db: Db, workspaceId: string): Promise<SpfNeeds> {
  const rows = await db
    .selectDistinct({ host: sender.host })
    .from(sender)
    .where(and(eq(sender.workspaceId, workspaceId), eq(sender.kind, "smtp"), isNull(sender.archivedAt)))
    .orderBy(sender.host);
  return needsOfHosts(rows.map((row) => row.host));
}

export function needsOfHosts(hosts: readonly string[]): SpfNeeds {
  const needs = new Map<string, SpfNeed>();
  const hidden: string[] = [];
  for (const given of hosts) {
    const host = given.toLowerCase().replace(/\.$/, "");
    const include = includes.find(([pattern]) => pattern.test(host))?.[1];
    if (include) needs.set(include, { kind: "include", domain: include });
    else if (isInside(host)) hidden.push(host);
    else needs.set(host, { kind: "host", host });
  }
  return { needs: [...needs.values()], hidden };
}

export function mechanismOf(need: SpfNeed): string {
  if (need.kind === "include") return `include:${need.domain}`;
  const family = isIP(need.host);
  return family === 0 ? `a:${need.host}` : `ip${family}:${need.host}`;
}

/** Names and addresses that mean nothing to a receiver outside. */
function isInside(host: string): boolean {
  if (!isIP(host)) return !host.includes(".") || /\.(local|localhost|internal|lan|home\.arpa)$/.test(host);
  return (
    /^(0|10|127)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(
      host,
    ) || /^(::1?$|f[cd]|fe[89ab])/.test(host)
  );
}
