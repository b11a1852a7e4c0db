import { and, count, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { workspace } from "#drizzle/schema/auth.ts";
import { sendingDomain } from "#drizzle/schema/senders.ts";
import { audit } from "../../auth/audit.ts";
import { allow } from "../../auth/roles.ts";
import type { Scope } from "../../auth/scope.ts";
import type { Db } from "../../db.ts";
import { NotFound, Refusal } from "../../errors.ts";
import { newId } from "../../ids.ts";
import type { BounceDomainInput, DomainInput, DomainSwitchInput } from "./input.ts";
import { makeKey, makeKeySet, newSelector, opens } from "./keys.ts";
import { linksBaseUrl } from "./links.ts";
import { currentKeys, type DomainNotes, type DomainRow, dkimRecord, keyColumns, readNotes } from "./notes.ts";

/** Each is looked at every night. */
const mostDomains = 50;

/**
 * Adds a domain with a new RSA key and returns its id. Nothing is signed before the key is seen in DNS. Refuses
 * `domains.exists`, `domains.too_many`, and `domains.sample_workspace`: a sample workspace mails nobody.
 */
export async function addDomain(db: Db, scope: Scope, { domain }: DomainInput): Promise<string> {
  allow(scope, "manage");
  const id = newId();
  const keys = await makeKeySet(id, false);
  return db.transaction(async (tx) => {
    await holdDomains(tx, scope.workspaceId);
    await refuseSample(tx, scope.workspaceId);
    await refuseSecond(tx, scope.workspaceId, domain);
    await tx.insert(sendingDomain).values({ workspaceId: scope.workspaceId, id, domain, ...keyColumns(keys) });
    await audit(tx, scope, "domain.create", { kind: "sending_domain", id }, { domain });
    return id;
  });
}

/**
 * Makes new keys. While the old ones are in use they go on signing until the new ones are seen in DNS; keys that never
 * were in DNS, or cannot be opened any more, are replaced at once, and nothing is signed until the new ones are seen.
 * Refuses `domains.rotation_pending`.
 */
export async function rotateKeys(db: Db, scope: Scope, domainId: string): Promise<void> {
  await change(db, scope, domainId, "domain.rotate", async (row, notes) => {
    if (notes.next) throw new Refusal("domains.rotation_pending");
    const current = currentKeys(row);
    const keys = await makeKeySet(row.id, current.ed25519 !== null);
    const wasSeen = notes.records[dkimRecord(current.rsa.selector)]?.lastOkAt != null;
    if ((row.signing || wasSeen) && opens(row.id, current)) {
      return { findings: { ...notes, next: { ...keys, madeAt: new Date().toISOString() } } };
    }
    return { ...keyColumns(keys), signing: false, findings: { ...notes, records: withoutRecords(notes, /^dkim:/) } };
  });
}

/** Throws the new keys away; the old ones go on as before. */
export async function cancelRotation(db: Db, scope: Scope, domainId: string): Promise<void> {
  await change(db, scope, domainId, "domain.rotate_cancel", async (_row, notes) => {
    if (!notes.next) throw new Refusal("domains.no_rotation");
    return { findings: { ...notes, next: null } };
  });
}

/**
 * Adds or takes away the second key. It signs from when it was seen in DNS. Refuses `domains.rotation_pending`: keys
 * change one way at a time.
 */
export async function setEd25519(db: Db, scope: Scope, { domainId, on }: DomainSwitchInput): Promise<void> {
  await change(db, scope, domainId, on ? "domain.ed25519_on" : "domain.ed25519_off", async (row, notes) => {
    if (notes.next) throw new Refusal("domains.rotation_pending");
    const { rsa, ed25519 } = currentKeys(row);
    if (on === (ed25519 !== null)) return {};
    // A selector of its own each time: receivers may still remember the record of an earlier key.
    const key = on ? await makeKey("ed25519", row.id, newSelector()) : null;
    const gone = ed25519 && dkimRecord(ed25519.selector);
    const records = Object.fromEntries(Object.entries(notes.records).filter(([name]) => name !== gone));
    return { ...keyColumns({ rsa, ed25519: key }), findings: { ...notes, records } };
  });
}

/** Starts or stops signing. Refuses `domains.key_lost` when the key cannot be used. */
export async function setSigning(db: Db, scope: Scope, { domainId, on }: DomainSwitchInput): Promise<void> {
  await change(db, scope, domainId, on ? "domain.signing_on" : "domain.signing_off", async (row) => {
    if (on && !opens(row.id, currentKeys(row))) throw new Refusal("domains.key_lost", { domain: row.domain });
    return { signing: on };
  });
}

/**
 * Has mail that comes back go to a host under the domain; its addresses stand in envelopes from when its MX is first
 * seen in DNS. Refuses `domains.bounces_outside`: SPF and DMARC go by the domain of the envelope.
 */
export async function setBounceDomain(db: Db, scope: Scope, input: BounceDomainInput): Promise<void> {
  const { domainId, host, server } = input;
  await change(db, scope, domainId, "domain.bounces_set", async (row, notes) => {
    if (!host.endsWith(`.${row.domain}`)) throw new Refusal("domains.bounces_outside", { domain: row.domain });
    const isSame = row.bounceHost === host && row.bounceServer === server;
    if (isSame) return {};
    const records = withoutRecords(notes, /^(mx|spf):/);
    return { bounceHost: host, bounceServer: server, bounceSince: null, findings: { ...notes, records } };
  });
}

/** Has mails carry their From address in the envelope again. */
export async function removeBounceDomain(db: Db, scope: Scope, domainId: string): Promise<void> {
  await change(db, scope, domainId, "domain.bounces_off", async (_row, notes) => {
    const records = withoutRecords(notes, /^(mx|spf):/);
    return { bounceHost: null, bounceServer: null, bounceSince: null, findings: { ...notes, records } };
  });
}

/** Takes a domain out of use: nothing is signed for it any more. Refuses `domains.used_for_links`. */
export async function archiveDomain(db: Db, scope: Scope, domainId: string): Promise<void> {
  await change(db, scope, domainId, "domain.archive", async (row, _notes, tx) => {
    const [owner] = await tx
      .select({ trackingBaseUrl: workspace.trackingBaseUrl })
      .from(workspace)
      .where(eq(workspace.id, scope.workspaceId));
    if (owner?.trackingBaseUrl === linksBaseUrl(row.domain)) throw new Refusal("domains.used_for_links");
    return { archivedAt: new Date() };
  });
}

/** Takes back archiveDomain, with the keys it had. Refuses `domains.exists` and `domains.too_many`. */
export async function restoreDomain(db: Db, scope: Scope, domainId: string): Promise<void> {
  allow(scope, "manage");
  await db.transaction(async (tx) => {
    await holdDomains(tx, scope.workspaceId);
    const archived = and(
      eq(sendingDomain.workspaceId, scope.workspaceId),
      eq(sendingDomain.id, domainId),
      isNotNull(sendingDomain.archivedAt),
    );
    const [row] = await tx.select({ domain: sendingDomain.domain }).from(sendingDomain).where(archived).for("update");
    if (!row) throw new NotFound("domain");
    await refuseSecond(tx, scope.workspaceId, row.domain);
    await tx.update(sendingDomain).set({ archivedAt: null, updatedAt: new Date() }).where(archived);
    await audit(tx, scope, "domain.restore", { kind: "sending_domain", id: domainId }, { domain: row.domain });
  });
}

type Changes = Partial<Omit<DomainRow, "findings">> & { findings?: DomainNotes };

/** One change of a domain in use, under a lock, with its line in the audit trail. */
async function change(
  db: Db,
  scope: Scope,
  domainId: string,
  action: string,
  decide: (row: DomainRow, notes: DomainNotes, tx: Db) => Promise<Changes>,
): Promise<void> {
  allow(scope, "manage");
  await db.transaction(async (tx) => {
    const mine = and(
      eq(sendingDomain.workspaceId, scope.workspaceId),
      eq(sendingDomain.id, domainId),
      isNull(sendingDomain.archivedAt),
    );
    const [row] = await tx.select().from(sendingDomain).where(mine).for("update");
    if (!row) throw new NotFound("domain");
    const changes = await decide(row, readNotes(row), tx);
    await tx
      .update(sendingDomain)
      .set({ ...changes, updatedAt: new Date() })
      .where(mine);
    await audit(tx, scope, action, { kind: "sending_domain", id: domainId }, { domain: row.domain });
  });
}

function withoutRecords(notes: DomainNotes, names: RegExp): DomainNotes["records"] {
  return Object.fromEntries(Object.entries(notes.records).filter(([name]) => !names.test(name)));
}

/** Domains of one workspace come into use one after the other. */
async function holdDomains(tx: Db, workspaceId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`sending domains ${workspaceId}`}, 0))`);
}

async function refuseSample(tx: Db, workspaceId: string): Promise<void> {
  const [owner] = await tx
    .select({ isSample: workspace.isSample })
    .from(workspace)
    .where(eq(workspace.id, workspaceId));
  if (!owner) throw new NotFound("workspace");
  if (owner.isSample) throw new Refusal("domains.sample_workspace");
}

async function refuseSecond(tx: Db, workspaceId: string, domain: string): Promise<void> {
  const inUse = and(eq(sendingDomain.workspaceId, workspaceId), isNull(sendingDomain.archivedAt));
  const same = await tx
    .select({ id: sendingDomain.id })
    .from(sendingDomain)
    .where(and(inUse, eq(sendingDomain.domain, domain)));
  if (same.length > 0) throw new Refusal("domains.exists", { domain });
  const [all] = await tx.select({ count: count() }).from(sendingDomain).where(inUse);
  if ((all?.count ?? 0) >= mostDomains) throw new Refusal("domains.too_many", { count: mostDomains });
}
