import { and, eq, sql } from "drizzle-orm";
import { sender } from "#drizzle/schema/senders.ts";
import type { Db } from "../db.ts";

/**
 * The id of the workspace's built-in inbox sender, made when it is missing. It becomes the default as long as no other
 * sender is. Safe to call at once from several transactions: they take turns.
 */
export async function ensureInboxSender(tx: Db, workspaceId: string): Promise<string> {
  const found = await findInboxSender(tx, workspaceId);
  if (found) return found;
  return tx.transaction(async (inner) => {
    await inner.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`inbox sender ${workspaceId}`}, 0))`);
    const foundNow = await findInboxSender(inner, workspaceId);
    if (foundNow) return foundNow;
    const others = await inner
      .select({ id: sender.id })
      .from(sender)
      .where(and(eq(sender.workspaceId, workspaceId), eq(sender.isDefault, true), sql`archived_at is null`));
    const [made] = await inner
      .insert(sender)
      .values({ workspaceId, name: "Test inbox", kind: "inbox", tlsMode: "none", isDefault: others.length === 0 })
      .returning({ id: sender.id });
    if (!made) throw new Error("the inbox sender was not written");
    return made.id;
  });
}

async function findInboxSender(db: Db, workspaceId: string): Promise<string | null> {
  const [row] = await db
    .select({ id: sender.id })
    .from(sender)
    .where(and(eq(sender.workspaceId, workspaceId), eq(sender.kind, "inbox")));
  return row?.id ?? null;
}
