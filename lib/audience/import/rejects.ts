import { stringify } from "csv-stringify/sync";
import type pg from "pg";
import type { Storage } from "../../storage.ts";
import type { RefusalReason } from "./counts.ts";
import type { Import } from "./imports.ts";
import { fileRows, type StageSource } from "./stage.ts";
import { planTable } from "./tables.ts";

interface Refused {
  line: string;
  reason: RefusalReason;
  detail: string | null;
}

const fetchedAtOnce = 5000;

/**
 * The refused rows of an import as a CSV of its own: line in the file, reason, then the row as it was. Walks the plan
 * and the file side by side, so memory does not grow with the rows. Cells that a spreadsheet would run as a formula
 * get an apostrophe in front.
 */
export async function* rejectedRows(
  client: pg.ClientBase,
  storage: Storage,
  current: Import,
  source: StageSource,
): AsyncGenerator<string> {
  // The mark tells spreadsheets that this is UTF-8.
  yield `\ufeff${toCsv([["line", "reason", ...current.header]])}`;
  const refused = refusedLines(client, current);
  let next = await refused.next();
  for await (const rows of fileRows(storage, source)) {
    const written: string[][] = [];
    for (const row of rows) {
      if (next.done) break;
      if (row.line !== Number(next.value.line)) continue;
      const cells = row.fault === null ? row.cells : [row.raw];
      written.push([String(row.line), reasonWords(next.value, current), ...cells]);
      next = await refused.next();
    }
    if (written.length > 0) yield toCsv(written);
    if (next.done) return;
  }
}

async function* refusedLines(client: pg.ClientBase, current: Import): AsyncGenerator<Refused> {
  let after = 0;
  const there = await client.query<{ there: boolean }>("select to_regclass($1) is not null as there", [
    planTable(current.id),
  ]);
  if (!there.rows[0]?.there) return;
  const lists = `(select name from list l where l.workspace_id = $1 and l.id::text = p.detail)`;
  await client.query(
    `create index if not exists ${planTable(current.id)}_refused on ${planTable(current.id)} (line) where reason is not null`,
  );
  for (;;) {
    const found = await client.query<Refused>(
      `select line, reason, case when reason = 'opted_out' then ${lists} else detail end as detail
      from ${planTable(current.id)} p where reason is not null and line > $2 order by line limit ${fetchedAtOnce}`,
      [current.workspaceId, after],
    );
    yield* found.rows;
    if (found.rows.length < fetchedAtOnce) return;
    after = Number(found.rows.at(-1)?.line);
  }
}

/** Reasons in the file are English like its column names: it is read by scripts as often as by people. */
function reasonWords({ reason, detail }: Refused, current: Import): string {
  switch (reason) {
    case "quotes":
      return "a quotation mark is not closed";
    case "row_too_long":
      return "the row is longer than 131,072 characters";
    case "too_many_columns":
      return `the row has more than ${current.header.length} columns`;
    case "encoding":
      return `the row has characters that are not ${current.encoding}`;
    case "nul":
      return "the row holds a NUL character";
    case "email_empty":
      return "the e-mail address is missing";
    case "email_invalid":
      return "this is not an e-mail address";
    case "value_too_long":
      return "a name is longer than 120 characters";
    case "field_value":
      return `the value for ${detail} is not of its type`;
    case "duplicate":
      return `the same address is on line ${detail}`;
    case "suppressed":
      return "the address is on the suppression list";
    case "opted_out":
      return `the person has left the list ${detail ?? ""}, or bounced or complained there`.replace("  ", " ");
  }
}

function toCsv(rows: string[][]): string {
  return stringify(
    rows.map((row) => row.map(withoutFormula)),
    { record_delimiter: "\r\n" },
  );
}

/** A cell that a spreadsheet takes for a formula, made text (OWASP: CSV injection). */
export function withoutFormula(cell: string): string {
  return /^\s*[=+\-@]|^[\t\r\n]/.test(cell) ? `'${cell}` : cell;
}
