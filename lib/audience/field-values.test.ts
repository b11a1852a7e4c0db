import { expect, test } from "vitest";
import { readFieldValue } from "./field-values.ts";

test.each([
  ["12", 12],
  ["-3.5", -3.5],
  ["1,234.5", 1234.5],
  ["1.234,5", 1234.5],
  ["1 234,5", 1234.5],
  ["1,234", 1234],
  ["12,5", 12.5],
  ["0,125", 0.125],
  ["1.234", 1.234],
  ["1.234.567", 1_234_567],
  ["1e5", undefined],
  ["twelve", undefined],
  ["", null],
])("the number %j is %j", (text, value) => {
  expect(readFieldValue("number", text)).toBe(value);
});

test.each([
  ["2026-11-24", "dmy", "2026-11-24"],
  ["2026-11-24T10:00:00Z", "dmy", "2026-11-24"],
  ["24.11.2026", "mdy", "2026-11-24"],
  ["3/4/2026", "dmy", "2026-04-03"],
  ["3/4/2026", "mdy", "2026-03-04"],
  ["29.02.2023", "dmy", undefined],
  ["13/13/2026", "dmy", undefined],
  ["soon", "dmy", undefined],
] as const)("the date %j read %s is %j", (text, order, value) => {
  expect(readFieldValue("date", text, order)).toBe(value);
});

test.each([
  ["yes", true],
  ["JA", true],
  ["0", false],
  ["nein", false],
  ["perhaps", undefined],
])("the answer %j is %j", (text, value) => {
  expect(readFieldValue("boolean", text)).toBe(value);
});

test("a text keeps its line breaks and refuses what no database takes", () => {
  expect(readFieldValue("text", " a\nb ")).toBe("a\nb");
  expect(readFieldValue("text", "a\0b")).toBeUndefined();
  expect(readFieldValue("text", "x".repeat(5001))).toBeUndefined();
});
