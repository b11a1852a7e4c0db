import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { z } from "zod";
import type { Role } from "#lib/auth/roles.ts";
import type { Scope } from "#lib/auth/scope.ts";
import { asDb, type Db, openPool, type Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import { selfSignedCertificate } from "#tests/support/self-signed-certificate.ts";
import { archiveSender, restoreSender } from "./archive.ts";
import { makeDefaultSender } from "./default.ts";
import { endWarmup } from "./end-warmup.ts";
import { reportSenderDown, reportSenderUp } from "./health.ts";
import { inboxCredentials, workspaceOfInboxLogin } from "./inbox-credentials.ts";
import { ensureInboxSender } from "./inbox-sender.ts";
import { type SenderInput, senderInput } from "./input.ts";
import { getSender, listSenders } from "./list.ts";
import { connectionKey, resolveSender } from "./resolve.ts";
import { createSender, updateSender } from "./save.ts";

process.env.DATABASE_URL ??= "postgres://unused.invalid/unused";
process.env.POSTHORN_SECRET ??= "test-secret-test-secret-test-secret-test";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let mine: Scope;
let theirs: Scope;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, 8);
  db = asDb(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  mine = await workspace(false);
  theirs = await workspace(false);
});

async function workspace(isSample: boolean): Promise<Scope> {
  const id = newId();
  await pool.query("insert into workspace (id, name, slug, is_sample) values ($1, 'Acme', $2, $3)", [id, id, isSample]);
  return { workspaceId: id, role: "owner", userId: null };
}

type Changes = Partial<Record<keyof z.input<typeof senderInput>, unknown>>;

const form = (changes: Changes = {}): Record<string, unknown> => ({
  name: "Relay",
  host: "smtp.example.com",
  port: "587",
  tlsMode: "starttls",
  verifyCertificate: "on",
  username: "postmaster",
  password: "s3cret",
  connections: "4",
  messagesPerConnection: "100",
  ratePerSecond: "",
  ratePerHour: "",
  defaultFromName: "Acme",
  defaultFromEmail: "news@example.com",
  ...changes,
});

const input = (changes: Changes = {}): SenderInput => senderInput.parse(form(changes));

test("every workspace has one built-in inbox, however many ask for it at once, and it is the default at first", async () => {
  const ids = await Promise.all(Array.from({ length: 6 }, () => ensureInboxSender(db, mine.workspaceId)));
  expect(new Set(ids).size).toBe(1);
  const senders = await listSenders(db, mine);
  expect(senders).toHaveLength(1);
  expect(senders[0]).toMatchObject({ kind: "inbox", isDefault: true });
  const resolved = await resolveSender(db, mine.workspaceId, null);
  expect(resolved).toMatchObject({ id: ids[0], kind: "inbox", host: "127.0.0.1", port: 2525, tlsMode: "none" });
  expect(workspaceOfInboxLogin(resolved.login?.username ?? "", resolved.login?.password ?? "")).toBe(mine.workspaceId);
});

test("an inbox login is worthless for another workspace or with another password", () => {
  const { username, password } = inboxCredentials(mine.workspaceId);
  expect(workspaceOfInboxLogin(username, password)).toBe(mine.workspaceId);
  expect(workspaceOfInboxLogin(theirs.workspaceId, password)).toBeNull();
  expect(workspaceOfInboxLogin(username, `${password}x`)).toBeNull();
  expect(workspaceOfInboxLogin(username, "")).toBeNull();
  expect(workspaceOfInboxLogin("admin", password)).toBeNull();
});

