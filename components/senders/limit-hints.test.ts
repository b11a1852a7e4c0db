import { expect, test } from "vitest";
import { idleLimits, limitOf } from "./limit-hints.ts";

const limits = (changes: Partial<Parameters<typeof idleLimits>[0]>) => ({
  ...{ second: null, minute: null, hour: null, day: null },
  ...changes,
});

test("a limit over a longer time that is lower makes the shorter one idle, which is worth a hint", () => {
  expect(idleLimits(limits({ hour: 1000, day: 500 }))).toEqual([["hour", "day"]]);
  expect(idleLimits(limits({ second: 100, minute: 50, day: 20 }))).toEqual([
    ["second", "minute"],
    ["minute", "day"],
  ]);
});

test("limits that fit together, and single ones, need no hint", () => {
  expect(idleLimits(limits({ second: 14, minute: 500, hour: 20_000, day: 50_000 }))).toEqual([]);
  expect(idleLimits(limits({ second: 5000, hour: 5000 }))).toEqual([]);
  expect(idleLimits(limits({ day: 1 }))).toEqual([]);
});

test("half-typed numbers are no limit", () => {
  expect(["", " ", "1.5", "-3", "1e3", "abc", null, undefined].map(limitOf)).toEqual(Array(8).fill(null));
  expect(limitOf(" 42 ")).toBe(42);
});
