/**
 * Values escaped for where they land. Every function is total: whatever a field holds, the answer is a harmless string
 * whose only line break is "\n". The segment path and the full render share these functions, so they cannot disagree.
 */

export type Landing = "text" | "text_br" | "attribute" | "url" | "url_part" | "css" | "plain" | "line";

const PRINTABLE = /^[\x20-\x7e]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is being removed
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** Any field value as text: well-formed, line breaks as "\n", no control characters. Objects print nothing. */
export function cleanText(value: unknown): string {
  if (typeof value === "string") {
    if (PRINTABLE.test(value)) return value;
    return value.toWellFormed().replace(/\r\n?/g, "\n").replace(CONTROL, "");
  }
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return value.map(cleanText).join("");
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString();
  return "";
}

const HTML_SPECIAL = /[&<>"'`]/;
const HTML_ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Text that is safe between tags and inside a quoted attribute. */
export function escapeHtml(text: string): string {
  if (!HTML_SPECIAL.test(text)) return text;
  return text.replace(/[&<>"'`]/g, (character) => HTML_ESCAPES[character] as string);
}

/** One line: for subjects and other headers. Every kind of line break becomes a space. */
function oneLine(text: string): string {
  if (PRINTABLE.test(text)) return text;
  return text.replace(/[\n\r\t\u0085\u2028\u2029]+/g, " ");
}

const SAFE_SCHEME = /^(?:https?:\/\/|mailto:|tel:)/i;

/** A value that is the beginning of an address: http, https, mailto or tel, else "#". */
function safeUrl(text: string): string {
  const url = text.trim();
  if (!SAFE_SCHEME.test(url)) return "#";
  return url.replace(
    /[\s"<>\\^`{|}']/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A value inside a style: letters, digits and the few marks a colour, a size or a family name needs. */
function safeCss(text: string): string {
  return text.replace(/[^\p{L}\p{N} #%.,_-]/gu, "");
}

/** The value as it may be printed in that place. */
export function landValue(landing: Landing, value: unknown): string {
  const text = cleanText(value);
  switch (landing) {
    case "text":
    case "attribute":
      return escapeHtml(text);
    case "text_br":
      return escapeHtml(text).replace(/\n/g, "<br>\n");
    case "url":
      return escapeHtml(safeUrl(text));
    case "url_part":
      return percentEncode(text);
    case "css":
      return safeCss(text);
    case "plain":
      return text;
    case "line":
      return oneLine(text);
    default:
      return landing satisfies never;
  }
}