test("a sample workspace gets its inbox whatever it asks for", async () => {
  const sample = await workspace(true);
  await expect(createSender(db, sample, input())).rejects.toMatchObject({ code: "senders.sample_workspace" });
  // Even a row that got there in another way, as the default, and another workspace's sender, are not used.
  const smuggled = newId();
  await pool.query(
    "insert into sender (workspace_id, id, name, kind, host, is_default) values ($1, $2, 'x', 'smtp', 'smtp.example.com', true)",
    [sample.workspaceId, smuggled],
  );
  const outside = await createSender(db, mine, input());
  for (const asked of [null, smuggled, outside, newId()]) {
    expect(await resolveSender(db, sample.workspaceId, asked)).toMatchObject({ kind: "inbox", host: "127.0.0.1" });
  }
});

test("a sender of another workspace cannot be read, changed, archived, made default or sent through", async () => {
  const id = await createSender(db, mine, input());
  const notFound = { code: "not_found" };
  await expect(getSender(db, theirs, id)).rejects.toMatchObject(notFound);
  await expect(updateSender(db, theirs, id, input())).rejects.toMatchObject(notFound);
  await expect(archiveSender(db, theirs, id)).rejects.toMatchObject(notFound);
  await expect(restoreSender(db, theirs, id)).rejects.toMatchObject(notFound);
  await expect(makeDefaultSender(db, theirs, id)).rejects.toMatchObject(notFound);
  await expect(resolveSender(db, theirs.workspaceId, id)).rejects.toMatchObject(notFound);
  expect((await listSenders(db, theirs)).map((s) => s.kind)).toEqual(["inbox"]);
});

test.each<Role>(["editor", "viewer"])("a person who is %s sees senders and cannot change them", async (role) => {
  const id = await createSender(db, mine, input());
  const scope: Scope = { ...mine, role };
  expect(await listSenders(db, scope)).toHaveLength(2);
  const refused = { code: "auth.not_allowed" };
  await expect(createSender(db, scope, input())).rejects.toMatchObject(refused);
  await expect(updateSender(db, scope, id, input())).rejects.toMatchObject(refused);
  await expect(archiveSender(db, scope, id)).rejects.toMatchObject(refused);
  await expect(restoreSender(db, scope, id)).rejects.toMatchObject(refused);
  await expect(makeDefaultSender(db, scope, id)).rejects.toMatchObject(refused);
});

test("a password is stored sealed, comes out only for delivery, and an empty field keeps it", async () => {
  const id = await createSender(db, mine, input());
  const { rows } = await pool.query("select password_sealed from sender where id = $1", [id]);
  expect(rows[0].password_sealed).not.toContain("s3cret");
  const seen = await getSender(db, mine, id);
  expect(JSON.stringify(seen)).not.toContain(rows[0].password_sealed);
  expect(seen.hasPassword).toBe(true);
  await updateSender(db, mine, id, input({ password: "", name: "Renamed" }));
  const resolved = await resolveSender(db, mine.workspaceId, id);
  expect(resolved).toMatchObject({ name: "Renamed", login: { username: "postmaster", password: "s3cret" } });
  await updateSender(db, mine, id, input({ password: "", username: "" }));
  expect((await resolveSender(db, mine.workspaceId, id)).login).toBeNull();
});

test("a stored password is not sent to another host or under another name without being typed again", async () => {
  const id = await createSender(db, mine, input());
  for (const change of [{ host: "smtp.attacker.example" }, { username: "other" }]) {
    await expect(updateSender(db, mine, id, input({ password: "", ...change }))).rejects.toMatchObject({
      code: "senders.password_again",
    });
  }
  expect((await resolveSender(db, mine.workspaceId, id)).host).toBe("smtp.example.com");
});

test("a sealed password that was moved to another sender does not open", async () => {
  const first = await createSender(db, mine, input());
  const second = await createSender(db, mine, input({ password: "other" }));
  await pool.query(
    "update sender set password_sealed = (select password_sealed from sender where id = $1) where id = $2",
    [first, second],
  );
  await expect(resolveSender(db, mine.workspaceId, second)).rejects.toThrow("senders.password_lost");
});

