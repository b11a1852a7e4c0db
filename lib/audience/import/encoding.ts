import { isUtf8 } from "node:buffer";

export const encodings = ["utf-8", "utf-16le", "utf-16be", "windows-1252"] as const;
export type Encoding = (typeof encodings)[number];

/** What a file is that cannot be imported, told by its first bytes and not by its name. */
export type WrongFile = "excel" | "zip" | "pdf" | "image" | "archive" | "html" | "binary";

const signatures: Array<[WrongFile, readonly number[]]> = [
  ["zip", [0x50, 0x4b, 0x03, 0x04]],
  ["zip", [0x50, 0x4b, 0x05, 0x06]],
  ["excel", [0xd0, 0xcf, 0x11, 0xe0]],
  ["pdf", [0x25, 0x50, 0x44, 0x46]],
  ["image", [0x89, 0x50, 0x4e, 0x47]],
  ["image", [0xff, 0xd8, 0xff]],
  ["image", [0x47, 0x49, 0x46, 0x38]],
  ["archive", [0x1f, 0x8b]],
  ["archive", [0x37, 0x7a, 0xbc, 0xaf]],
  ["archive", [0x52, 0x61, 0x72, 0x21]],
];

/** Null for what may be text. An Excel workbook is a zip whose first entries say so. */
export function sniffWrongFile(head: Buffer): WrongFile | null {
  const found = signatures.find(([, bytes]) => bytes.every((byte, i) => head[i] === byte));
  if (found?.[0] === "zip")
    return /xl\/|\[Content_Types\]|mimetypeapplication\/vnd\.oasis/.test(head.toString("latin1")) ? "excel" : "zip";
  if (found) return found[0];
  if (/^\s*(<!doctype html|<html)/i.test(head.toString("latin1", 0, 200))) return "html";
  if (utf16WithoutMark(head) || hasUtf16Mark(head)) return null;
  const sample = head.subarray(0, 65_536);
  let controls = 0;
  for (const byte of sample) if (byte < 9 || (byte > 13 && byte < 32)) controls++;
  // A stray NUL is a row's fault. In noise one byte of ten is a control character, in text next to none.
  return controls > Math.max(8, sample.length / 30) ? "binary" : null;
}

/**
 * Watches a file stream by and then knows its encoding: a byte order mark decides, then the NUL pattern of UTF-16, then
 * whether all of it is valid UTF-8. A few broken bytes in a file that has many good UTF-8 letters stay UTF-8 (their
 * rows are refused one by one); otherwise bytes that are not UTF-8 are Windows-1252, what spreadsheets write.
 */
export function watchEncoding(): { see(part: Buffer): void; encoding(): Encoding } {
  let head = Buffer.alloc(0);
  let rest = Buffer.alloc(0);
  let good = 0;
  let broken = 0;
  const count = (bytes: Buffer) => {
    if (bytes.length === 0) return;
    if (isUtf8(bytes)) {
      // Lead bytes of two to four byte letters. Enough of them is enough.
      if (good < 10_000) for (const byte of bytes) if (byte >= 0xc2) good++;
      return;
    }
    const text = bytes.toString("utf8");
    for (const char of text) {
      if (char === "\ufffd") broken++;
      else if (char > "\x7f") good++;
    }
  };
  return {
    see(part) {
      if (head.length < 4096) head = Buffer.concat([head, part.subarray(0, 4096)]);
      const bytes = rest.length > 0 ? Buffer.concat([rest, part]) : part;
      const whole = bytes.length - openTail(bytes);
      count(bytes.subarray(0, whole));
      rest = Buffer.from(bytes.subarray(whole));
    },
    encoding() {
      if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
      if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
      const unmarked = utf16WithoutMark(head);
      if (unmarked) return unmarked;
      count(rest);
      rest = Buffer.alloc(0);
      return broken > 0 && broken * 3 > good ? "windows-1252" : "utf-8";
    },
  };
}

/** Decodes a stream of bytes; a byte order mark is dropped, what is broken becomes U+FFFD. */
export async function* decode(bytes: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const part of bytes) yield decoder.decode(part, { stream: true });
  yield decoder.decode();
}

function hasUtf16Mark(head: Buffer): boolean {
  return (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
}

// Western text in UTF-16 has a NUL as every other byte.
function utf16WithoutMark(head: Buffer): "utf-16le" | "utf-16be" | null {
  const length = Math.min(head.length, 4096) & ~1;
  if (length < 8) return null;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < length; i += 2) {
    if (head[i] === 0) even++;
    if (head[i + 1] === 0) odd++;
  }
  const pairs = length / 2;
  if (odd > pairs * 0.4 && even < pairs * 0.05) return "utf-16le";
  return even > pairs * 0.4 && odd < pairs * 0.05 ? "utf-16be" : null;
}

// Bytes at the end that begin a letter whose rest is in the next part.
function openTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}
