import { decodeWords } from "postal-mime";

/** How much of a mail is looked at for its header: more is not a header but an attack. */
const headBytes = 64 * 1024;

/** The subject of a raw mail, decoded, on one line, at most 500 characters; empty when there is none or it is broken. */
export function subjectOf(raw: Buffer): string {
  const head = headerOf(raw);
  const unfolded = /^subject:[ \t]*((?:.*)(?:\r?\n[ \t].*)*)/im.exec(head)?.[1] ?? "";
  const value = unfolded.slice(0, 4000).replace(/\r?\n(?=[ \t])/g, "");
  return oneLine(decoded(value)).slice(0, 500);
}

/** Text for a single line of a page or a text column: no NUL (PostgreSQL refuses it), no line breaks. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, " ")
    .trim();
}

function headerOf(raw: Buffer): string {
  const head = raw.subarray(0, headBytes).toString("utf8");
  const end = head.search(/\r?\n\r?\n/);
  return end < 0 ? head : head.slice(0, end);
}

function decoded(value: string): string {
  try {
    return decodeWords(value);
  } catch {
    return value;
  }
}