test("one sender is the default; archiving it gives the place back to the inbox, and it can be taken back", async () => {
  const first = await createSender(db, mine, input({ makeDefault: true }));
  const second = await createSender(db, mine, input({ name: "Second", makeDefault: true }));
  expect((await resolveSender(db, mine.workspaceId, null)).id).toBe(second);
  await Promise.all(
    [makeDefaultSender(db, mine, first), makeDefaultSender(db, mine, second)].map((p) => p.catch(() => null)),
  );
  expect((await listSenders(db, mine)).filter((s) => s.isDefault)).toHaveLength(1);
  await makeDefaultSender(db, mine, first);
  await archiveSender(db, mine, first);
  expect((await resolveSender(db, mine.workspaceId, null)).kind).toBe("inbox");
  await expect(resolveSender(db, mine.workspaceId, first)).rejects.toMatchObject({ code: "senders.archived" });
  await restoreSender(db, mine, first);
  expect((await resolveSender(db, mine.workspaceId, first)).id).toBe(first);
});

test("a sender that a campaign still needs is not archived, and the inbox never is", async () => {
  const id = await createSender(db, mine, input({ makeDefault: true }));
  const campaign = "insert into campaign (workspace_id, name, status, sender_id) values ($1, 'c', $2, $3)";
  await pool.query(campaign, [mine.workspaceId, "sending", id]);
  await pool.query(campaign, [mine.workspaceId, "scheduled", null]);
  await pool.query(campaign, [mine.workspaceId, "finished", id]);
  await expect(archiveSender(db, mine, id)).rejects.toMatchObject({ code: "senders.in_use", detail: { count: 2 } });
  const inbox = await ensureInboxSender(db, mine.workspaceId);
  await expect(archiveSender(db, mine, inbox)).rejects.toMatchObject({ code: "senders.built_in" });
  await expect(updateSender(db, mine, inbox, input())).rejects.toMatchObject({ code: "senders.built_in" });
});

test("a sender that keeps failing waits longer each time, failures at once count as one, and success clears it", async () => {
  const id = await createSender(db, mine, input());
  const waits: number[] = [];
  for (let i = 0; i < 6; i++) {
    const before = Date.now();
    const reports = await Promise.all(
      [1, 2, 3].map((n) => reportSenderDown(db, mine.workspaceId, id, `535 no ${i} ${n}`)),
    );
    expect(new Set(reports.map((at) => at?.getTime())).size).toBe(1);
    waits.push(Math.round(((reports[0]?.getTime() ?? 0) - before) / 1000));
    await pool.query("update sender set retry_at = now() - interval '1 second' where id = $1", [id]);
  }
  expect(waits).toEqual([5, 15, 60, 300, 900, 900]);
  expect(await getSender(db, mine, id)).toMatchObject({ health: "down", healthFailures: 6 });
  expect(await reportSenderDown(db, theirs.workspaceId, id, "not theirs")).toBeNull();
  await reportSenderUp(db, theirs.workspaceId, id);
  expect((await getSender(db, mine, id)).health).toBe("down");
  await reportSenderUp(db, mine.workspaceId, id);
  expect(await getSender(db, mine, id)).toMatchObject({
    health: "up",
    healthDetail: null,
    healthFailures: 0,
    retryAt: null,
  });
});

