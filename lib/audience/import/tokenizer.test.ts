import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createTokenizer, longestRow } from "./tokenizer.ts";

const read = (text: string, { delimiter = ",", step = text.length || 1 } = {}) => {
  const tokenizer = createTokenizer(delimiter);
  const rows = [];
  for (let at = 0; at < text.length; at += step) rows.push(...tokenizer.push(text.slice(at, at + step)));
  rows.push(...tokenizer.end());
  return rows.map((row) => [row.line, row.fault ?? row.cells]);
};

test.each([
  [
    "a,b\nc,d",
    [
      [1, ["a", "b"]],
      [2, ["c", "d"]],
    ],
  ],
  [
    "a,b\r\nc,d\r\n",
    [
      [1, ["a", "b"]],
      [2, ["c", "d"]],
    ],
  ],
  [
    "a,b\rc,d\r",
    [
      [1, ["a", "b"]],
      [2, ["c", "d"]],
    ],
  ],
  [
    "a,\n,\n",
    [
      [1, ["a", ""]],
      [2, ["", ""]],
    ],
  ],
  [
    "a\n\n\r\n\nb",
    [
      [1, ["a"]],
      [5, ["b"]],
    ],
  ],
  [
    '"a ""x"" b",c\nd,e',
    [
      [1, ['a "x" b', "c"]],
      [2, ["d", "e"]],
    ],
  ],
  [
    '"a\nb\r\nc",d\ne,f',
    [
      [1, ["a\nb\r\nc", "d"]],
      [4, ["e", "f"]],
    ],
  ],
  ['"a" ,b\n', [[1, ["a", "b"]]]],
  ['a "quoted" word,b\n', [[1, ['a "quoted" word', "b"]]]],
  [
    'a,""\n"",b',
    [
      [1, ["a", ""]],
      [2, ["", "b"]],
    ],
  ],
  ['a,b"', [[1, ["a", 'b"']]]],
  ['"a"', [[1, ["a"]]]],
  ['"a"\r\n', [[1, ["a"]]]],
  ["", []],
  ["\n\n", []],
  [
    '"a"x,b\nc,d',
    [
      [1, "quotes"],
      [2, ["c", "d"]],
    ],
  ],
  [
    'a,"b\nc,d\ne,f',
    [
      [1, "quotes"],
      [2, ["c", "d"]],
      [3, ["e", "f"]],
    ],
  ],
  [
    'x,y\na,"b\nc,"d"\ne,f',
    [
      [1, ["x", "y"]],
      [2, "quotes"],
      [3, ["c", "d"]],
      [4, ["e", "f"]],
    ],
  ],
  ["a\0b,c\n", [[1, ["a\0b", "c"]]]],
])("%j is cut the same wherever the parts are", (text, rows) => {
  for (let step = 1; step <= Math.max(1, text.length); step++) {
    // A CR at the very end of a part may or may not be alone, which is decided by the part after it.
    expect(read(text, { step })).toEqual(rows);
  }
});

test("a line of a megabyte is one fault on its line, and the rest is read", () => {
  const text = `a,b\n${"x".repeat(1_000_000)},y\nc,d\n"${"z\n".repeat(100_000)}`;
  for (const step of [1000, 65_536, text.length]) {
    const rows = read(text, { step });
    expect(rows.slice(0, 4)).toEqual([
      [1, ["a", "b"]],
      [2, "row_too_long"],
      [3, ["c", "d"]],
      [4, "quotes"],
    ]);
    expect(rows).toHaveLength(4 + 99_999);
    expect(rows.at(-1)).toEqual([100_003, ["z"]]);
  }
});

test("a row may be as long as the limit", () => {
  const cell = "x".repeat(longestRow - 2);
  expect(read(`${cell},y\n`)).toEqual([[1, [cell, "y"]]]);
  expect(read(`"${cell}",y\n`)[0]?.[1]).toBe("row_too_long");
});

test("what a CSV writer writes is read back, in any parts and with any delimiter", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", "é", '"', ",", ";", "\t", "\n", " ", "😀"), maxLength: 8 });
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 12 }),
      fc.constantFrom(",", ";", "\t"),
      fc.integer({ min: 1, max: 50 }),
      (rows, delimiter, step) => {
        const text = stringify(rows, { delimiter, quoted: true, record_delimiter: "\r\n" });
        expect(read(text, { delimiter, step }).map(([, cells]) => cells)).toEqual(rows);
      },
    ),
    { numRuns: 500 },
  );
});

test("no text makes it throw, and line numbers only grow", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " "), maxLength: 200 }),
      fc.integer({ min: 1, max: 20 }),
      (text, step) => {
        const lines = read(text, { step }).map(([line]) => line as number);
        expect(lines).toEqual([...lines].sort((a, b) => a - b));
      },
    ),
    { numRuns: 2000 },
  );
});
