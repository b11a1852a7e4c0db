import { sql } from "drizzle-orm";
import type { Db } from "../../db.ts";

/*
 * Two tables of an import's own, unlogged and dropped when it is over: they hold a file's rows for minutes, and rows
 * of a finished import would be in the way of every other.
 */

/** The rows as they were read. */
export const stageTable = (importId: string) => `import_stage_${importId.replaceAll("-", "")}`;

/** The rows with what becomes of each; the run writes from it, the file of refused rows is made of it. */
export const planTable = (importId: string) => `import_plan_${importId.replaceAll("-", "")}`;

/** Removes an import's tables if they are there. */
export async function dropImportTables(db: Db, importId: string): Promise<void> {
  await db.execute(
    sql`drop table if exists ${sql.identifier(stageTable(importId))}, ${sql.identifier(planTable(importId))}`,
  );
}

/** Ids of the imports that have tables. */
export async function listImportTables(db: Db): Promise<string[]> {
  const found = await db.execute<{ id: string }>(sql`
    select distinct substring(relname from '[0-9a-f]{32}$')::uuid::text as id from pg_class
    where relkind = 'r' and relname ~ '^import_(stage|plan)_[0-9a-f]{32}$' and pg_table_is_visible(oid)`);
  return found.rows.map((row) => row.id);
}
