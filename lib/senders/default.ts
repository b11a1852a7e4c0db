import { and, eq, isNull } from "drizzle-orm";
import { sender } from "#drizzle/schema/senders.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";

/** Makes a sender the one that campaigns without a choice of their own go through. The built-in inbox can be it too. */
export async function makeDefaultSender(db: Db, scope: Scope, senderId: string): Promise<void> {
  allow(scope, "manage");
  await db.transaction(async (tx) => {
    await setDefault(tx, scope.workspaceId, senderId);
    await audit(tx, scope, "sender.default", { kind: "sender", id: senderId });
  });
}

/** In the caller's transaction. The old default goes first: the index allows one. Two at once take turns on its row. */
export async function setDefault(tx: Db, workspaceId: string, senderId: string): Promise<void> {
  await tx
    .update(sender)
    .set({ isDefault: false })
    .where(and(eq(sender.workspaceId, workspaceId), eq(sender.isDefault, true)));
  const changed = await tx
    .update(sender)
    .set({ isDefault: true, updatedAt: new Date() })
    .where(and(eq(sender.workspaceId, workspaceId), eq(sender.id, senderId), isNull(sender.archivedAt)))
    .returning({ id: sender.id });
  if (changed.length === 0) throw new NotFound("sender");
}
