import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { everyBlock, makeDoc, makeSection } from "#tests/support/email-docs.ts";
import {
  duplicatePart,
  findPart,
  insertBlock,
  insertSection,
  moveBlock,
  moveSection,
  newId,
  placeAfter,
  removePart,
  setRatio,
  stepPart,
  updateBlock,
  updateColumn,
  updateSection,
} from "./edit.ts";
import { type Block, type BlockType, type EmailDoc, emailDoc } from "./email-doc.ts";
import { advance, beginHistory, redo, undo } from "./history.ts";
import { lineToText, textToLine } from "./line-text.ts";
import { blankDoc, type NewWords, newBlock, newSection } from "./new-parts.ts";

const words: NewWords = {
  text: "Text",
  heading: "Heading",
  button: "Go",
  product: "Pot",
  price: "1",
  quote: "Good",
  author: "Me",
  item: "One",
  link: "Link",
  video: "Watch",
};
const kinds = [...new Set(everyBlock.map(({ type }) => type))];
const start = makeDoc([
  makeSection(everyBlock.slice(0, 3), { id: "one" }),
  {
    id: "two",
    ratio: [1, 2],
    columns: [
      { id: "two-a", blocks: everyBlock.slice(3, 5) },
      { id: "two-b", blocks: [] },
    ],
  },
]);
const order = (doc: EmailDoc) =>
  doc.sections.map(({ columns }) => columns.map(({ blocks }) => blocks.map(({ id }) => id)));
const partIds = (doc: EmailDoc) =>
  doc.sections.flatMap(({ id, columns }) => [
    id,
    ...columns.flatMap((column) => [column.id, ...column.blocks.map((b) => b.id)]),
  ]);

const step = fc.record({
  what: fc.nat(9),
  part: fc.nat(60),
  other: fc.nat(60),
  kind: fc.constantFrom<BlockType>(...kinds),
  direction: fc.constantFrom<-1 | 1>(-1, 1),
  ratio: fc.constantFrom([1], [1, 1], [1, 2], [2, 1], [1, 1, 1], [1, 1, 1, 1]),
});

function carryOut(
  doc: EmailDoc,
  { what, part, other, kind, direction, ratio }: typeof step extends fc.Arbitrary<infer One> ? One : never,
) {
  const ids = partIds(doc);
  const id = ids[part % Math.max(1, ids.length)] ?? "none";
  const target = placeAfter(doc, ids[other % Math.max(1, ids.length)] ?? null);
  switch (what) {
    case 0:
      return target ? insertBlock(doc, newBlock(kind, words), target) : doc;
    case 1:
      return insertSection(doc, newSection(ratio), other % (doc.sections.length + 1));
    case 2:
      return removePart(doc, id);
    case 3:
      return stepPart(doc, id, direction);
    case 4:
      return duplicatePart(doc, id).doc;
    case 5:
      return target ? moveBlock(doc, id, target) : doc;
    case 6:
      return moveSection(doc, id, other % (doc.sections.length + 1));
    case 7:
      return setRatio(doc, id, ratio);
    case 8:
      return updateBlock(doc, id, { background: "#123456", hide: direction > 0 ? "phone" : undefined });
    default:
      return updateSection(updateColumn(doc, id, { radius: 3, padding: undefined }), id, { fullWidth: true });
  }
}

test("whatever is done in whatever order, the document stays one, and undoing all of it gives the start back", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let history = beginHistory(start);
      for (const one of steps) {
        history = advance(history, carryOut(history.present, one), null, 0);
        const parsed = emailDoc.safeParse(history.present);
        expect(parsed.error?.issues ?? []).toEqual([]);
        expect(parsed.data).toEqual(history.present);
      }
      const end = history.present;
      const count = history.past.length;
      while (history.past.length > 0) history = undo(history);
      expect(history.present).toBe(start);
      for (let n = 0; n < count; n++) history = redo(history);
      expect(history.present).toBe(end);
    }),
    { numRuns: 200 },
  );
});

