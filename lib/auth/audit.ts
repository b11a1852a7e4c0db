import { auditEntry } from "#drizzle/schema/auth.ts";
import type { Db } from "../db.ts";
import type { Scope } from "./scope.ts";

/** Writes one line of the audit trail in the caller's transaction. `detail` holds ids, counts and names, never secrets. */
export async function audit(
  tx: Db,
  scope: Pick<Scope, "userId"> & { workspaceId: string | null },
  action: string,
  subject?: { kind: string; id: string },
  detail: Record<string, unknown> = {},
): Promise<void> {
  await tx.insert(auditEntry).values({
    workspaceId: scope.workspaceId,
    userId: scope.userId,
    action,
    subjectKind: subject?.kind ?? null,
    subjectId: subject?.id ?? null,
    detail,
  });
}
