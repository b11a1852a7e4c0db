import { and, desc, eq, sql } from "drizzle-orm";
import { audienceImport, consent, list } from "#drizzle/schema/audience.ts";
import { user } from "#drizzle/schema/auth.ts";
import { campaign } from "#drizzle/schema/campaigns.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";

export type ConsentRow = Omit<typeof consent.$inferInsert, "id" | "at">;

/** Appends proof of changes of standing, in the transaction that changes them. */
export async function recordConsent(tx: Db, rows: ConsentRow[]): Promise<void> {
  if (rows.length > 0) await tx.insert(consent).values(rows);
}

/**
 * Everything on record about one person's standing, newest first, with the names of what is pointed at. `wording` of
 * an import is the basis its importer stated.
 */
export async function listConsent(db: Db, scope: Scope, subscriberId: string) {
  allow(scope, "read");
  return db
    .select({
      id: consent.id,
      at: consent.at,
      status: consent.status,
      method: consent.method,
      wording: sql<string>`coalesce(nullif(${consent.wording}, ''), ${audienceImport.consentBasis}, '')`,
      listName: list.name,
      campaignName: campaign.name,
      importId: consent.importId,
      importFileName: audienceImport.fileName,
      userName: user.name,
      ipAddress: consent.ipAddress,
    })
    .from(consent)
    .leftJoin(list, and(eq(list.workspaceId, consent.workspaceId), eq(list.id, consent.listId)))
    .leftJoin(campaign, and(eq(campaign.workspaceId, consent.workspaceId), eq(campaign.id, consent.campaignId)))
    .leftJoin(
      audienceImport,
      and(eq(audienceImport.workspaceId, consent.workspaceId), eq(audienceImport.id, consent.importId)),
    )
    .leftJoin(user, eq(user.id, consent.userId))
    .where(and(eq(consent.workspaceId, scope.workspaceId), eq(consent.subscriberId, subscriberId)))
    .orderBy(desc(consent.at), desc(consent.id))
    .limit(500);
}
