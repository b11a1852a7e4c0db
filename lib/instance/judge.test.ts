import { expect, test } from "vitest";
import { judgeInstance } from "./judge.ts";

const recorded = { instanceId: "a", databaseIdentity: "7/5", epoch: 100, isSetUp: true };
const host = { id: "a", epoch: 100 };

test.each([
  ["is what it was", recorded, "7/5", host, "open"],
  ["is ahead of what the host remembers", { ...recorded, epoch: 160 }, "7/5", host, "open"],
  ["is on another server", recorded, "8/5", host, "other_database"],
  ["is another on the same server", recorded, "7/6", host, "other_database"],
  ["is another, on another host", recorded, "8/5", { id: null, epoch: 0 }, "other_database"],
  ["belongs to another id", recorded, "7/5", { id: "b", epoch: 0 }, "other_host"],
  ["belongs to an id, and the host has none", recorded, "7/5", { id: null, epoch: 0 }, "unknown_host"],
  ["is behind what the host remembers", { ...recorded, epoch: 99 }, "7/5", host, "set_back"],
  ["keeps its server's name to itself", recorded, "?/5", host, "open"],
  ["keeps it to itself, and is another", recorded, "?/6", host, "other_database"],
  ["told nothing before, and does now", { ...recorded, databaseIdentity: "?/5" }, "7/5", host, "open"],
] as const)("a database that %s", (_what, row, identity, remembered, verdict) => {
  expect(judgeInstance(row, identity, remembered)).toBe(verdict);
});

test("a database without a record is new, unless it was in use from here before there were records", () => {
  const none = { instanceId: null, databaseIdentity: null, epoch: 0, isSetUp: true };
  expect(judgeInstance(none, "7/5", { id: null, epoch: 0 })).toBe("new");
  expect(judgeInstance(none, "7/5", { id: "a", epoch: 0 })).toBe("new");
  expect(judgeInstance(none, "7/5", { id: "a", epoch: 9 })).toBe("set_back");
  expect(judgeInstance({ ...none, isSetUp: false }, "7/5", { id: "a", epoch: 9 })).toBe("new");
});
