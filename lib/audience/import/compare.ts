import type pg from "pg";
import { type ImportCounts, noCounts, type RowClass } from "./counts.ts";
import { planTable, stageTable } from "./tables.ts";

export interface CompareInput {
  workspaceId: string;
  importId: string;
  listIds: readonly string[];
  updateExisting: "overwrite" | "fill" | "keep";
}

/** What a run would do at this moment, without doing any of it. */
export async function countOutcome(client: pg.ClientBase, input: CompareInput): Promise<ImportCounts> {
  const found = await client.query<{ class: RowClass; rows: number }>(
    `select class, count(*)::int as rows from (${verdicts(input)}) v group by class`,
    values(input),
  );
  return addUp(found.rows);
}

/** Writes the verdict on every row into the plan table, in the caller's transaction, and counts them. */
export async function makePlan(client: pg.ClientBase, input: CompareInput): Promise<ImportCounts> {
  const table = planTable(input.importId);
  await client.query(`drop table if exists ${table}`);
  await client.query(`create unlogged table ${table} (
    line bigint, new_id uuid, email text, email_key text collate "C", first_name text, last_name text, language text,
    fields jsonb, known_id uuid, changes boolean, class text, reason text, detail text
  ) with (autovacuum_enabled = false)`);
  await client.query(`insert into ${table} ${verdicts(input)}`, values(input));
  const found = await client.query<{ class: RowClass; rows: number }>(
    `select class, count(*)::int as rows from ${table} group by class`,
  );
  return addUp(found.rows);
}

/**
 * What a known person's row `s` would hold after the import, from `file`: a row with the columns of a plan. The update
 * of the run sets exactly this.
 */
export function merged(mode: CompareInput["updateExisting"], file: string) {
  switch (mode) {
    case "overwrite":
      // An empty cell never empties what is known.
      return {
        firstName: `coalesce(nullif(${file}.first_name, ''), s.first_name)`,
        lastName: `coalesce(nullif(${file}.last_name, ''), s.last_name)`,
        language: `coalesce(nullif(${file}.language, ''), s.language)`,
        fields: `s.fields || ${file}.fields`,
      };
    case "fill":
      return {
        firstName: `coalesce(nullif(s.first_name, ''), ${file}.first_name)`,
        lastName: `coalesce(nullif(s.last_name, ''), ${file}.last_name)`,
        language: `coalesce(nullif(s.language, ''), nullif(${file}.language, ''))`,
        fields: `${file}.fields || s.fields`,
      };
    case "keep":
      return { firstName: "s.first_name", lastName: "s.last_name", language: "s.language", fields: "s.fields" };
  }
}

/*
 * One verdict a row. Who is suppressed, or has opted out, bounced or complained on one of the chosen lists, is refused
 * as a whole: an import changes nothing about them. Any other standing on a list stays as it is.
 */
function verdicts(input: CompareInput): string {
  const next = merged(input.updateExisting, "p");
  return `
    select line, new_id, email, email_key, first_name, last_name, language, fields, known_id, changes,
      case
        when fault = 'duplicate' then 'duplicate'
        when fault is not null then 'invalid'
        when is_suppressed or has_opted_out then 'opted_out'
        when known_id is null then 'new'
        when changes or lists < cardinality($2::uuid[]) then 'updated'
        else 'unchanged'
      end as class,
      coalesce(fault, case when is_suppressed then 'suppressed' when has_opted_out then 'opted_out' end) as reason,
      coalesce(detail, case when is_suppressed then null when has_opted_out then left_list end) as detail
    from (
      select p.*, s.id as known_id, x.email_key is not null as is_suppressed, coalesce(n.has_opted_out, false) as has_opted_out,
        n.left_list, coalesce(n.lists, 0) as lists,
        s.id is not null and (
          ${next.firstName} <> s.first_name or ${next.lastName} <> s.last_name
          or ${next.language} is distinct from s.language or ${next.fields} <> s.fields
        ) as changes
      from ${stageTable(input.importId)} p
      left join suppression x on x.workspace_id = $1 and x.email_key = p.email_key
      left join subscriber s on s.workspace_id = $1 and s.email_key = p.email_key
      left join (
        select subscriber_id, count(*) as lists, bool_or(status in ('unsubscribed', 'bounced', 'complained')) as has_opted_out,
          min(list_id::text) filter (where status in ('unsubscribed', 'bounced', 'complained')) as left_list
        from subscription where workspace_id = $1 and list_id = any($2::uuid[])
        group by subscriber_id
      ) n on n.subscriber_id = s.id
    ) compared
    order by line`;
}

function values({ workspaceId, listIds }: CompareInput): unknown[] {
  return [workspaceId, listIds];
}

function addUp(found: ReadonlyArray<{ class: RowClass; rows: number }>): ImportCounts {
  const counts = noCounts();
  for (const row of found) {
    counts[row.class] = row.rows;
    counts.rows += row.rows;
  }
  return counts;
}