test.each([
  [{ host: "https://smtp.example.com" }, "host", "host"],
  [{ host: "smtp.example.com:587" }, "host", "host"],
  [{ host: "smtp example com" }, "host", "host"],
  [{ host: "" }, "host", "host"],
  [{ host: "smtp.example.com\r\nQUIT" }, "host", "control_characters"],
  [{ port: "0" }, "port", "out_of_range"],
  [{ port: "65536" }, "port", "out_of_range"],
  [{ port: "abc" }, "port", "not_a_number"],
  [{ username: "a\0b" }, "username", "control_characters"],
  [{ password: "a\nb" }, "password", "control_characters"],
  [{ name: "  " }, "name", "required"],
  [{ connections: "51" }, "connections", "out_of_range"],
  [{ ratePerSecond: "0" }, "ratePerSecond", "out_of_range"],
  [{ ratePerHour: "1.5" }, "ratePerHour", "not_a_number"],
  [{ ratePerMinute: "-5" }, "ratePerMinute", "out_of_range"],
  [{ ratePerHour: "1000000000000" }, "ratePerHour", "out_of_range"],
  [{ ratePerDay: "1e12" }, "ratePerDay", "not_a_number"],
  [{ ratePerDay: 1e12 }, "ratePerDay", "out_of_range"],
  [{ ratePerDay: Number.NaN }, "ratePerDay", "not_a_number"],
  [{ weight: "101" }, "weight", "out_of_range"],
  [{ weight: "-1" }, "weight", "out_of_range"],
  [{ authMethod: "ntlm" }, "authMethod", "required"],
  [{ warmup: "on" }, "warmupStartsOn", "day"],
  [{ warmup: "on", warmupStartsOn: "2026-02-30" }, "warmupStartsOn", "day"],
  [{ warmup: "on", warmupStartsOn: "2026-02-01", warmupFirstDay: "0" }, "warmupFirstDay", "out_of_range"],
  [{ warmup: "on", warmupStartsOn: "2026-02-01", warmupGrowthPercent: "201" }, "warmupGrowthPercent", "out_of_range"],
  [{ warmup: "on", warmupStartsOn: "2026-02-01", warmupDays: "5000" }, "warmupDays", "out_of_range"],
  [{ authMethod: "xoauth2", username: "" }, "username", "required"],
  [{ authMethod: "xoauth2" }, "oauthClientId", "required"],
  [{ authMethod: "xoauth2", oauthTokenUrl: "http://oauth2.example.com/token" }, "oauthTokenUrl", "token_url"],
  [{ authMethod: "xoauth2", oauthTokenUrl: "file:///etc/passwd" }, "oauthTokenUrl", "token_url"],
  [{ authMethod: "xoauth2", oauthTokenUrl: "https://user:pw@example.com/token" }, "oauthTokenUrl", "token_url"],
  [{ authMethod: "xoauth2", oauthTokenUrl: "http://127.0.0.1.example.com/" }, "oauthTokenUrl", "token_url"],
  [{ oauthRefreshToken: "a\r\nb" }, "oauthRefreshToken", "control_characters"],
  [{ oauthClientSecret: "a\u0001b" }, "oauthClientSecret", "control_characters"],
  [{ authorities: "hello" }, "authorities", "authorities_none"],
  [{ defaultFromEmail: `${"a".repeat(800)}@example.com` }, "defaultFromEmail", "too_long"],
  [{ defaultFromEmail: `${"a".repeat(65)}@example.com` }, "defaultFromEmail", "email"],
  [{ defaultFromEmail: `${"ü".repeat(33)}@example.com` }, "defaultFromEmail", "email"],
  [{ defaultFromEmail: "Friends: a@example.com;" }, "defaultFromEmail", "email"],
  [{ defaultFromEmail: '"a b"@example.com' }, "defaultFromEmail", "email"],
  [{ defaultFromEmail: "a@example.com\r\nBcc: b@example.com" }, "defaultFromEmail", "control_characters"],
  [{ tlsMode: "ssl3" }, "tlsMode", "required"],
  [{ defaultFromName: "Acme\nBcc: x@example.com" }, "defaultFromName", "control_characters"],
  [{ defaultFromEmail: "a@example.com,b@example.com" }, "defaultFromEmail", "email"],
  [{ defaultFromEmail: "nobody" }, "defaultFromEmail", "email"],
  [{ defaultFromEmail: "<a@example.com>" }, "defaultFromEmail", "email"],
])("%j is refused at the field", (change, field, message) => {
  const result = senderInput.safeParse({ ...form(), ...change });
  expect(result.error?.issues.map((i) => [i.path.join("."), i.message])).toContainEqual([field, message]);
});

