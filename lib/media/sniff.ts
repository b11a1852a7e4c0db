/** What a file is by its first bytes. What a browser or a name says about it is never asked. */
export type PictureKind = "jpeg" | "png" | "gif" | "webp" | "avif";

/** Kinds we know and do not take, to be able to say so. */
export type RefusedKind = "svg" | "heic" | "tiff" | "bmp" | "ico" | "pdf" | "video" | "page" | "unknown";

const ascii = (bytes: Buffer, start: number, end: number) => bytes.toString("latin1", start, end);

export function sniff(bytes: Buffer): PictureKind | RefusedKind {
  const start = ascii(bytes, 0, 12);
  if (start.startsWith("\xff\xd8\xff")) return "jpeg";
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (/^GIF8[79]a/.test(start)) return "gif";
  if (start.startsWith("RIFF")) return start.endsWith("WEBP") ? "webp" : "unknown";
  if (start.slice(4, 8) === "ftyp") return brandOf(bytes);
  if (/^(II\*\0|MM\0\*)/.test(start)) return "tiff";
  if (start.startsWith("BM")) return "bmp";
  if (start.startsWith("\0\0\x01\0")) return "ico";
  if (start.startsWith("%PDF-")) return "pdf";
  const text = ascii(bytes, 0, 4096).replace(/\0/g, "");
  if (/<svg[\s>]|<!doctype svg/i.test(text)) return "svg";
  if (/<(!doctype html|html|head|body|script|\?xml)/i.test(text)) return "page";
  return "unknown";
}

/** ISO base media: the major brand, and those it says it is compatible with. */
function brandOf(bytes: Buffer): PictureKind | RefusedKind {
  const length = Math.min(bytes.readUInt32BE(0), 256, bytes.length);
  const brands = ascii(bytes, 8, length);
  if (/avif|avis/.test(brands)) return "avif";
  if (/heic|heix|hevc|mif1|msf1/.test(brands)) return "heic";
  return "video";
}

export function isPicture(kind: PictureKind | RefusedKind): kind is PictureKind {
  return ["jpeg", "png", "gif", "webp", "avif"].includes(kind);
}

/**
 * Whether a file that begins as a picture is something else as well: a page or a script (found anywhere, because
 * browsers and servers look anywhere), a PDF (readers take its header within the first kilobyte), or a ZIP archive
 * (read from its end). Re-encoding would take the other half away; who sends such a file should hear of it.
 */
export function isTwoThings(bytes: Buffer): boolean {
  const text = bytes.toString("latin1");
  if (text.slice(0, 1024).includes("%PDF-")) return true;
  if (/<script[\s>]|<\?php|<!doctype html/i.test(text)) return true;
  return endsAsArchive(bytes);
}

// The end record of a ZIP names the length of the comment behind it, which reaches to the end of the file.
function endsAsArchive(bytes: Buffer): boolean {
  const signature = Buffer.from("PK\x05\x06", "latin1");
  const from = Math.max(0, bytes.length - 22 - 65_535);
  for (let at = bytes.lastIndexOf(signature); at >= from; at = at > 0 ? bytes.lastIndexOf(signature, at - 1) : -1) {
    if (at + 22 <= bytes.length && at + 22 + bytes.readUInt16LE(at + 20) === bytes.length) return true;
  }
  return false;
}
