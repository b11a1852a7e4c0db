import { and, asc, eq, isNull } from "drizzle-orm";
import { workspace } from "#drizzle/schema/auth.ts";
import { sendingDomain } from "#drizzle/schema/senders.ts";
import { audit } from "../../auth/audit.ts";
import { allow } from "../../auth/roles.ts";
import { type Scope, systemScope } from "../../auth/scope.ts";
import { getWorkspace } from "../../auth/workspaces.ts";
import type { Db } from "../../db.ts";
import { NotFound } from "../../errors.ts";
import { bounceDomainOf, bounceMxRecord, bounceSpfRecord, lookAtBounceMx } from "./bounces.ts";
import { lookAtDkim } from "./dkim-record.ts";
import { lookAtDmarc } from "./dmarc.ts";
import { type KeySet, openKey } from "./keys.ts";
import { linksBaseUrl, linksTarget, lookAtLinks } from "./links.ts";
import {
  currentKeys,
  type DomainNotes,
  type DomainRow,
  dkimRecord,
  type Finding,
  keyColumns,
  type RecordNote,
  readNotes,
  selectorsOf,
} from "./notes.ts";
import { type DnsResolver, makeResolver } from "./resolver.ts";
import { lookAtSpf } from "./spf.ts";
import { type SpfNeeds, spfNeedsOf } from "./spf-needs.ts";

/** What a check changed by itself. */
export interface DomainCheck {
  startedSigning: boolean;
  switchedKeys: boolean;
  /** Mails carry an address of the bounce domain in their envelope from now on. */
  startedBounces: boolean;
}

/** How long the records of keys that have been replaced have to stay: mails signed with them may still be on their way. */
const keepOldRecordsMs = 7 * 86_400_000;

/**
 * Looks at all records of a domain in DNS and writes down what was found. The first time its key is seen, mails are
 * signed from then on; new keys take over when all of them are seen; a bounce domain is used from when its MX is. What
 * DNS says is never an error of ours: a finding.
 */
export async function checkDomain(
  db: Db,
  scope: Scope,
  domainId: string,
  resolver: DnsResolver = makeResolver(),
  at = new Date(),
): Promise<DomainCheck> {
  allow(scope, "manage");
  const mine = and(
    eq(sendingDomain.workspaceId, scope.workspaceId),
    eq(sendingDomain.id, domainId),
    isNull(sendingDomain.archivedAt),
  );
  const [asked] = await db.select().from(sendingDomain).where(mine);
  if (!asked) throw new NotFound("domain");
  const found = await lookAtRecords(resolver, asked, await spfNeedsOf(db, scope.workspaceId));
  const { trackingBaseUrl } = await getWorkspace(db, scope);
  return db.transaction(async (tx) => {
    // Keys may have been changed while DNS was asked; what was found of keys that are gone is dropped.
    const [row] = await tx.select().from(sendingDomain).where(mine).for("update");
    if (!row) throw new NotFound("domain");
    const { columns, ...check } = afterLook(row, found, at, trackingBaseUrl === linksBaseUrl(row.domain));
    await tx.update(sendingDomain).set(columns).where(mine);
    const subject = { kind: "sending_domain", id: domainId };
    const detail = { domain: row.domain };
    if (check.startedSigning) await audit(tx, scope, "domain.signing_on", subject, detail);
    if (check.switchedKeys) await audit(tx, scope, "domain.keys_switched", subject, detail);
    if (check.startedBounces) await audit(tx, scope, "domain.bounces_on", subject, detail);
    return check;
  });
}

/**
 * Looks at the domains of all workspaces, a few at a time, and goes on to the next whatever happens with one. Gives up
 * for this time when nothing at all was answered for many in a row: then it is our way to DNS that is broken.
 */
export async function recheckDomains(
  db: Db,
  resolver: DnsResolver = makeResolver(),
): Promise<{ checked: number; failed: number }> {
  const rows = await db
    .select({ id: sendingDomain.id, workspaceId: sendingDomain.workspaceId })
    .from(sendingDomain)
    .innerJoin(workspace, eq(workspace.id, sendingDomain.workspaceId))
    .where(and(isNull(sendingDomain.archivedAt), eq(workspace.isSample, false)))
    .orderBy(asc(sendingDomain.checkedAt));
  const count = { checked: 0, failed: 0 };
  let silent = 0;
  for (let start = 0; start < rows.length && silent < 3; start += 8) {
    const batch = rows.slice(start, start + 8);
    const results = await Promise.allSettled(
      batch.map(async ({ id, workspaceId }) => {
        await checkDomain(db, systemScope(workspaceId), id, resolver);
        return isSilent(db, workspaceId, id);
      }),
    );
    count.checked += results.filter((result) => result.status === "fulfilled").length;
    count.failed += results.filter((result) => result.status === "rejected").length;
    silent = results.every((result) => result.status === "fulfilled" && result.value) ? silent + 1 : 0;
  }
  return count;
}