test("unknown fields are refused; IP addresses, IDN hosts and addresses are taken", () => {
  for (const key of ["passwordSealed", "oauthSealed", "workspaceId", "health"])
    expect(senderInput.safeParse({ ...form(), [key]: "x" }).success).toBe(false);
  expect(input({ host: "192.0.2.1" }).host).toBe("192.0.2.1");
  expect(input({ host: "2001:db8::1" }).host).toBe("2001:db8::1");
  expect(input({ host: "localhost" }).host).toBe("localhost");
  expect(input({ host: "post.bücher.example" }).host).toBe("post.bücher.example");
  expect(input({ defaultFromEmail: "grüße@bücher.example" }).defaultFromEmail).toBe("grüße@bücher.example");
  expect(input({ ratePerSecond: "14" }).ratePerSecond).toBe(14);
  expect(input({ verifyCertificate: undefined }).verifyCertificate).toBe(false);
});

test.each([
  "name",
  "host",
  "username",
  "password",
  "defaultFromName",
  "defaultFromEmail",
  "oauthClientId",
  "oauthScope",
])("no line break or other control character gets in through %s", (field) => {
  for (const bad of ["x\r\nBcc: eve@example.com", "x\ny", "x\0y", "x\u2028y", "x\u0085y", "x\u001fy"]) {
    const result = senderInput.safeParse({ ...form(), [field]: bad });
    expect(result.error?.issues.map((i) => [i.path.join("."), i.message])).toContainEqual([
      field,
      "control_characters",
    ]);
  }
});

test("everything that is wrong is said at the first try, with the bounds of each number", () => {
  const wrong = {
    name: "",
    ratePerSecond: "0",
    warmup: "on",
    warmupStartsOn: "",
    warmupFirstDay: "",
    warmupDays: "500",
  };
  const result = senderInput.safeParse({ ...form(), ...wrong, warmupGrowthPercent: "20", authMethod: "xoauth2" });
  const found = new Map(result.error?.issues.map((issue) => [issue.path.join("."), issue]));
  expect(new Set(found.keys())).toEqual(
    new Set([
      ...["name", "ratePerSecond", "warmupStartsOn", "warmupFirstDay", "warmupDays"],
      ...["oauthTokenUrl", "oauthClientId"],
    ]),
  );
  expect(found.get("ratePerSecond")).toMatchObject({ message: "out_of_range", params: { least: 1, most: 10_000 } });
  expect(found.get("warmupDays")).toMatchObject({ message: "out_of_range", params: { least: 1, most: 120 } });
  expect(found.get("warmupFirstDay")).toMatchObject({ message: "not_a_number" });
  expect(senderInput.safeParse({ ...form(), ...wrong, name: "Mine", ratePerSecond: "1", warmup: "" }).success).toBe(
    true,
  );
});

test("limits, weight, warm-up plan and certificates come back as they were entered, and can be taken away again", async () => {
  const { cert } = selfSignedCertificate();
  const limits = { ratePerSecond: "14", ratePerMinute: "500", ratePerHour: "20000", ratePerDay: "50000" };
  const plan = {
    warmup: "on",
    warmupStartsOn: "2026-11-01",
    warmupFirstDay: "50",
    warmupGrowthPercent: "20",
    warmupDays: "42",
  };
  const id = await createSender(db, mine, input({ ...limits, ...plan, weight: "30", authorities: `my ca\r\n${cert}` }));
  expect(await getSender(db, mine, id)).toMatchObject({
    ...{ ratePerSecond: 14, ratePerMinute: 500, ratePerHour: 20_000, ratePerDay: 50_000, weight: 30 },
    warmup: { startsOn: "2026-11-01", firstDay: 50, growthPercent: 20, days: 42 },
    authorities: cert,
  });
  expect(await resolveSender(db, mine.workspaceId, id)).toMatchObject({
    authorities: cert,
    limits: { perSecond: 14, perMinute: 500, perHour: 20_000, perDay: 50_000 },
  });
  await updateSender(db, mine, id, input());
  expect(await getSender(db, mine, id)).toMatchObject({
    ...{ ratePerMinute: null, ratePerDay: null, weight: 0, warmup: null, authorities: "" },
  });
});

