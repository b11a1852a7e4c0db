import { sql } from "drizzle-orm";
import { dropImportTables } from "../audience/import/tables.ts";
import type { Db } from "../db.ts";

/**
 * Deletes every row of a sample workspace in every table, and the workspace itself. The tables come from the database's
 * own catalogue (all that have a workspace_id), so that one added later cannot be forgotten; what its imports have staged
 * goes with them. Returns the keys of its
 * stored files and pictures, which are the caller's to remove once this is committed. Throws for a workspace that is no sample.
 */
export async function deleteWorkspaceRows(tx: Db, workspaceId: string): Promise<{ storageKeys: string[] }> {
  const { rows: found } = await tx.execute(
    sql`select from workspace where id = ${workspaceId} and is_sample for update`,
  );
  if (found.length === 0) throw new Error("only a sample workspace can be deleted whole");
  const files = await tx.execute<{ storage_key: string }>(
    sql`delete from stored_file where workspace_id = ${workspaceId} returning storage_key`,
  );
  const pictures = await tx.execute<{ storage_key: string }>(
    sql`delete from media where workspace_id = ${workspaceId} returning storage_key`,
  );
  const imports = await tx.execute<{ id: string }>(sql`select id from import where workspace_id = ${workspaceId}`);
  for (const { id } of imports.rows) await dropImportTables(tx, id);
  for (const table of await workspaceTables(tx)) {
    await tx.execute(sql`delete from ${sql.identifier(table)} where workspace_id = ${workspaceId}`);
  }
  await tx.execute(sql`update session set active_workspace_id = null where active_workspace_id = ${workspaceId}`);
  await tx.execute(sql`delete from workspace where id = ${workspaceId}`);
  return { storageKeys: [...files.rows, ...pictures.rows].map((row) => row.storage_key) };
}

/** Tables of ours with a workspace_id; partitions go with their parents. */
export async function workspaceTables(db: Db): Promise<string[]> {
  const { rows } = await db.execute<{ name: string }>(sql`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.attname = 'workspace_id' and not a.attisdropped
    order by c.relname`);
  return rows.map((row) => row.name);
}
