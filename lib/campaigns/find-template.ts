import { and, desc, eq, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { template } from "#drizzle/schema/campaigns.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { ContentSource } from "../content/revision.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";
import { getRevision } from "./revisions.ts";

export interface TemplateRow {
  id: string;
  name: string;
  revisionId: string;
  version: number;
  archivedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

const columns = {
  id: template.id,
  name: template.name,
  revisionId: template.revisionId,
  version: template.version,
  archivedAt: template.archivedAt,
  createdAt: template.createdAt,
  updatedAt: template.updatedAt,
};

const pageSize = 48;

/** Templates in use (or the archived ones), newest first, 48 a page; `after` is the last id of the page before. */
export async function listTemplates(
  db: Db,
  scope: Scope,
  filter: { query?: string; archived?: boolean; after?: string } = {},
): Promise<{ rows: TemplateRow[]; next: string | null }> {
  allow(scope, "read");
  const rows = await db
    .select(columns)
    .from(template)
    .where(
      and(
        eq(template.workspaceId, scope.workspaceId),
        filter.archived ? isNotNull(template.archivedAt) : isNull(template.archivedAt),
        filter.query ? sql`strpos(lower(${template.name}), lower(${filter.query})) > 0` : undefined,
        filter.after ? lt(template.id, filter.after) : undefined,
      ),
    )
    .orderBy(desc(template.id))
    .limit(pageSize + 1);
  const page = rows.slice(0, pageSize);
  return { rows: page, next: rows.length > pageSize ? (page.at(-1)?.id ?? null) : null };
}

/** One template, archived or not, with its content. */
export async function getTemplate(
  db: Db,
  scope: Scope,
  templateId: string,
): Promise<TemplateRow & { content: ContentSource }> {
  allow(scope, "read");
  const [row] = await db
    .select(columns)
    .from(template)
    .where(and(eq(template.workspaceId, scope.workspaceId), eq(template.id, templateId)));
  if (!row) throw new NotFound("template");
  return { ...row, content: await getRevision(db, scope, row.revisionId) };
}
