/**
 * Quoted-printable (RFC 2045, 6.7) whose layout depends on nothing outside one logical line. That is what lets a line
 * without merge fields be encoded once per campaign and a line with them be finished per message, to the same bytes.
 */

const VERBATIM = /^[\t\x20-\x3c\x3e-\x7e]*$/;
const HEX = Array.from({ length: 256 }, (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`);

/** The characters of a text without line breaks, encoded but not yet folded. */
export function encodeCharacters(text: string): string {
  if (VERBATIM.test(text)) return text;
  let encoded = "";
  for (const byte of Buffer.from(text, "utf8")) {
    encoded += byte === 9 || (byte >= 32 && byte <= 126 && byte !== 61) ? String.fromCharCode(byte) : HEX[byte];
  }
  return encoded;
}

/**
 * An encoded logical line folded to lines of at most 76 octets; white space at its end is encoded. So is a dot that
 * starts a line (RFC 2049, 3): SMTP has nothing to double then, and a mail goes on the wire as it is.
 */
export function foldLine(encoded: string): string {
  let line = withoutDot(encoded, 0);
  const last = line.charCodeAt(line.length - 1);
  if (last === 32) line = `${line.slice(0, -1)}=20`;
  else if (last === 9) line = `${line.slice(0, -1)}=09`;
  if (line.length <= 76) return line;
  let folded = "";
  let at = 0;
  while (line.length - at > 76) {
    let cut = at + 75;
    if (line.charCodeAt(cut - 1) === 61) cut -= 1;
    else if (line.charCodeAt(cut - 2) === 61) cut -= 2;
    folded += `${line.slice(at, cut)}=\r\n`;
    at = cut;
    line = withoutDot(line, at);
  }
  return folded + line.slice(at);
}

function withoutDot(line: string, at: number): string {
  return line.charCodeAt(at) === 46 ? `${line.slice(0, at)}=2E${line.slice(at + 1)}` : line;
}

/** A whole text ("\n" between lines) as quoted-printable with CRLF. */
export function encodeQuotedPrintable(text: string): string {
  return text
    .split("\n")
    .map((line) => foldLine(encodeCharacters(line)))
    .join("\r\n");
}
