import type { FieldType } from "#drizzle/schema/audience.ts";

/** A value of a custom field as it is stored: dates as YYYY-MM-DD. */
export type FieldValue = string | number | boolean;

/** How 03/04/2026 is read. Dates written with dots are always day first, ISO dates always year first. */
export type DateOrder = "dmy" | "mdy";

export const longestFieldText = 5000;

/**
 * Reads what a person typed or a file says as a value of a field. Null for an empty text (no value), undefined when
 * it is none of that type.
 */
export function readFieldValue(
  type: FieldType,
  text: string,
  dateOrder: DateOrder = "dmy",
): FieldValue | null | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  switch (type) {
    case "text":
      return trimmed.length <= longestFieldText && !trimmed.includes("\0") ? trimmed : undefined;
    case "number":
      return readNumber(trimmed);
    case "boolean":
      return readBoolean(trimmed);
    case "date":
      return readDate(trimmed, dateOrder);
  }
}

/** A stored value as a form shows it, which readFieldValue reads back. */
export function writeFieldValue(value: FieldValue | null | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}

const yes = new Set([
  "true",
  "yes",
  "y",
  "1",
  "on",
  "x",
  "ja",
  "j",
  "wahr",
  "oui",
  "o",
  "vrai",
  "sí",
  "si",
  "verdadero",
  "sì",
  "vero",
  "sim",
  "tak",
]);
const no = new Set([
  "false",
  "no",
  "n",
  "0",
  "off",
  "-",
  "nein",
  "falsch",
  "non",
  "faux",
  "falso",
  "não",
  "nao",
  "nie",
]);

function readBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (yes.has(word)) return true;
  return no.has(word) ? false : undefined;
}

/** 1234.5, 1,234.5, 1.234,5, 1 234,5. A lone separator before exactly three digits groups, unless it is a dot. */
function readNumber(text: string): number | undefined {
  let plain = text.replace(/[\s\u00a0\u202f'’]/g, "");
  if (!/^[+-]?(\d[\d.,]*|[.,]\d+)$/.test(plain)) return undefined;
  const comma = plain.lastIndexOf(",");
  const dot = plain.lastIndexOf(".");
  if (comma >= 0 && dot >= 0) {
    const [decimal, group] = comma > dot ? [",", "."] : [".", ","];
    plain = plain.replaceAll(group, "").replace(decimal, ".");
  } else if (comma >= 0) {
    const groups = /^[+-]?[1-9]\d{0,2}(,\d{3})+$/.test(plain);
    plain = groups ? plain.replaceAll(",", "") : plain.replace(",", ".");
  } else if (/^[+-]?[1-9]\d{0,2}(\.\d{3}){2,}$/.test(plain)) {
    plain = plain.replaceAll(".", "");
  }
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

function readDate(text: string, order: DateOrder): string | undefined {
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?$/.exec(text);
  if (iso) return isoDate(iso[1], iso[2], iso[3]);
  const local = /^(\d{1,2})([./-])(\d{1,2})[./-](\d{4})(?:,? \d{1,2}:\d{2}.*)?$/.exec(text);
  if (!local) return undefined;
  const dayFirst = local[2] === "." || order === "dmy";
  return dayFirst ? isoDate(local[4], local[3], local[1]) : isoDate(local[4], local[1], local[3]);
}

function isoDate(year = "", month = "", day = ""): string | undefined {
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const at = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso) ? iso : undefined;
}
