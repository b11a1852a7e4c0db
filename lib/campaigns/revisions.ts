import { createHash } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import { revision } from "#drizzle/schema/campaigns.ts";
import type { Scope } from "../auth/scope.ts";
import { type ContentSource, MAX_SOURCE_BYTES } from "../content/revision.ts";
import type { Db } from "../db.ts";
import { NotFound, Refusal } from "../errors.ts";

/** Stores content and returns the id of its revision; the same bytes are the same revision. Refuses `content.too_large`. */
export async function saveRevision(
  tx: Db,
  scope: Pick<Scope, "workspaceId" | "userId">,
  content: ContentSource,
): Promise<string> {
  if (Buffer.byteLength(content.source) > MAX_SOURCE_BYTES) {
    throw new Refusal("content.too_large", { maxKilobytes: MAX_SOURCE_BYTES / 1024 });
  }
  const sha256 = createHash("sha256").update(content.source).digest("hex");
  const [row] = await tx
    .insert(revision)
    .values({ workspaceId: scope.workspaceId, ...content, sha256, createdBy: scope.userId })
    // Touching the row keeps pruneRevisions, which may run at this moment, from deleting what is about to be used.
    .onConflictDoUpdate({
      target: [revision.workspaceId, revision.kind, revision.v, revision.sha256],
      set: { createdAt: sql`now()` },
    })
    .returning({ id: revision.id });
  if (!row) throw new Error("a revision was not stored");
  return row.id;
}

export async function getRevision(db: Db, scope: Pick<Scope, "workspaceId">, id: string): Promise<ContentSource> {
  const [row] = await db
    .select({ kind: revision.kind, v: revision.v, source: revision.source })
    .from(revision)
    .where(and(eq(revision.workspaceId, scope.workspaceId), eq(revision.id, id)));
  if (!row) throw new NotFound("revision");
  if (row.v !== 1) throw new Error(`content version ${row.v} is not known`);
  return { kind: row.kind, v: 1, source: row.source };
}

/**
 * Deletes what autosave left behind: revisions that no template and no campaign uses, older than `days`. For all
 * workspaces; returns how many.
 */
export async function pruneRevisions(db: Db, days = 30): Promise<number> {
  const result = await db.execute(sql`
    delete from revision r
    where r.created_at < now() - make_interval(days => ${days})
      and not exists (select from template t where t.workspace_id = r.workspace_id and t.revision_id = r.id)
      and not exists (select from variant v where v.workspace_id = r.workspace_id and v.revision_id = r.id)`);
  return result.rowCount ?? 0;
}
