import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalCode } from "#tests/support/campaign-fixtures.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import type { Db, Pool } from "../db.ts";
import { asDb, openPool } from "../db.ts";
import { createAuth } from "./auth.ts";
import { changePasswordInput, setUpInput } from "./input.ts";
import { countLogin, forgetLogin } from "./login-limits.ts";
import { resetPassword } from "./passwords.ts";
import { allow, may, type Permission, type Role, roles } from "./roles.ts";
import { isSetUp, setUp } from "./setup.ts";
import { dismissStep, getWorkspace, listWorkspacesOf, saveWorkspaceSettings, switchWorkspace } from "./workspaces.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;

beforeAll(async () => {
  database = await createTestDatabase();
  process.env.DATABASE_URL = database.url;
  process.env.POSTHORN_SECRET ??= "test-secret-test-secret-test-secret-test";
  pool = openPool(database.url, 5);
  db = asDb(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const owner = setUpInput.parse({
  name: " Olivia ",
  email: " Owner@Example.COM ",
  password: "a long password",
  workspaceName: "Lighthouse Books",
  postalAddress: "1 Harbour Road\r\n20457 Hamburg",
  timeZone: "Europe/Berlin",
  language: "en",
});

test("of two set-ups at once one wins, and after it the set-up is closed for ever", async () => {
  expect(await isSetUp(db)).toBe(false);
  const results = await Promise.allSettled([setUp(db, owner), setUp(db, { ...owner, email: "other@example.com" })]);
  expect(results.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await isSetUp(db)).toBe(true);

  const { rows } = await pool.query('select email from "user"');
  expect(rows).toHaveLength(1);
  await pool.query('delete from "user"');
  await pool.query("delete from workspace");
  expect(await isSetUp(db)).toBe(true);
  expect(await refusalCode(setUp(db, owner))).toBe("auth.already_set_up");

  await pool.query("update instance set set_up_at = null");
  await setUp(db, owner);
});

test("what is typed at the set-up is trimmed, folded and kept in shape", async () => {
  const { rows } = await pool.query('select u.name, u.email, w.postal_address from "user" u, workspace w');
  expect(rows).toEqual([
    { name: "Olivia", email: "owner@example.com", postal_address: "1 Harbour Road\n20457 Hamburg" },
  ]);
});

test("the set-up refuses what cannot be right", () => {
  const wrong = (patch: Record<string, unknown>) =>
    setUpInput.safeParse({ ...owner, ...patch }).error?.issues.map((i) => i.message);
  expect(wrong({ email: "nobody" })).toEqual(["email"]);
  expect(wrong({ password: "short" })).toEqual(["password_short"]);
  expect(wrong({ password: "x".repeat(129) })).toEqual(["password_long"]);
  expect(wrong({ timeZone: "Mars/Olympus" })).toEqual(["time_zone"]);
  expect(wrong({ postalAddress: "  " })).toEqual(["required"]);
  expect(wrong({ workspaceName: "two\nlines" })).toEqual(["control_characters"]);
  expect(wrong({ role: "owner" })).toBeDefined();
  expect(
    changePasswordInput.safeParse({ current: "x", next: "a long password", repeat: "another one!" }).error?.issues[0]
      ?.message,
  ).toBe("password_differs");
});

test("the owner logs in with the password and with no other, and nobody can sign up", async () => {
  const { api } = createAuth(db);
  const session = await api.signInEmail({ body: { email: owner.email, password: owner.password } });
  expect(session.user.email).toBe("owner@example.com");
  await expect(api.signInEmail({ body: { email: owner.email, password: "a wrong password" } })).rejects.toThrow();
  await expect(
    api.signUpEmail({ body: { email: "new@example.com", password: "a long password", name: "New" } }),
  ).rejects.toThrow();
});

test("a reset sets the password, ends every session and says when nobody has the address", async () => {
  const before = await pool.query("select count(*)::int as n from session");
  expect(before.rows[0].n).toBeGreaterThan(0);
  await resetPassword(db, "OWNER@example.com", "another long one");
  const after = await pool.query("select count(*)::int as n from session");
  expect(after.rows[0].n).toBe(0);
  const { api } = createAuth(db);
  await api.signInEmail({ body: { email: owner.email, password: "another long one" } });
  await expect(api.signInEmail({ body: { email: owner.email, password: owner.password } })).rejects.toThrow();
  expect(await refusalCode(resetPassword(db, "nobody@example.com", "another long one"))).toBe("not_found");
});

test("a password guesser is slowed per account and per client address, and a good login clears the account only", async () => {
  for (let i = 0; i < 8; i++) await countLogin(pool, "a@example.com", "192.0.2.1");
  expect(await refusalCode(countLogin(pool, "a@example.com", "192.0.2.99"))).toBe("auth.too_many_attempts");
  await forgetLogin(pool, "a@example.com", "192.0.2.1");
  for (let i = 0; i < 33; i++) await countLogin(pool, `guess-${i}@example.com`, "192.0.2.1");
  expect(await refusalCode(countLogin(pool, "b@example.com", "192.0.2.1"))).toBe("auth.too_many_attempts");
  await countLogin(pool, "a@example.com", "192.0.2.99");
  expect(await refusalCode(countLogin(pool, "a@example.com", "192.0.2.1"))).toBe("auth.too_many_attempts");
});

test("of a hundred guesses at once no more are let through than one after the other", async () => {
  const guesses = Array.from({ length: 100 }, (_, i) => countLogin(pool, "victim@example.com", `198.51.100.${i}`));
  const settled = await Promise.allSettled(guesses);
  expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(8);
});

test("each role may do what its name says and nothing more", async () => {
  const permissions: Permission[] = ["read", "write", "export", "launch", "manage", "own"];
  const table = Object.fromEntries(roles.map((role: Role) => [role, permissions.filter((p) => may({ role }, p))]));
  expect(table).toEqual({
    owner: ["read", "write", "export", "launch", "manage", "own"],
    admin: ["read", "write", "export", "launch", "manage"],
    editor: ["read", "write", "export", "launch"],
    viewer: ["read"],
  });
  expect(() => allow({ role: "viewer" }, "write")).toThrow("auth.not_allowed");
});

test("settings are changed by those who may, in their own workspace only", async () => {
  const { rows } = await pool.query('select w.id as workspace, u.id as person from workspace w, "user" u');
  const { workspace, person } = rows[0];
  const other = await pool.query("insert into workspace (name, slug) values ('Other', 'other') returning id");
  const input = { workspaceName: "Renamed", postalAddress: "2 Pier", timeZone: "UTC", language: "en" as const };
  expect(
    await refusalCode(saveWorkspaceSettings(db, { workspaceId: workspace, role: "editor", userId: person }, input)),
  ).toBe("auth.not_allowed");
  await saveWorkspaceSettings(db, { workspaceId: workspace, role: "admin", userId: person }, input);
  expect((await getWorkspace(db, { workspaceId: workspace })).name).toBe("Renamed");
  expect((await getWorkspace(db, { workspaceId: other.rows[0].id })).name).toBe("Other");

  await dismissStep(db, { workspaceId: workspace, role: "owner", userId: person }, "sender");
  await dismissStep(db, { workspaceId: workspace, role: "owner", userId: person }, "sender");
  expect((await getWorkspace(db, { workspaceId: workspace })).dismissedSteps).toEqual(["sender"]);
});

test("a person sees and enters only workspaces they belong to", async () => {
  const { rows } = await pool.query(
    'select w.id as workspace, u.id as person from workspace w, "user" u where w.name = $1',
    ["Renamed"],
  );
  const { workspace, person } = rows[0];
  const foreign = (await pool.query("select id from workspace where name = 'Other'")).rows[0].id;
  expect((await listWorkspacesOf(db, person)).map((w) => w.name)).toEqual(["Renamed"]);
  const session = (await pool.query("select id from session limit 1")).rows[0].id;
  expect(await refusalCode(switchWorkspace(db, session, person, foreign))).toBe("not_found");
  await switchWorkspace(db, session, person, workspace);
  const { rows: after } = await pool.query("select active_workspace_id from session where id = $1", [session]);
  expect(after[0].active_workspace_id).toBe(workspace);
});
