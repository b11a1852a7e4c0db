import fc from "fast-check";
import PostalMime from "postal-mime";
import { describe, expect, test } from "vitest";
import { addressHeader, phraseHeader, textHeader } from "./headers.ts";

const subject = (value: string) => `Subject: ${textHeader(value, "Subject: ".length)}\r\n`;
const decode = async (header: string) => PostalMime.parse(`${header}\r\nbody\r\n`);
const lines = (header: string) => header.split("\r\n");

/** Text that a person may write in a field: any characters but controls and line ends, trimmed. */
const text = fc
  .string({ unit: "grapheme", maxLength: 300 })
  .map((value) =>
    value
      .replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, "")
      .replace(/\s+/g, " ")
      .trim(),
  )
  .filter((value) => value !== "");

describe("text", () => {
  test("plain words stay plain", () => {
    expect(textHeader("What is new this spring", 9)).toBe("What is new this spring");
  });

  test("everything else is read back as it was written, on lines that hold", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const header = subject(value);
        expect(lines(header).every((line) => line.length <= 78)).toBe(true);
        expect(header).toMatch(/^[\x20-\x7e\r\n]*$/);
        expect((await decode(header)).subject?.replace(/\s+/g, " ")).toBe(value);
      }),
      { numRuns: 300 },
    );
  });

  test("a character is never cut in two by an encoded-word", () => {
    const words = subject("👩‍👩‍👧‍👦".repeat(40)).match(/=\?UTF-8\?B\?[^?]*\?=/g) ?? [];
    expect(words.length).toBeGreaterThan(1);
    for (const word of words) {
      expect(word.length).toBeLessThanOrEqual(75);
      expect(Buffer.from(word.slice(10, -2), "base64").toString()).not.toContain("\ufffd");
    }
  });

  test("what looks like an encoded-word and is none is encoded", async () => {
    const value = "=?UTF-8?B?SGFjaw==?= and more";
    expect(subject(value)).not.toContain("SGFjaw==?= and");
    expect((await decode(subject(value))).subject).toBe(value);
  });

  test("a word longer than any line is still carried", async () => {
    const value = "x".repeat(2000);
    expect(lines(subject(value)).every((line) => line.length <= 998)).toBe(true);
    expect((await decode(subject(value))).subject).toBe(value);
  });

  test.each(["\r\nBcc: eve@example.com", "a\nb", "a\rb", "a\0b", "a\u2028b", "a\u0085b"])(
    "%j never becomes a header",
    (value) => {
      expect(() => textHeader(value, 9)).toThrow("line break or control character");
      expect(() => addressHeader(value, "ann@example.com")).toThrow("line break or control character");
    },
  );
});

describe("an address", () => {
  test.each([
    ["", "ann@example.com", "ann@example.com"],
    ["Ann Lee", "ann@example.com", "Ann Lee <ann@example.com>"],
    ['Ann "The Boss" Lee', "ann@example.com", '"Ann \\"The Boss\\" Lee" <ann@example.com>'],
    ["Lee, Ann", "ann@example.com", '"Lee, Ann" <ann@example.com>'],
    ["Ann", "ann@bücher.example", "Ann <ann@xn--bcher-kva.example>"],
  ])("%j %s is written %s", (name, email, written) => {
    expect(addressHeader(name, email)).toBe(written);
  });

  test("any name is read back as it was written, and never becomes an address of its own", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (name) => {
        const { from } = await decode(`From: ${addressHeader(name, "ann@example.com")}\r\n`);
        expect(from?.address).toBe("ann@example.com");
        expect(from?.name.replace(/\s+/g, " ")).toBe(name);
      }),
      { numRuns: 300 },
    );
  });

  test.each(["ann@example.com, eve@example.com", "ann", "ann@", "ann @example.com", "ann@exa\r\nmple.com"])(
    "%j is refused",
    (email) => {
      expect(() => addressHeader("Ann", email)).toThrow("an address");
    },
  );
});

test("a phrase with signs of its own is quoted, so that only one thing stands in brackets", () => {
  expect(phraseHeader("Acme", "a.example.com")).toBe("Acme <a.example.com>");
  expect(phraseHeader("Acme <news>, Inc.", "a.example.com")).toBe('"Acme <news>, Inc." <a.example.com>');
  expect(() => phraseHeader("Acme\r\nBcc: x@example.com", "a.example.com")).toThrow("line break");
});