describe("moving", () => {
  test("within a column, where places count as they are before the move", () => {
    expect(order(moveBlock(start, "text", { columnId: "one-c", at: 3 }))[0]).toEqual([["heading", "image", "text"]]);
    expect(order(moveBlock(start, "image", { columnId: "one-c", at: 0 }))[0]).toEqual([["image", "text", "heading"]]);
    expect(moveBlock(start, "text", { columnId: "one-c", at: 1 })).toBe(start);
  });

  test("step by step over the edge of a column and back", () => {
    const over = stepPart(start, "image", 1);
    expect(order(over)).toEqual([[["text", "heading"]], [["image", "button", "divider"], []]]);
    expect(order(stepPart(over, "image", -1))).toEqual(order(start));
    expect(stepPart(start, "text", -1)).toBe(start);
    expect(stepPart(start, "two", 1)).toBe(start);
    expect(stepPart(start, "one", 1).sections.map(({ id }) => id)).toEqual(["two", "one"]);
  });

  test("a column takes its share of the width along", () => {
    const section = stepPart(start, "two-a", 1).sections[1];
    expect(section?.ratio).toEqual([2, 1]);
    expect(section?.columns.map(({ id }) => id)).toEqual(["two-b", "two-a"]);
  });
});

test("no words are lost when a section gets fewer columns", () => {
  const one = setRatio(stepPart(stepPart(start, "divider", 1), "button", 1), "two", [1]);
  expect(order(one)[1]?.flat().toSorted()).toEqual(["button", "divider"]);
});

test("nothing goes beyond the caps: the document stays as it is", () => {
  const spacers = Array.from({ length: 60 }, (): Block => ({ id: newId(), type: "spacer", height: 1 }));
  const full = makeDoc([makeSection(spacers, { id: "s" })]);
  expect(insertBlock(full, newBlock("text", words), { columnId: "s-c", at: 0 })).toBe(full);
  expect(duplicatePart(full, spacers[0]?.id ?? "").doc).toBe(full);
  let many = full;
  for (let n = 0; n < 8; n++) many = duplicatePart(many, "s").doc;
  expect(many.sections).toHaveLength(5);
});

test("a value that is taken away leaves no trace", () => {
  const block = findPart(updateBlock(start, "heading", { align: undefined }), "heading");
  expect(block?.kind === "block" && "align" in block.block).toBe(false);
});

test("every new block and the blank document are sound, in both languages", () => {
  for (const language of ["en", "de-DE"]) expect(emailDoc.safeParse(blankDoc(language)).success).toBe(true);
  const all = makeDoc([
    makeSection(
      kinds.map((kind) => newBlock(kind, words)),
      { id: "s" },
    ),
  ]);
  expect(emailDoc.safeParse(all).error?.issues ?? []).toEqual([]);
});

test("typing in one field is one step, in two fields two, and a pause begins a new one", () => {
  let history = beginHistory(0);
  for (const [next, tag, now] of [
    [1, "a", 1],
    [2, "a", 500],
    [3, "b", 600],
    [4, "b", 9000],
  ] as const)
    history = advance(history, next, tag, now);
  expect(history.past).toEqual([0, 2, 3]);
  history = undo(history);
  expect(advance(history, 7, "b", 9001)).toMatchObject({ past: [0, 2, 3], future: [] });
});

test("a line with fields reads back as it was typed; braces of no field stay words", () => {
  const line = ["Hi ", { field: "first_name", fallback: "there" }, "!"];
  expect(lineToText(line)).toBe("Hi {first_name|there}!");
  expect(textToLine("Hi {first_name|there}!", ["first_name"])).toEqual(line);
  expect(textToLine("{other|x} {{ a }}", ["first_name"])).toEqual(["{other|x} {{ a }}"]);
  expect(textToLine("", [])).toEqual([]);
});
