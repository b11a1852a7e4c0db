import { and, eq, isNull, sql } from "drizzle-orm";
import { template } from "#drizzle/schema/campaigns.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound, Refusal } from "../errors.ts";
import { newId } from "../ids.ts";
import { getTemplate } from "./find-template.ts";
import type { CreateTemplateInput, SaveTemplateInput } from "./input.ts";
import { saveRevision } from "./revisions.ts";
import { contentToStartFrom } from "./start-from.ts";

/** Makes a template from a starter or as a copy of another; returns its id. */
export async function createTemplate(db: Db, scope: Scope, input: CreateTemplateInput): Promise<string> {
  allow(scope, "write");
  const content = await contentToStartFrom(db, scope, input.from);
  return db.transaction(async (tx) => {
    const id = newId();
    const revisionId = await saveRevision(tx, scope, content);
    await tx.insert(template).values({ workspaceId: scope.workspaceId, id, name: input.name, revisionId });
    return id;
  });
}

/**
 * Saves what changed, if nobody saved meanwhile. Returns the new version and when it was saved. Refuses
 * `template.version_conflict` (detail `version`: the one that is stored now) and `template.archived`.
 */
export async function saveTemplate(
  db: Db,
  scope: Scope,
  input: SaveTemplateInput,
): Promise<{ version: number; savedAt: Date }> {
  allow(scope, "write");
  return db.transaction(async (tx) => {
    const revisionId = input.content ? await saveRevision(tx, scope, input.content) : undefined;
    const [saved] = await tx
      .update(template)
      .set({ name: input.name, revisionId, version: sql`${template.version} + 1`, updatedAt: sql`clock_timestamp()` })
      .where(
        and(
          eq(template.workspaceId, scope.workspaceId),
          eq(template.id, input.templateId),
          eq(template.version, input.version),
          isNull(template.archivedAt),
        ),
      )
      .returning({ version: template.version, savedAt: template.updatedAt });
    if (saved) return saved;
    const current = await getTemplate(tx, scope, input.templateId);
    if (current.archivedAt) throw new Refusal("template.archived");
    throw new Refusal("template.version_conflict", { version: current.version });
  });
}

/** A copy under another name; returns its id. */
export async function duplicateTemplate(db: Db, scope: Scope, templateId: string, name: string): Promise<string> {
  allow(scope, "write");
  const source = await getTemplate(db, scope, templateId);
  const id = newId();
  await db
    .insert(template)
    .values({ workspaceId: scope.workspaceId, id, name: name.slice(0, 200), revisionId: source.revisionId });
  return id;
}

/** Puts a template away. Campaigns made from it keep their content. */
export async function archiveTemplate(db: Db, scope: Scope, templateId: string): Promise<void> {
  await setArchived(db, scope, templateId, true);
}

export async function restoreTemplate(db: Db, scope: Scope, templateId: string): Promise<void> {
  await setArchived(db, scope, templateId, false);
}

async function setArchived(db: Db, scope: Scope, templateId: string, archived: boolean): Promise<void> {
  allow(scope, "write");
  await db.transaction(async (tx) => {
    const [row] = await tx
      .update(template)
      .set({ archivedAt: archived ? sql`clock_timestamp()` : null })
      .where(and(eq(template.workspaceId, scope.workspaceId), eq(template.id, templateId)))
      .returning({ name: template.name });
    if (!row) throw new NotFound("template");
    const action = archived ? "template.archive" : "template.restore";
    await audit(tx, scope, action, { kind: "template", id: templateId }, { name: row.name });
  });
}
