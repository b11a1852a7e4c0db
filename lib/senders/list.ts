import { and, asc, desc, eq, isNull } from "drizzle-orm";
import { sender } from "#drizzle/schema/senders.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";
import { ensureInboxSender } from "./inbox-sender.ts";

/** A sender as people see it: whether a password or token is set, never which. */
export type SenderView = Omit<typeof sender.$inferSelect, "passwordSealed" | "oauthSealed" | "workspaceId"> & {
  hasPassword: boolean;
  hasOauth: boolean;
};

/** The workspace's senders in use: the default first, then by name. */
export async function listSenders(db: Db, scope: Scope): Promise<SenderView[]> {
  allow(scope, "read");
  await ensureInboxSender(db, scope.workspaceId);
  const rows = await db
    .select()
    .from(sender)
    .where(and(eq(sender.workspaceId, scope.workspaceId), isNull(sender.archivedAt)))
    .orderBy(desc(sender.isDefault), asc(sender.name), asc(sender.id));
  return rows.map(view);
}

/** One sender, archived or not. */
export async function getSender(db: Db, scope: Scope, senderId: string): Promise<SenderView> {
  allow(scope, "read");
  const [row] = await db
    .select()
    .from(sender)
    .where(and(eq(sender.workspaceId, scope.workspaceId), eq(sender.id, senderId)));
  if (!row) throw new NotFound("sender");
  return view(row);
}

function view({
  passwordSealed,
  oauthSealed,
  workspaceId: _workspaceId,
  ...row
}: typeof sender.$inferSelect): SenderView {
  return { ...row, hasPassword: passwordSealed !== null, hasOauth: oauthSealed !== null };
}
