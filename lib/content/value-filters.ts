import { cleanText } from "./escape.ts";

/**
 * The filters that the segment path applies by itself. The Liquid engine is given the same functions, so a field
 * comes out alike on both paths. `escape` does nothing because every value is escaped for its place anyway.
 */
export type FilterArgument = string | number | boolean | null;
type ValueFilter = (value: unknown, ...args: unknown[]) => unknown;

/** Nothing to show: null, undefined, false, an empty list, or text without a visible character. */
function isBlankValue(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return true;
  if (typeof value === "string") return value === "" || value.trim() === "";
  return Array.isArray(value) && value.length === 0;
}

const identity: ValueFilter = (value) => value;

export const valueFilters: Record<string, ValueFilter> = {
  default: (value, fallback) => (isBlankValue(value) ? fallback : value),
  upcase: (value) => cleanText(value).toUpperCase(),
  downcase: (value) => cleanText(value).toLowerCase(),
  capitalize: (value) => {
    const text = cleanText(value);
    const first = String.fromCodePoint(text.codePointAt(0) ?? 0x20);
    return text === "" ? "" : first.toUpperCase() + text.slice(first.length).toLowerCase();
  },
  strip: (value) => cleanText(value).trim(),
  append: (value, suffix) => cleanText(value) + cleanText(suffix),
  prepend: (value, prefix) => cleanText(prefix) + cleanText(value),
  url_encode: (value) => encodeURIComponent(cleanText(value)).replace(/%20/g, "+"),
  escape: identity,
  escape_once: identity,
  xml_escape: identity,
  newline_to_br: identity,
};