test("a plan under way is the day's cap of the sender that delivery gets", async () => {
  const startsOn = new Date().toISOString().slice(0, 10);
  const plan = { warmup: "on", warmupFirstDay: "50", warmupGrowthPercent: "20", warmupDays: "42" };
  const id = await createSender(db, mine, input({ ...plan, warmupStartsOn: startsOn }));
  const { limits } = await resolveSender(db, mine.workspaceId, id);
  expect(limits.warmup?.cap).toBe(50);
  expect(limits.warmup?.until.toISOString()).toMatch(/T00:00:00.000Z$/);
  await updateSender(db, mine, id, input({ ...plan, warmupStartsOn: "2020-01-01" }));
  expect((await resolveSender(db, mine.workspaceId, id)).limits.warmup).toBeNull();
});

test("a plan can be ended by an admin of its workspace, and only by one", async () => {
  const startsOn = new Date().toISOString().slice(0, 10);
  const plan = {
    warmup: "on",
    warmupStartsOn: startsOn,
    warmupFirstDay: "50",
    warmupGrowthPercent: "20",
    warmupDays: "42",
  };
  const id = await createSender(db, mine, input(plan));
  await expect(endWarmup(db, theirs, id)).rejects.toMatchObject({ code: "not_found" });
  await expect(endWarmup(db, { ...mine, role: "editor" }, id)).rejects.toMatchObject({ code: "auth.not_allowed" });
  expect((await resolveSender(db, mine.workspaceId, id)).limits.warmup?.cap).toBe(50);
  await endWarmup(db, mine, id);
  await endWarmup(db, mine, id);
  expect((await resolveSender(db, mine.workspaceId, id)).limits.warmup).toBeNull();
  const { rows } = await pool.query(
    "select detail from audit_entry where action = 'sender.warmup_ended' and workspace_id = $1",
    [mine.workspaceId],
  );
  expect(rows).toMatchObject([{ detail: { startsOn, firstDay: 50 } }]);
});

test("a campaign launched on several senders holds each of them", async () => {
  const [first, second] = [await createSender(db, mine, input()), await createSender(db, mine, input())];
  await pool.query("insert into campaign (workspace_id, name, status, sender_ids) values ($1, 'c', 'sending', $2)", [
    mine.workspaceId,
    [first],
  ]);
  await expect(archiveSender(db, mine, first)).rejects.toMatchObject({ code: "senders.in_use", detail: { count: 1 } });
  await archiveSender(db, mine, second);
});

test("a name without a password is refused, and so is a stored password that nobody can open any more", async () => {
  await expect(createSender(db, mine, input({ password: "" }))).rejects.toMatchObject({
    code: "senders.password_missing",
  });
  const id = await createSender(db, mine, input());
  await pool.query("update sender set password_sealed = '1.ff.AAAA.AAAA.AAAA' where id = $1", [id]);
  await expect(updateSender(db, mine, id, input({ password: "" }))).rejects.toMatchObject({
    code: "senders.password_lost",
  });
  await updateSender(db, mine, id, input({ password: "anew" }));
  expect((await resolveSender(db, mine.workspaceId, id)).login?.password).toBe("anew");
});

