import { sql } from "drizzle-orm";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";

/** Where a picture stands: a template, a campaign that can still change, or one that has been sent. */
export interface MediaUse {
  kind: "template" | "draft" | "sent";
  id: string;
  name: string;
}

/**
 * The templates and campaigns whose mails hold the address of a picture, at most 100. Reads the content of the
 * workspace's templates and campaigns, some hundreds of small texts: no index would help to find a word in the middle.
 */
export async function listMediaUses(db: Db, scope: Scope, id: string): Promise<MediaUse[]> {
  allow(scope, "read");
  const found = await db.execute<{ public_id: string }>(
    sql`select public_id from media where workspace_id = ${scope.workspaceId} and id = ${id}`,
  );
  const publicId = found.rows[0]?.public_id;
  if (!publicId) throw new NotFound("media");
  const { rows } = await db.execute<MediaUse & Record<string, unknown>>(sql`
    with holding as (
      select id from revision where workspace_id = ${scope.workspaceId} and strpos(source, ${part(publicId)}) > 0
    )
    select 'template' as kind, t.id, t.name from template t
    where t.workspace_id = ${scope.workspaceId} and t.revision_id in (select id from holding) and t.archived_at is null
    union all
    select case when c.status in ('draft', 'scheduled', 'missed') then 'draft' else 'sent' end, c.id, c.name
    from campaign c
    where c.workspace_id = ${scope.workspaceId} and exists (
      select from variant v where v.workspace_id = c.workspace_id and v.campaign_id = c.id
        and v.revision_id in (select id from holding)
    ) and c.archived_at is null
    order by kind, name limit 100`);
  return rows.map(({ kind, id: useId, name }) => ({ kind, id: useId, name }));
}

/** Whether any content of the workspace, or any mail that was frozen to be sent, holds the address of a picture. */
export async function isInAnyMail(db: Db, workspaceId: string, publicId: string): Promise<boolean> {
  const { rows } = await db.execute<{ used: boolean }>(sql`
    select exists (
      select from revision where workspace_id = ${workspaceId} and strpos(source, ${part(publicId)}) > 0
    ) or exists (
      select from frozen_content where workspace_id = ${workspaceId} and strpos(html, ${part(publicId)}) > 0
    ) as used`);
  return rows[0]?.used ?? false;
}

const part = (publicId: string) => `/m/${publicId}/`;
