import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Role } from "#lib/auth/roles.ts";
import type { Scope } from "#lib/auth/scope.ts";
import { asDb, type Db, openPool, type Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import { archiveSender, restoreSender } from "./archive.ts";
import { makeDefaultSender } from "./default.ts";
import { reportSenderDown, reportSenderUp } from "./health.ts";
import { inboxCredentials, workspaceOfInboxLogin } from "./inbox-credentials.ts";
import { ensureInboxSender } from "./inbox-sender.ts";
import { type SenderInput, senderInput } from "./input.ts";
import { getSender, listSenders } from "./list.ts";
import { resolveSender } from "./resolve.ts";
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

function input(changes: Partial<Record<keyof SenderInput, unknown>> = {}): SenderInput {
  return senderInput.parse({
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
}

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
  [{ tlsMode: "ssl3" }, "tlsMode", "required"],
  [{ defaultFromName: "Acme\nBcc: x@example.com" }, "defaultFromName", "control_characters"],
  [{ defaultFromEmail: "a@example.com,b@example.com" }, "defaultFromEmail", "email"],
  [{ defaultFromEmail: "nobody" }, "defaultFromEmail", "email"],
  [{ defaultFromEmail: "<a@example.com>" }, "defaultFromEmail", "email"],
])("%j is refused at the field", (change, field, message) => {
  const result = senderInput.safeParse({ ...input(), ...change });
  expect(result.error?.issues.map((i) => [i.path.join("."), i.message])).toContainEqual([field, message]);
});

test("unknown fields are refused; IP addresses, IDN hosts and addresses are taken", () => {
  expect(senderInput.safeParse({ ...input(), passwordSealed: "x" }).success).toBe(false);
  expect(input({ host: "192.0.2.1" }).host).toBe("192.0.2.1");
  expect(input({ host: "2001:db8::1" }).host).toBe("2001:db8::1");
  expect(input({ host: "localhost" }).host).toBe("localhost");
  expect(input({ host: "post.bücher.example" }).host).toBe("post.bücher.example");
  expect(input({ defaultFromEmail: "grüße@bücher.example" }).defaultFromEmail).toBe("grüße@bücher.example");
  expect(input({ ratePerSecond: "14" }).ratePerSecond).toBe(14);
  expect(input({ verifyCertificate: undefined }).verifyCertificate).toBe(false);
});
