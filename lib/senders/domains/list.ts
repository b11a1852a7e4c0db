import { domainToUnicode } from "node:url";
import { and, asc, eq, isNull } from "drizzle-orm";
import { sendingDomain } from "#drizzle/schema/senders.ts";
import { allow } from "../../auth/roles.ts";
import type { Scope } from "../../auth/scope.ts";
import { getWorkspace } from "../../auth/workspaces.ts";
import type { Db } from "../../db.ts";
import { NotFound } from "../../errors.ts";
import { type BounceDomain, bounceDomainOf, suggestedBounces } from "./bounces.ts";
import { opens } from "./keys.ts";
import { linksBaseUrl } from "./links.ts";
import { currentKeys, type DomainRow, dkimRecord, readNotes } from "./notes.ts";
import { type DomainRecord, recordsOf } from "./records.ts";
import { spfNeedsOf } from "./spf-needs.ts";

/**
 * Where a domain stands, for people:
 * waiting (its key has not been seen yet) · signing · gone (signing, but the key is not in DNS any more) · unseen (signing
 * because a person says so) · off (stopped by a person) · lost (the key cannot be opened, so nothing from it is sent).
 */
export type DomainStatus = "waiting" | "signing" | "gone" | "unseen" | "off" | "lost";

/** A domain as people see it: of its keys only what stands in DNS. */
export interface DomainView {
  id: string;
  /** As A-labels, and as it is read. */
  domain: string;
  displayName: string;
  status: DomainStatus;
  signing: boolean;
  hasEd25519: boolean;
  checkedAt: Date | null;
  /** Records that were right once and are not any more. */
  gone: number;
  archivedAt: Date | null;
}

export interface DomainDetail extends DomainView {
  records: DomainRecord[];
  /** New keys wait for their records. */
  rotating: boolean;
  /** Records of earlier keys, which may be removed from that day on. */
  previous: { selectors: string[]; until: string } | null;
  /** Whether the workspace's links lead to this domain. */
  usedForLinks: boolean;
  /** Where mail that comes back goes; `since` null until its MX has been seen in DNS. */
  bounces: (BounceDomain & { since: Date | null }) | null;
  suggestedBounces: BounceDomain;
}

/** The workspace's domains in use, by name. */
export async function listDomains(db: Db, scope: Scope): Promise<DomainView[]> {
  allow(scope, "read");
  const rows = await db
    .select()
    .from(sendingDomain)
    .where(and(eq(sendingDomain.workspaceId, scope.workspaceId), isNull(sendingDomain.archivedAt)))
    .orderBy(asc(sendingDomain.domain));
  return rows.map(view);
}

/** One domain, archived or not, with the records that it needs in DNS. */
export async function getDomain(db: Db, scope: Scope, domainId: string): Promise<DomainDetail> {
  allow(scope, "read");
  const [row] = await db
    .select()
    .from(sendingDomain)
    .where(and(eq(sendingDomain.workspaceId, scope.workspaceId), eq(sendingDomain.id, domainId)));
  if (!row) throw new NotFound("domain");
  const { trackingBaseUrl } = await getWorkspace(db, scope);
  const notes = readNotes(row);
  const bounces = bounceDomainOf(row);
  return {
    ...view(row),
    records: recordsOf(row, await spfNeedsOf(db, scope.workspaceId)),
    rotating: notes.next !== null,
    previous: notes.previous,
    usedForLinks: trackingBaseUrl === linksBaseUrl(row.domain),
    bounces: bounces && { ...bounces, since: row.bounceSince },
    suggestedBounces: suggestedBounces(row.domain),
  };
}

function view(row: DomainRow): DomainView {
  return {
    id: row.id,
    domain: row.domain,
    displayName: domainToUnicode(row.domain),
    status: statusOf(row),
    signing: row.signing,
    hasEd25519: row.ed25519Selector !== null,
    checkedAt: row.checkedAt,
    gone: Object.values(readNotes(row).records).filter((note) => note.goneAt !== null).length,
    archivedAt: row.archivedAt,
  };
}

export function statusOf(row: DomainRow): DomainStatus {
  const keys = currentKeys(row);
  if (!opens(row.id, keys)) return "lost";
  const note = readNotes(row).records[dkimRecord(keys.rsa.selector)];
  if (!row.signing) return note?.lastOkAt ? "off" : "waiting";
  if (note?.goneAt) return "gone";
  return note?.lastOkAt ? "signing" : "unseen";
}
