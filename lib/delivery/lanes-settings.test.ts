import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import type { Db, Pool } from "#lib/db.ts";
import { makeWorkspace, refusalCode, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { forgetSlowDown, laneCapsInput, saveLaneCaps } from "./lanes-settings.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Scope;
let other: Scope;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  mine = await makeWorkspace(pool);
  other = await makeWorkspace(pool);
});

const typed = (fields: Record<string, unknown>) =>
  laneCapsInput.parse({ connections: "", ratePerSecond: "", ...fields });
const lanes = async (scope: Scope) =>
  (
    await pool.query(
      "select name, connections, rate_per_second, slowed_rate, detail from lane where workspace_id = $1 order by name",
      [scope.workspaceId],
    )
  ).rows;
const slow = (scope: Scope, name: string) =>
  pool.query(
    `insert into lane (workspace_id, name, connections, slowed_rate, slowed_at, raise_at, detail, next_at)
     values ($1, $2, 3, 0.5, now(), now(), '421 4.7.28 slow down', now() + interval '1 hour')`,
    [scope.workspaceId, name],
  );

test("caps are set, changed and taken away, in the one workspace, with an entry in the audit trail", async () => {
  await saveLaneCaps(db, mine, typed({ name: "example.com", connections: "2", ratePerSecond: "0.1" }));
  await saveLaneCaps(db, other, typed({ name: "example.com", connections: "9" }));
  expect(await lanes(mine)).toMatchObject([{ name: "example.com", connections: 2, rate_per_second: 0.1 }]);
  await saveLaneCaps(db, mine, typed({ name: "example.com" }));
  expect(await lanes(mine)).toMatchObject([{ connections: null, rate_per_second: null }]);
  expect(await lanes(other)).toMatchObject([{ connections: 9, rate_per_second: null }]);
  const { rows } = await pool.query(
    "select action, subject_id, detail from audit_entry where workspace_id = $1 order by id",
    [mine.workspaceId],
  );
  expect(rows).toEqual([
    { action: "lane.caps", subject_id: "example.com", detail: { connections: 2, ratePerSecond: 0.1 } },
    { action: "lane.caps", subject_id: "example.com", detail: { connections: null, ratePerSecond: null } },
  ]);
});

test("a slow-down is forgotten and the caps stay; what is not slowed has nothing to forget", async () => {
  await slow(mine, "gmail");
  await slow(other, "gmail");
  await forgetSlowDown(db, mine, "gmail");
  expect(await lanes(mine)).toMatchObject([{ name: "gmail", connections: 3, slowed_rate: null, detail: null }]);
  expect(await lanes(other)).toMatchObject([{ slowed_rate: 0.5 }]);
  expect(await refusalCode(forgetSlowDown(db, mine, "gmail"))).toBe("not_found");
  await slow(other, "only-there.example");
  expect(await refusalCode(forgetSlowDown(db, mine, "only-there.example"))).toBe("not_found");
});

test.each(["viewer", "editor"] as const)("a %s sets no caps and forgets nothing", async (role) => {
  await slow(mine, "gmail");
  const scope: Scope = { ...mine, role };
  expect(await refusalCode(saveLaneCaps(db, scope, typed({ name: "example.com", connections: 1 })))).toBe(
    "auth.not_allowed",
  );
  expect(await refusalCode(forgetSlowDown(db, scope, "gmail"))).toBe("auth.not_allowed");
  expect(await lanes(mine)).toMatchObject([{ name: "gmail", slowed_rate: 0.5 }]);
});

test.each([
  ["  @Example.COM ", "example.com"],
  ["Bücher.example", "xn--bcher-kva.example"],
  ["gmail", "gmail"],
])("the domain %j is stored as %j", (name, stored) => {
  expect(typed({ name }).name).toBe(stored);
});

test.each([
  { name: "" },
  { name: "two words.example" },
  { name: "exa\u0000mple.com" },
  { name: "a,b.example" },
  { name: "x".repeat(300) },
  { name: "ok.example", connections: "0" },
  { name: "ok.example", connections: "1.5" },
  { name: "ok.example", connections: "many" },
  { name: "ok.example", ratePerSecond: "0" },
  { name: "ok.example", ratePerSecond: "-1" },
  { name: "ok.example", ratePerSecond: "1e99" },
  { name: "ok.example", other: "1" },
])("%j is refused", (fields) => {
  expect(() => typed(fields)).toThrow();
});
