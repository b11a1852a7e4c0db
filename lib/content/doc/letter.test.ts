import fc from "fast-check";
import { expect, test } from "vitest";
import { everyBlock, makeDoc, makeSection, rich } from "#tests/support/email-docs.ts";
import { compileContent } from "../compile.ts";
import type { Block } from "./email-doc.ts";
import { isLetter, type LetterNode, letterNodes, newLetter, withLetterNodes } from "./letter.ts";
import { readDoc } from "./read-doc.ts";

const text = everyBlock[0] as Extract<Block, { type: "text" }>;

test.each(["en", "de-AT", "pt"])("a new letter (%s) is sound, sendable and empty", async (language) => {
  const doc = newLetter(language);
  expect(readDoc(JSON.stringify(doc))).toEqual(doc);
  expect(isLetter(doc)).toBe(true);
  const compiled = await compileContent({
    source: { kind: "doc", v: 1, source: JSON.stringify(doc) },
    subject: "Hello",
    preheader: "",
    language,
  });
  expect(compiled).toMatchObject({ ok: true, hasUnsubscribeLink: true, hasPostalAddress: true, warnings: [] });
});

const node: fc.Arbitrary<LetterNode> = fc.oneof(
  fc.constantFrom(...text.content.content),
  fc.record({
    type: fc.constant("picture" as const),
    attrs: fc.record({
      src: fc.constantFrom("", "https://example.com/a.png"),
      alt: fc.string({ maxLength: 20 }),
      decorative: fc.boolean(),
      href: fc.constantFrom("", "https://example.com"),
    }),
  }),
  fc.record({
    type: fc.constant("mailButton" as const),
    attrs: fc.record({ label: fc.string({ maxLength: 20 }), href: fc.constantFrom("", "mailto:a@example.com") }),
  }),
);

test("whatever is written stands there when it is opened again, and is a letter", () => {
  fc.assert(
    fc.property(fc.array(node, { maxLength: 30 }), (nodes) => {
      const doc = withLetterNodes(newLetter("en"), nodes);
      expect(readDoc(JSON.stringify(doc))).toEqual(doc);
      expect(letterNodes(doc)).toEqual(nodes);
      expect(isLetter(doc)).toBe(true);
    }),
  );
});

test("what a letter could not keep is no letter", () => {
  const plain: Block = { id: "t", type: "text", content: rich("x") };
  const one = (block: Block) => isLetter(makeDoc([makeSection([block])]));
  expect(one(plain)).toBe(true);
  expect(one({ ...plain, background: "#ffffff" })).toBe(false);
  expect(one({ id: "b", type: "button", label: [{ field: "a", fallback: "" }], href: "" })).toBe(false);
  for (const block of everyBlock.filter(({ type }) => !["text", "button", "image"].includes(type)))
    expect(one(block), block.type).toBe(false);
  expect(isLetter(makeDoc([]))).toBe(false);
  expect(isLetter(makeDoc([makeSection([plain]), makeSection([{ ...plain, id: "u" }], { id: "s2" })]))).toBe(false);
  const conditional = makeSection([plain], { visibility: { match: "all", rules: [{ field: "a", is: "set" }] } });
  expect(isLetter(makeDoc([conditional]))).toBe(false);
});