async function isSilent(db: Db, workspaceId: string, id: string): Promise<boolean> {
  const [row] = await db
    .select({ findings: sendingDomain.findings })
    .from(sendingDomain)
    .where(and(eq(sendingDomain.workspaceId, workspaceId), eq(sendingDomain.id, id)));
  return row !== undefined && Object.values(readNotes(row).records).every((note) => note.reason === "dns_away");
}

async function lookAtRecords(resolver: DnsResolver, row: DomainRow, needs: SpfNeeds): Promise<Map<string, Finding>> {
  const { domain } = row;
  const { next } = readNotes(row);
  const target = linksTarget(domain);
  const looks: Array<[string, Promise<Finding>]> = [
    ["spf", lookAtSpf(resolver, domain, needs)],
    ["dmarc", lookAtDmarc(resolver, domain)],
  ];
  if (target) looks.push(["links", lookAtLinks(resolver, domain, target)]);
  const bounces = bounceDomainOf(row);
  if (bounces) {
    looks.push([bounceMxRecord(bounces), lookAtBounceMx(resolver, bounces)]);
    looks.push([bounceSpfRecord(bounces), lookAtSpf(resolver, bounces.host, needs)]);
  }
  for (const { rsa, ed25519 } of [currentKeys(row), next].filter((keys) => keys !== null)) {
    looks.push([dkimRecord(rsa.selector), lookAtDkim(resolver, domain, "rsa", rsa)]);
    if (ed25519) looks.push([dkimRecord(ed25519.selector), lookAtDkim(resolver, domain, "ed25519", ed25519)]);
  }
  return new Map(await Promise.all(looks.map(async ([key, look]) => [key, await look] as const)));
}

/** What the row becomes by what was found. */
function afterLook(row: DomainRow, found: ReadonlyMap<string, Finding>, at: Date, usedForLinks: boolean) {
  const notes = readNotes(row);
  const current = currentKeys(row);
  const records: DomainNotes["records"] = {};
  const keep = (key: string) => {
    const note = noteAfter(notes.records[key], found.get(key), at);
    if (note) records[key] = note;
  };
  const isSeen = (keys: KeySet) =>
    selectorsOf(keys).every((selector) => found.get(dkimRecord(selector))?.state === "ok");
  for (const key of ["spf", "dmarc", "links"]) keep(key);
  // Nobody misses a record that nothing leads to.
  if (records.links && !usedForLinks) records.links.goneAt = null;

  const bounces = bounceDomainOf(row);
  if (bounces) for (const key of [bounceMxRecord(bounces), bounceSpfRecord(bounces)]) keep(key);
  const startedBounces =
    bounces !== null && row.bounceSince === null && found.get(bounceMxRecord(bounces))?.state === "ok";

  const switchedKeys = notes.next !== null && isSeen(notes.next);
  const keys = switchedKeys && notes.next ? notes.next : current;
  for (const selector of selectorsOf(keys)) keep(dkimRecord(selector));
  if (!switchedKeys && notes.next) for (const selector of selectorsOf(notes.next)) keep(dkimRecord(selector));

  const rsaRecord = dkimRecord(current.rsa.selector);
  const seenFirst = !notes.records[rsaRecord]?.lastOkAt && found.get(rsaRecord)?.state === "ok";
  const startedSigning = !row.signing && seenFirst && openKey("rsa", row.id, current.rsa) !== null;
  const previous = switchedKeys
    ? { selectors: selectorsOf(current), until: new Date(at.getTime() + keepOldRecordsMs).toISOString() }
    : notes.previous;
  return {
    startedSigning,
    switchedKeys,
    startedBounces,
    columns: {
      ...(switchedKeys && keyColumns(keys)),
      signing: row.signing || startedSigning,
      bounceSince: startedBounces ? at : row.bounceSince,
      checkedAt: at,
      findings: { records, next: switchedKeys ? null : notes.next, previous } satisfies DomainNotes,
    },
  };
}

/** "Cannot tell now" leaves open whether a record is gone; only DNS itself can say that. */
function noteAfter(before: RecordNote | undefined, found: Finding | undefined, at: Date): RecordNote | undefined {
  if (!found) return before;
  const now = at.toISOString();
  if (found.state === "ok") return { ...found, lastOkAt: now, goneAt: null };
  const lastOkAt = before?.lastOkAt ?? null;
  const goneAt = before?.goneAt ?? (found.state === "unknown" || lastOkAt === null ? null : now);
  return { ...found, lastOkAt, goneAt };
}
