import { parseAddress } from "../address.ts";
import { type DateOrder, type FieldValue, readFieldValue } from "../field-values.ts";
import type { Field } from "../fields.ts";
import type { RefusalReason } from "./counts.ts";
import type { Target } from "./input.ts";
import type { CsvRow } from "./tokenizer.ts";

/** A row of a file as a person, or why it is none. `detail` says what exactly, for people. */
export type ReadRow =
  | {
      fault: null;
      email: string;
      key: string;
      firstName: string;
      lastName: string;
      language: string;
      fields: Record<string, FieldValue> | null;
    }
  | { fault: RefusalReason; detail: string };

const longestName = 120;

/** Makes the function that reads the rows of one import. It is called for every row, so all look-ups are done here. */
export function rowReader(
  mapping: ReadonlyArray<Target | null>,
  registry: readonly Field[],
  dateOrder: DateOrder,
): (row: CsvRow) => ReadRow {
  const emailColumn = mapping.indexOf("email");
  const firstName = mapping.indexOf("first_name");
  const lastName = mapping.indexOf("last_name");
  const fullName = mapping.indexOf("full_name");
  const language = mapping.indexOf("language");
  const columns = mapping.flatMap((target, index) => (target === null ? [] : [index]));
  const custom = mapping.flatMap((target, index) => {
    const field = target?.startsWith("field:") ? registry.find((one) => `field:${one.key}` === target) : undefined;
    return field ? [{ index, key: field.key, type: field.type, label: field.label }] : [];
  });

  return (row) => {
    if (row.fault !== null) return { fault: row.fault, detail: "" };
    const { cells } = row;
    if (cells.length > mapping.length && cells.slice(mapping.length).some((cell) => cell.trim() !== "")) {
      return { fault: "too_many_columns", detail: `${cells.length} > ${mapping.length}` };
    }
    for (const index of columns) {
      const cell = cells[index];
      if (cell === undefined) continue;
      if (cell.includes("\0")) return { fault: "nul", detail: "" };
      if (cell.includes("\ufffd")) return { fault: "encoding", detail: "" };
    }
    const address = parseAddress(cells[emailColumn] ?? "");
    if (!address.ok) {
      return address.reason === "empty"
        ? { fault: "email_empty", detail: "" }
        : { fault: "email_invalid", detail: address.reason };
    }
    let first = firstName < 0 ? "" : nameOf(cells[firstName]);
    let last = lastName < 0 ? "" : nameOf(cells[lastName]);
    if (fullName >= 0) {
      const [front, back] = splitName(nameOf(cells[fullName]));
      first ||= front;
      last ||= back;
    }
    if (first.length > longestName || last.length > longestName) return { fault: "value_too_long", detail: "" };
    let fields: Record<string, FieldValue> | null = null;
    for (const { index, key, type, label } of custom) {
      const text = cells[index];
      if (text === undefined || text === "") continue;
      const value = readFieldValue(type, text, dateOrder);
      if (value === undefined) return { fault: "field_value", detail: label };
      if (value === null) continue;
      fields ??= {};
      fields[key] = value;
    }
    return {
      fault: null,
      email: address.email,
      key: address.key,
      firstName: first,
      lastName: last,
      language: language < 0 ? "" : languageOf(cells[language]),
      fields,
    };
  };
}

/** "Anna van Dijk" → Anna, van Dijk; "Dijk, Anna" → Anna, Dijk. */
export function splitName(name: string): [first: string, last: string] {
  const comma = name.indexOf(",");
  if (comma > 0) return [name.slice(comma + 1).trim(), name.slice(0, comma).trim()];
  const space = name.indexOf(" ");
  return space < 0 ? [name, ""] : [name.slice(0, space), name.slice(space + 1).trim()];
}

const plainName = /^[\x20-\x7e\u00a1-\u024f]*$/;

// Names stand in headers of mails: line breaks and other control characters become one space.
function nameOf(cell: string | undefined): string {
  if (!cell) return "";
  const name = plainName.test(cell) ? cell : cell.normalize("NFC").replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
  return name.trim();
}

function languageOf(cell: string | undefined): string {
  const tag = (cell ?? "").trim().replace("_", "-");
  return /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) && tag.length <= 35 ? tag : "";
}
