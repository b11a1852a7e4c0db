import fc from "fast-check";
import { expect, it } from "vitest";
import { encodeQuotedPrintable } from "./quoted-printable.ts";

/** A decoder written from RFC 2045, 6.7. */
function decode(encoded: string): string {
  const joined = encoded.replaceAll("=\r\n", "");
  const bytes = joined.replace(/=([0-9A-F]{2})/g, (_match, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

it("any text comes back, in lines of at most 76 octets of ASCII", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 600 }), (text) => {
      const lines = text.toWellFormed().replace(/\r/g, "");
      const encoded = encodeQuotedPrintable(lines);
      expect(decode(encoded)).toBe(lines.replaceAll("\n", "\r\n"));
      for (const line of encoded.split("\r\n")) expect(line).toMatch(/^[\t\x20-\x7e]{0,76}$/);
      expect(encoded).not.toMatch(/[ \t]\r\n|[ \t]$/);
      expect(encoded).not.toMatch(/^\./m);
    }),
  );
});

it.each([
  ["=", "=3D"],
  ["a ", "a=20"],
  ["a\t\nb", "a=09\r\nb"],
  [".", "=2E"],
  ["a.\n..b", "a.\r\n=2E.b"],
  [`${"x".repeat(75)}.y`, `${"x".repeat(75)}=\r\n=2Ey`],
  ["é", "=C3=A9"],
  ["x".repeat(76), "x".repeat(76)],
  ["x".repeat(77), `${"x".repeat(75)}=\r\nxx`],
  [`${"x".repeat(74)}=yy`, `${"x".repeat(74)}=\r\n=3Dyy`],
])("%j is %j", (text, encoded) => {
  expect(encodeQuotedPrintable(text)).toBe(encoded);
});
