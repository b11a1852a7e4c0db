import { wireAddress } from "./envelope-address.ts";

const printableAscii = /^[\x20-\x7e]*$/;
const plainPhrase = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly what would start a header of its own
const lineBreaks = /[\x00-\x1f\x7f\u0085\u2028\u2029]/;

/** The longest line we write, without CRLF (RFC 5322 2.1.1 recommends 78). */
const lineLength = 76;

/**
 * An unstructured header value (RFC 5322 2.2.1), as encoded-words in UTF-8 (RFC 2047) where it is not plain ASCII, and
 * folded. `column` is where the value starts. Throws on CR, LF, NUL and the like: they are refused at the input, and
 * one that came through all the same must not become a header.
 */
export function textHeader(value: string, column: number): string {
  refuseBreaks(value);
  // "=?" in plain text would be read as an encoded-word that nobody wrote.
  if (!printableAscii.test(value) || value.includes("=?")) return encodedWords(value, column);
  if (column + value.length <= lineLength) return value;
  return foldWords(value, column);
}

/** One mailbox: a display name, quoted or encoded as needed, and one addr-spec with its domain as A-labels. */
export function addressHeader(name: string, email: string): string {
  const wire = wireAddress(email);
  if (!wire.ok) throw new Error(`an address ${wire.why}`);
  return name === "" ? wire.address : phraseHeader(name, wire.address);
}

/** A phrase before something in angle brackets (RFC 5322 3.2.5), quoted or encoded as needed: a mailbox, a List-Id. */
export function phraseHeader(phrase: string, bracketed: string): string {
  refuseBreaks(phrase);
  if (!printableAscii.test(phrase) || phrase.includes("=?"))
    return `${encodedWords(phrase, "Reply-To: ".length)}\r\n <${bracketed}>`;
  const safe = plainPhrase.test(phrase) ? phrase : `"${phrase.replace(/["\\]/g, "\\$&")}"`;
  return `${safe} <${bracketed}>`;
}

function refuseBreaks(value: string): void {
  if (lineBreaks.test(value)) throw new Error("a header value holds a line break or control character");
}

/** Base64 encoded-words of whole characters, each at most 75 long and on a line that holds. */
function encodedWords(value: string, column: number): string {
  const words: string[] = [];
  let bytes = Buffer.alloc(0);
  // "=?UTF-8?B?" and "?=" take 12, base64 needs four characters per three bytes.
  const room = () => Math.floor((Math.min(75, lineLength - (words.length === 0 ? column : 1)) - 12) / 4) * 3;
  for (const character of value) {
    const next = Buffer.from(character);
    if (bytes.length > 0 && bytes.length + next.length > room()) {
      words.push(`=?UTF-8?B?${bytes.toString("base64")}?=`);
      bytes = Buffer.alloc(0);
    }
    bytes = Buffer.concat([bytes, next]);
  }
  words.push(`=?UTF-8?B?${bytes.toString("base64")}?=`);
  return words.join("\r\n ");
}

/** Folds before spaces. A single word longer than a line stays whole, unless it breaks the hard limit of 998. */
function foldWords(value: string, column: number): string {
  if (value.split(" ").some((word) => word.length > 900)) return encodedWords(value, column);
  let folded = "";
  let used = column;
  for (const [index, word] of value.split(" ").entries()) {
    const piece = index === 0 ? word : ` ${word}`;
    if (index > 0 && word !== "" && used + piece.length > lineLength) {
      folded += `\r\n${piece}`;
      used = piece.length;
    } else {
      folded += piece;
      used += piece.length;
    }
  }
  return folded;
}
