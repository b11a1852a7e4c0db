import { audit } from "../../auth/audit.ts";
import { allow } from "../../auth/roles.ts";
import type { Scope } from "../../auth/scope.ts";
import { setTrackingBaseUrl } from "../../auth/workspaces.ts";
import type { Db } from "../../db.ts";
import { NotFound, Refusal } from "../../errors.ts";
import type { DomainSwitchInput } from "./input.ts";
import { linksBaseUrl, linksTarget, lookAtLinks, reachesUs } from "./links.ts";
import { getDomain } from "./list.ts";
import { type DnsResolver, makeResolver } from "./resolver.ts";

/**
 * Lets the links of the workspace's mails lead to links.<domain>, or to PUBLIC_URL again. Only when this installation
 * answers there now: links in mails cannot be changed later. Refuses `domains.links_useless`, `domains.links_dns` and
 * `domains.links_unreachable`.
 */
export async function leadLinksTo(
  db: Db,
  scope: Scope,
  { domainId, on }: DomainSwitchInput,
  { resolver = makeResolver(), reaches = reachesUs }: { resolver?: DnsResolver; reaches?: typeof reachesUs } = {},
): Promise<void> {
  allow(scope, "manage");
  const { domain, archivedAt, usedForLinks } = await getDomain(db, scope, domainId);
  if (archivedAt) throw new NotFound("domain");
  if (on === usedForLinks) return;
  const url = linksBaseUrl(domain);
  if (on) {
    const target = linksTarget(domain);
    if (!target) throw new Refusal("domains.links_useless");
    // The names lead to the same place, so whoever asks cannot make us call somewhere else.
    if ((await lookAtLinks(resolver, domain, target)).state !== "ok") throw new Refusal("domains.links_dns");
    if (!(await reaches(url))) throw new Refusal("domains.links_unreachable", { url });
  }
  await db.transaction(async (tx) => {
    await setTrackingBaseUrl(tx, scope.workspaceId, on ? url : null);
    const action = on ? "domain.links_on" : "domain.links_off";
    await audit(tx, scope, action, { kind: "sending_domain", id: domainId }, { domain });
  });
}