describe("with XOAUTH2", () => {
  const oauth = {
    authMethod: "xoauth2",
    username: "news@example.com",
    password: "",
    oauthTokenUrl: "https://oauth2.example.com/token",
    oauthClientId: "client",
    oauthScope: "https://mail.example.com/",
    oauthClientSecret: "hush",
    oauthRefreshToken: "1//refresh",
  };
  const kept = { ...oauth, oauthClientSecret: "", oauthRefreshToken: "" };

  test("the secrets are stored sealed, come out only for delivery, and empty fields keep them", async () => {
    const id = await createSender(db, mine, input(oauth));
    const { rows } = await pool.query("select oauth_sealed, oauth::text from sender where id = $1", [id]);
    expect(JSON.stringify(rows)).not.toMatch(/hush|refresh"|1\/\/refresh/);
    const seen = await getSender(db, mine, id);
    expect(seen).toMatchObject({ hasOauth: true, hasPassword: false, oauth: { clientId: "client" } });
    expect(JSON.stringify(seen)).not.toContain(rows[0].oauth_sealed);
    await updateSender(db, mine, id, input({ ...kept, name: "Renamed" }));
    expect((await resolveSender(db, mine.workspaceId, id)).login).toMatchObject({
      ...{ username: "news@example.com", password: "", method: "xoauth2" },
      oauth: { clientSecret: "hush", refreshToken: "1//refresh", tokenUrl: "https://oauth2.example.com/token" },
    });
  });

  test("stored secrets are not sent to another place than they were given for", async () => {
    const id = await createSender(db, mine, input(oauth));
    for (const change of [
      { host: "smtp.attacker.example" },
      { username: "other@example.com" },
      { oauthTokenUrl: "https://attacker.example/token" },
      { oauthClientId: "other" },
      { oauthClientSecret: "only this one" },
    ])
      await expect(updateSender(db, mine, id, input({ ...kept, ...change }))).rejects.toMatchObject({
        code: "senders.oauth_again",
      });
    await expect(createSender(db, mine, input(kept))).rejects.toMatchObject({ code: "senders.oauth_missing" });
  });

  test("going back to a password takes the secrets away, and the other way round", async () => {
    const id = await createSender(db, mine, input(oauth));
    await updateSender(db, mine, id, input());
    expect(await getSender(db, mine, id)).toMatchObject({ hasOauth: false, hasPassword: true, oauth: null });
    await updateSender(db, mine, id, input(oauth));
    expect(await getSender(db, mine, id)).toMatchObject({ hasOauth: true, hasPassword: false });
  });

  test("open connections stay in use when the refresh token is renewed, and not when anything else changes", async () => {
    const id = await createSender(db, mine, input(oauth));
    const keyNow = async () => connectionKey(await resolveSender(db, mine.workspaceId, id));
    const before = await keyNow();
    expect(before).not.toContain("1//refresh");
    await (await resolveSender(db, mine.workspaceId, id)).login?.oauth?.keep?.("1//second");
    expect(await keyNow()).toBe(before);
    const keys = new Set([before]);
    const { cert } = selfSignedCertificate();
    for (const change of [
      { oauthClientSecret: "new" },
      { ratePerDay: "5" },
      { authorities: cert },
      { connections: "9" },
    ]) {
      await updateSender(db, mine, id, input({ ...oauth, ...change }));
      keys.add(await keyNow());
    }
    expect(keys.size).toBe(5);
  });

  test("a renewed refresh token is stored once, and does not overwrite what a person entered meanwhile", async () => {
    const id = await createSender(db, mine, input(oauth));
    const { login } = await resolveSender(db, mine.workspaceId, id);
    await login?.oauth?.keep?.("1//second");
    const tokenNow = async () => (await resolveSender(db, mine.workspaceId, id)).login?.oauth?.refreshToken;
    expect(await tokenNow()).toBe("1//second");
    await updateSender(db, mine, id, input({ ...oauth, oauthRefreshToken: "1//by hand" }));
    await login?.oauth?.keep?.("1//third");
    expect(await tokenNow()).toBe("1//by hand");
  });
});
