import type { Reply } from "./transport.ts";

const MAX_REPLY_CHARACTERS = 64_000;
const KEPT_CHARACTERS = 2_000;

/** Cuts a stream of server bytes (latin1) into complete replies (RFC 5321 4.2); "malformed" when it is none. */
export class ReplyReader {
  #rest = "";
  #lines: string[] = [];
  #size = 0;

  /** True while part of a reply is in and its end is not. */
  get midway(): boolean {
    return this.#rest !== "" || this.#lines.length > 0;
  }

  read(chunk: string): (Reply | "malformed")[] {
    const replies: (Reply | "malformed")[] = [];
    const text = this.#rest + chunk;
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      const line = text.slice(start, text.charCodeAt(end - 1) === 13 ? end - 1 : end);
      start = end + 1;
      if (line === "") continue;
      this.#lines.push(line);
      this.#size += line.length;
      if (line.charCodeAt(3) === 45 && this.#size < MAX_REPLY_CHARACTERS) continue;
      replies.push(this.#size < MAX_REPLY_CHARACTERS ? parseReply(this.#lines) : "malformed");
      this.#lines = [];
      this.#size = 0;
    }
    this.#rest = text.slice(start);
    if (this.#rest.length > MAX_REPLY_CHARACTERS) replies.push("malformed");
    return replies;
  }
}

const codes = /^([2-5]\d\d)(?:[ -]|$)(?:([245]\.\d{1,3}\.\d{1,3})(?:[ :]|$))?/;

/** Reads a whole reply, given as lines; codes repeated on each line are taken off the words. */
export function parseReply(lines: string[]): Reply | "malformed" {
  const words: string[] = [];
  let code = 0;
  let enhanced: string | undefined;
  for (const line of lines) {
    const found = codes.exec(line);
    if (!found) return "malformed";
    code = Number(found[1]);
    enhanced ??= found[2];
    words.push(line.slice(found[0].length));
  }
  const text = decode(words.join("\n").trim().slice(0, KEPT_CHARACTERS));
  return enhanced === undefined ? { code, text } : { code, enhanced, text };
}

/** Replies have no stated charset; take UTF-8 when it is valid. NUL is dropped, because Postgres text cannot hold it. */
function decode(latin1: string): string {
  if (/^[\t\n\x20-\x7e]*$/.test(latin1)) return latin1;
  const utf8 = Buffer.from(latin1, "latin1").toString("utf8");
  return (utf8.includes("\ufffd") ? latin1 : utf8).replaceAll("\0", "");
}
