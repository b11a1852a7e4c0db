/** Fields of one block, by name in lower case; of a name that occurs twice the first. */
export type Fields = ReadonlyMap<string, string>;

/** More is no report but an attack. */
const mostBytes = 256 * 1024;
const mostBlocks = 200;

/**
 * The blocks of fields that a report's machine-readable part consists of (RFC 3464 2.1, RFC 5965 3.1), or a header, which
 * is one block: unfolded, empty lines between them, whatever the line ends. Never throws.
 */
export function readBlocks(content: Uint8Array): Fields[] {
  const blocks: Array<Map<string, string>> = [];
  let block: Map<string, string> | null = null;
  for (const line of unfolded(harmless(Buffer.from(content.subarray(0, mostBytes)).toString("utf8")))) {
    if (line.trim() === "") {
      block = null;
      continue;
    }
    const colon = line.indexOf(":");
    if (colon < 1) continue;
    if (!block) {
      if (blocks.length >= mostBlocks) break;
      block = new Map();
      blocks.push(block);
    }
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!block.has(name)) block.set(name, line.slice(colon + 1).trim());
  }
  return blocks;
}

/** A report's words as they may be kept and shown: on one line, without controls (PostgreSQL takes no NUL), capped. */
export function wordsOf(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\s\u2028\u2029]+/gu, " ")
    .trim()
    .slice(0, 1000);
}

function unfolded(text: string): string[] {
  return text.replace(/\r?\n[ \t]+(?=\S)/g, " ").split(/\r?\n/);
}

function harmless(text: string): string {
  return text.replaceAll("\0", "\ufffd");
}
