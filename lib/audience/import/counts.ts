/** What becomes of a row; every row of a file is exactly one of these. */
export const rowClasses = ["new", "updated", "unchanged", "invalid", "duplicate", "opted_out"] as const;
export type RowClass = (typeof rowClasses)[number];

/** Exact counts of a dry run or a run: the classes add up to `rows`, the rows of the file without header and blank lines. */
export type ImportCounts = Record<RowClass, number> & { rows: number };

export function noCounts(): ImportCounts {
  return { rows: 0, new: 0, updated: 0, unchanged: 0, invalid: 0, duplicate: 0, opted_out: 0 };
}

/** Why a row is refused. The first group is found while reading, the second by comparing. */
export const refusalReasons = [
  "quotes",
  "row_too_long",
  "too_many_columns",
  "encoding",
  "nul",
  "email_empty",
  "email_invalid",
  "value_too_long",
  "field_value",
  "duplicate",
  "suppressed",
  "opted_out",
] as const;
export type RefusalReason = (typeof refusalReasons)[number];
