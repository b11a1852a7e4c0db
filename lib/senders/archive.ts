import { and, eq, isNotNull, sql } from "drizzle-orm";
import { sender } from "#drizzle/schema/senders.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound, Refusal } from "../errors.ts";
import { setDefault } from "./default.ts";
import { ensureInboxSender } from "./inbox-sender.ts";
import { getOwnSmtpSender } from "./save.ts";

/**
 * Takes an SMTP sender out of use; what was sent through it keeps its name. The built-in inbox becomes the default if
 * this one was. Refuses `senders.in_use` while a campaign that is scheduled or under way goes through it.
 */
export async function archiveSender(db: Db, scope: Scope, senderId: string): Promise<void> {
  allow(scope, "manage");
  await db.transaction(async (tx) => {
    const row = await getOwnSmtpSender(tx, scope, senderId);
    const campaigns = await countCampaignsUnderWay(tx, scope.workspaceId, row);
    if (campaigns > 0) throw new Refusal("senders.in_use", { count: campaigns });
    await tx
      .update(sender)
      .set({ archivedAt: new Date(), isDefault: false })
      .where(and(eq(sender.workspaceId, scope.workspaceId), eq(sender.id, senderId)));
    if (row.isDefault) await setDefault(tx, scope.workspaceId, await ensureInboxSender(tx, scope.workspaceId));
    await audit(tx, scope, "sender.archive", { kind: "sender", id: senderId }, { name: row.name });
  });
}

/** Takes back archiveSender. It does not become the default again. */
export async function restoreSender(db: Db, scope: Scope, senderId: string): Promise<void> {
  allow(scope, "manage");
  await db.transaction(async (tx) => {
    const restored = await tx
      .update(sender)
      .set({ archivedAt: null })
      .where(and(eq(sender.workspaceId, scope.workspaceId), eq(sender.id, senderId), isNotNull(sender.archivedAt)))
      .returning({ id: sender.id });
    if (restored.length === 0) throw new NotFound("sender");
    await audit(tx, scope, "sender.restore", { kind: "sender", id: senderId });
  });
}

/**
 * Campaigns that will still send through it: those that name it, those that name none if it is the default, and those
 * that were launched on several senders with it among them.
 */
async function countCampaignsUnderWay(
  tx: Db,
  workspaceId: string,
  row: { id: string; isDefault: boolean },
): Promise<number> {
  const { rows } = await tx.execute<{ count: number }>(sql`
    select count(*)::int as count from campaign
    where workspace_id = ${workspaceId}
      and status in ('scheduled', 'missed', 'freezing', 'sending', 'paused', 'cancelling')
      and (sender_id = ${row.id} or (sender_id is null and ${row.isDefault}) or ${row.id} = any (sender_ids))`);
  return rows[0]?.count ?? 0;
}
