import { escapeHtml } from "../escape.ts";
import { fieldPath } from "../fields.ts";
import type { MergeField } from "./values.ts";

/** A text as a string of Liquid, which knows no escapes and ends an output at the first `}}` or `%}`, even in quotes. */
export function liquidString(text: string): string {
  const safe = text
    .replace(/[\r\n]+/g, " ")
    .replace(/([}%])(?=\})/g, "$1 ")
    .replace(/\{(?=[{%])/g, "{ ");
  if (!safe.includes('"')) return `"${safe}"`;
  return safe.includes("'") ? `"${safe.replaceAll('"', "”")}"` : `'${safe}'`;
}

/** A merge field as it is printed. */
export function mergeOutput({ field, fallback }: MergeField): string {
  return `{{ ${fieldPath(field)} | default: ${liquidString(fallback)} }}`;
}

/** Words of a person for the text of a tag: nothing in them is HTML or Liquid. */
export function htmlText(text: string): string {
  return escapeHtml(text).replaceAll("{", "&#123;");
}

/**
 * The same for an attribute. MJML reads and writes attributes anew, entities included, so what would begin Liquid is
 * pulled apart instead.
 */
export function attributeText(text: string): string {
  return escapeHtml(text.replace(/\{(?=[{%])/g, "{ ").replace(/\s+/g, " "));
}

/** An address: what would begin Liquid is percent-encoded, which means the same. */
export function addressText(href: string): string {
  return href === "unsubscribe"
    ? "{{ unsubscribe_url }}"
    : escapeHtml(href.replaceAll("{", "%7B").replaceAll("}", "%7D").replace(/\s/g, "%20"));
}
