import { stringify } from "csv-stringify/sync";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { type Read, type Recipient, recipientBatches } from "./recipients.ts";
import type { RecipientFilter } from "./recipients-input.ts";
import { findLaunched } from "./report-head.ts";

const batchSize = 2000;

const columns: ReadonlyArray<[string, (row: Recipient) => string | number | Date | null]> = [
  ["email", (row) => row.email],
  ["name", (row) => row.name],
  ["state", (row) => row.state],
  ["reason", (row) => row.reason],
  ["code", (row) => row.code],
  ["enhanced_code", (row) => row.enhanced],
  ["server_reply", (row) => row.reply],
  ["attempts", (row) => row.attempts],
  ["last_try_at", (row) => row.lastTryAt],
  ["next_try_at", (row) => row.nextTryAt],
  ["opened_at", (row) => row.humanOpenAt],
  ["machine_opened_at", (row) => row.machineOpenAt],
  ["clicked_at", (row) => row.humanClickAt],
  ["machine_clicked_at", (row) => row.machineClickAt],
  ["unsubscribed_at", (row) => row.unsubscribedAt],
];

/**
 * The recipients of a filter as CSV (RFC 4180, CRLF, UTF-8 with a byte order mark, which spreadsheets need), in pieces of
 * 2,000 rows so that a million people need no more memory than two thousand (they
 * take about a minute). Times are ISO 8601 in UTC. A cell that a
 * spreadsheet would run as a formula begins with an apostrophe. Needs the permission to export; noted in the audit trail.
 * The rows are read by `read`, which may be some seconds behind `db`.
 */
export async function exportRecipients(
  db: Db,
  scope: Scope,
  campaignId: string,
  filter: RecipientFilter,
  read: Read = (work) => work(db),
): Promise<AsyncGenerator<string>> {
  allow(scope, "export");
  const launched = await findLaunched(db, scope, campaignId);
  await audit(db, scope, "campaign.export_recipients", { kind: "campaign", id: campaignId }, { filter });
  return (async function* () {
    yield `\uFEFF${csv([columns.map(([name]) => name)])}`;
    if (!launched) return;
    for await (const rows of recipientBatches(read, launched, filter, batchSize)) {
      yield csv(rows.map((row) => columns.map(([, pick]) => pick(row))));
    }
  })();
}

function csv(rows: ReadonlyArray<ReadonlyArray<string | number | Date | null>>): string {
  return stringify(rows as Array<Array<string | number | Date | null>>, {
    record_delimiter: "windows",
    escape_formulas: true,
    cast: { date: (value) => value.toISOString() },
  });
}
