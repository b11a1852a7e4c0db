import { and, eq } from "drizzle-orm";
import { sender } from "#drizzle/schema/senders.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { getOwnSmtpSender } from "./save.ts";

/** Takes a sender's warm-up plan away: from now on its other limits alone hold. Nothing happens without one. */
export async function endWarmup(db: Db, scope: Scope, senderId: string): Promise<void> {
  allow(scope, "manage");
  await db.transaction(async (tx) => {
    const row = await getOwnSmtpSender(tx, scope, senderId);
    if (!row.warmup) return;
    await tx
      .update(sender)
      .set({ warmup: null, updatedAt: new Date() })
      .where(and(eq(sender.workspaceId, scope.workspaceId), eq(sender.id, senderId)));
    await audit(tx, scope, "sender.warmup_ended", { kind: "sender", id: senderId }, { ...row.warmup });
  });
}
