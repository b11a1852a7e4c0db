import type { Line } from "./values.ts";

/*
 * A line as people type it: a field is written {key|what stands there for people without it}. Braces that name no field of
 * the workspace are plain text.
 */

export function lineToText(line: Line): string {
  return line.map((part) => (typeof part === "string" ? part : `{${part.field}|${part.fallback}}`)).join("");
}

export function textToLine(text: string, fields: readonly string[]): Line {
  const line: Line = [];
  let from = 0;
  for (const match of text.matchAll(/\{([^{}|]{1,60})\|([^{}]{0,200})\}/g)) {
    const [whole, field = "", fallback = ""] = match;
    if (!fields.includes(field)) continue;
    const plain = text.slice(from, match.index);
    if (plain !== "") line.push(plain);
    line.push({ field, fallback });
    from = match.index + whole.length;
  }
  const rest = text.slice(from);
  if (rest !== "") line.push(rest);
  return line;
}
