import { parseAddress } from "../address.ts";
import type { DateOrder } from "../field-values.ts";
import { createTokenizer } from "./tokenizer.ts";

export const delimiters = [",", ";", "\t", "|"] as const;
export type Delimiter = (typeof delimiters)[number];

/** How a file is laid out, as far as its first rows tell. */
export interface Layout {
  delimiter: Delimiter;
  hasHeader: boolean;
  /** One name per column. */
  header: string[];
  /** The first rows of people, each as long as the header. */
  sample: string[][];
}

const sampleRows = 50;

/** Reads the layout off the first part of a file. `delimiter` and `hasHeader` overrule what would be guessed. */
export function readLayout(head: string, known: { delimiter?: Delimiter; hasHeader?: boolean } = {}): Layout {
  const delimiter = known.delimiter ?? guessDelimiter(head);
  const rows = firstRows(head, delimiter, sampleRows + 1);
  const first = rows[0] ?? [];
  const hasHeader = known.hasHeader ?? !first.some((cell) => parseAddress(cell).ok);
  const sample = hasHeader ? rows.slice(1) : rows.slice(0, sampleRows);
  const columns = hasHeader ? first.length : Math.max(0, ...sample.map((row) => row.length));
  const header = Array.from({ length: columns }, (_, i) => nameOf(hasHeader ? first[i] : undefined, i));
  return { delimiter, hasHeader, header, sample: sample.map((row) => header.map((_, i) => row[i] ?? "")) };
}

/** The order that the slashed dates among `values` are written in; day first where they do not tell. */
export function guessDateOrder(values: readonly string[]): DateOrder {
  for (const value of values) {
    const found = /^\s*(\d{1,2})[/-](\d{1,2})[/-]\d{4}/.exec(value);
    if (found && Number(found[1]) > 12) return "dmy";
    if (found && Number(found[2]) > 12) return "mdy";
  }
  return "dmy";
}

// The delimiter that cuts the first rows into the same number of cells, and into most of them.
function guessDelimiter(head: string): Delimiter {
  let best: Delimiter = ",";
  let bestScore = 0;
  for (const delimiter of delimiters) {
    const widths = firstRows(head, delimiter, 20).map((row) => row.length);
    const first = widths[0] ?? 0;
    const alike = widths.filter((width) => width === first).length / (widths.length || 1);
    const score = first > 1 ? alike * 100 + first : 0;
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}

function firstRows(head: string, delimiter: string, most: number): string[][] {
  const tokenizer = createTokenizer(delimiter);
  const rows = [...tokenizer.push(head), ...tokenizer.end()];
  return rows.flatMap((row) => (row.fault === null ? [row.cells] : [])).slice(0, most);
}

function nameOf(cell: string | undefined, index: number): string {
  const name = (cell ?? "")
    .replace(/[\p{Cc}\p{Cf}]+/gu, " ")
    .trim()
    .slice(0, 200)
    .toWellFormed();
  return name === "" ? `Column ${index + 1}` : name;
}
