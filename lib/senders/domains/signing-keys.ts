import type { KeyObject } from "node:crypto";
import { and, eq, inArray, isNull } from "drizzle-orm";
import { sendingDomain } from "#drizzle/schema/senders.ts";
import type { Db } from "../../db.ts";
import { Refusal } from "../../errors.ts";
import { openKey } from "./keys.ts";
import { type DomainStatus, statusOf } from "./list.ts";
import { currentKeys, type DomainRow, dkimRecord, readNotes } from "./notes.ts";

/** A key that signs, in the clear: never log or store it. */
export interface SigningKey {
  domain: string;
  selector: string;
  privateKey: KeyObject;
}

/**
 * The keys that sign mail from a domain (A-labels): those of the domain itself, or of the closest one above it that
 * signs; none when there is none. An Ed25519 key signs from when it was seen in DNS. Throws Refusal
 * `domains.key_lost` when a key that has to sign cannot be opened: such mail must not go out unsigned.
 */
export async function loadDkimKeys(db: Db, workspaceId: string, fromDomain: string): Promise<SigningKey[]> {
  const row = (await domainsAbove(db, workspaceId, fromDomain)).find((one) => one.signing);
  if (!row) return [];
  const { rsa, ed25519 } = currentKeys(row);
  const keys = [open(row, "rsa", rsa)];
  if (ed25519 && readNotes(row).records[dkimRecord(ed25519.selector)]?.lastOkAt)
    keys.push(open(row, "ed25519", ed25519));
  return keys;
}

/**
 * The host that mail from a domain (A-labels) comes back to: that of the domain itself, or of the closest one above it
 * whose bounce domain has been seen in DNS; null when there is none, and the From address is all there is.
 */
export async function findBounceHost(db: Db, workspaceId: string, fromDomain: string): Promise<string | null> {
  const rows = await domainsAbove(db, workspaceId, fromDomain);
  return rows.find((row) => row.bounceSince !== null)?.bounceHost ?? null;
}

/** Who answers for mail from a domain: the sending domain that signs for it, or else the closest one that is set up. */
export interface FromDomain {
  domain: string;
  covered: { id: string; domain: string; status: DomainStatus; signing: boolean } | null;
}

export async function findFromDomain(db: Db, workspaceId: string, fromDomain: string): Promise<FromDomain> {
  const rows = await domainsAbove(db, workspaceId, fromDomain);
  const row = rows.find((one) => one.signing) ?? rows[0];
  if (!row) return { domain: fromDomain, covered: null };
  const { id, domain, signing } = row;
  return { domain: fromDomain, covered: { id, domain, signing, status: statusOf(row) } };
}

function open(row: DomainRow, kind: "rsa" | "ed25519", stored: Parameters<typeof openKey>[2]): SigningKey {
  const privateKey = openKey(kind, row.id, stored);
  if (!privateKey) throw new Refusal("domains.key_lost", { domain: row.domain });
  return { domain: row.domain, selector: stored.selector, privateKey };
}

/** The domain and those above it that are set up, closest first. */
async function domainsAbove(db: Db, workspaceId: string, fromDomain: string): Promise<DomainRow[]> {
  const labels = fromDomain.toLowerCase().split(".").slice(-20);
  const names = labels.slice(0, -1).map((_, index) => labels.slice(index).join("."));
  if (names.length === 0) return [];
  const rows = await db
    .select()
    .from(sendingDomain)
    .where(
      and(
        eq(sendingDomain.workspaceId, workspaceId),
        inArray(sendingDomain.domain, names),
        isNull(sendingDomain.archivedAt),
      ),
    );
  return rows.sort((a, b) => b.domain.length - a.domain.length);
}
