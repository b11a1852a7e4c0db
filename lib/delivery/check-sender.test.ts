import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import { asDb, type Db, openPool, type Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { startInboxServer } from "#lib/inbox/server.ts";
import { addDomain, setSigning } from "#lib/senders/domains/save.ts";
import { reportSenderDown } from "#lib/senders/health.ts";
import { ensureInboxSender } from "#lib/senders/inbox-sender.ts";
import { connectionTestInput, senderInput } from "#lib/senders/input.ts";
import { getSender } from "#lib/senders/list.ts";
import { createSender } from "#lib/senders/save.ts";
import { type JournalSmtp, startJournalSmtp } from "#tests/support/journal-smtp-controller.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import { TokenEndpoint } from "#tests/support/token-endpoint.ts";
import { checkSender, checkSettings, sendTrialMail } from "./check-sender.ts";

process.env.DATABASE_URL ??= "postgres://unused.invalid/unused";
process.env.POSTHORN_SECRET ??= "test-secret-test-secret-test-secret-test";
process.env.INBOX_SMTP_PORT = "24987";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let server: JournalSmtp;
let mine: Scope;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, 4);
  db = asDb(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  server = await startJournalSmtp({ flags: ["--auth", "user:right", "--keep-messages"] });
  mine = await workspace(false);
});
afterEach(() => server.stop());

async function workspace(isSample: boolean): Promise<Scope> {
  const id = newId();
  await pool.query("insert into workspace (id, name, slug, is_sample) values ($1, 'Acme', $2, $3)", [id, id, isSample]);
  return { workspaceId: id, role: "owner", userId: null };
}

const fields = (changes = {}) => ({
  host: "localhost",
  port: String(server.port),
  tlsMode: "none",
  username: "user",
  password: "right",
  defaultFromEmail: "news@from.test",
  ...changes,
});

const settings = (senderId: string | null, changes = {}) => connectionTestInput.parse({ senderId, ...fields(changes) });

const saved = (changes = {}) =>
  createSender(
    db,
    mine,
    senderInput.parse({
      name: "Relay",
      connections: 1,
      messagesPerConnection: 10,
      defaultFromName: "Grüße",
      ...fields(changes),
    }),
  );

const steps = ({ steps }: { steps: Array<{ step: string; ok: boolean }> }) =>
  steps.map((s) => `${s.step} ${s.ok ? "ok" : "failed"}`);

test("settings are tried step by step before they are saved, up to the recipient, and nothing is sent", async () => {
  const test = await checkSettings(db, mine, settings(null), "me@to.test");
  expect(test.ok).toBe(true);
  expect(steps(test)).toEqual(["dns ok", "connect ok", "greeting ok", "ehlo ok", "auth ok", "mail ok", "rcpt ok"]);
  expect(await server.accepted()).toEqual([]);
  const wrong = await checkSettings(db, mine, settings(null, { password: "wrong" }), "me@to.test");
  expect(wrong.ok).toBe(false);
  expect(steps(wrong).at(-1)).toBe("auth failed");
  expect(wrong.advice[0]?.code).toBe("login_failed");
});

test("an empty password field means the stored one, which goes to the same host and name only", async () => {
  const id = await saved();
  expect((await checkSettings(db, mine, settings(id, { password: "" }), "me@to.test")).ok).toBe(true);
  for (const change of [{ host: "127.0.0.1" }, { username: "other" }]) {
    await expect(
      checkSettings(db, mine, settings(id, { password: "", ...change }), "me@to.test"),
    ).rejects.toMatchObject({ code: "senders.password_again" });
  }
  const stranger = await workspace(false);
  await expect(checkSettings(db, stranger, settings(id, { password: "" }), "me@to.test")).rejects.toMatchObject({
    code: "not_found",
  });
});

test("stored secrets of XOAUTH2 are used for an empty field, and for the same place only", async () => {
  const endpoint = await TokenEndpoint.start();
  try {
    const oauth = {
      authMethod: "xoauth2",
      password: "",
      oauthTokenUrl: endpoint.url,
      oauthClientId: "form client",
      oauthClientSecret: "hush",
      oauthRefreshToken: "1//refresh",
    };
    const kept = { ...oauth, oauthClientSecret: "", oauthRefreshToken: "" };
    await server.changeSettings({ authMethods: "XOAUTH2" });
    const id = await saved(oauth);
    endpoint.answer = { status: 400, body: { error: "invalid_grant" } };
    const test = await checkSettings(db, mine, settings(id, kept), "me@to.test");
    expect(test.advice[0]?.code).toBe("oauth_expired");
    expect(endpoint.asked[0]?.fields).toMatchObject({ client_secret: "hush", refresh_token: "1//refresh" });
    for (const change of [{ host: "127.0.0.1" }, { username: "other" }, { oauthClientId: "another" }]) {
      await expect(checkSettings(db, mine, settings(id, { ...kept, ...change }), "me@to.test")).rejects.toMatchObject({
        code: "senders.oauth_again",
      });
    }
    expect(endpoint.asked).toHaveLength(1);
    const unsaved = await checkSettings(db, mine, settings(null, kept), "me@to.test");
    expect(unsaved.advice[0]?.code).toBe("oauth_missing");
  } finally {
    await endpoint.stop();
  }
});

test("a sample workspace connects to nothing outside, and only admins connect to anything", async () => {
  const sample = await workspace(true);
  await expect(checkSettings(db, sample, settings(null), "me@to.test")).rejects.toMatchObject({
    code: "senders.sample_workspace",
  });
  const id = await saved();
  const editor: Scope = { ...mine, role: "editor" };
  const refused = { code: "auth.not_allowed" };
  await expect(checkSettings(db, editor, settings(null), "me@to.test")).rejects.toMatchObject(refused);
  await expect(checkSender(db, editor, id)).rejects.toMatchObject(refused);
  await expect(
    sendTrialMail(db, editor, { senderId: id, to: "me@to.test" }, { name: "", email: "me@to.test" }),
  ).rejects.toMatchObject(refused);
});

test("a sender that works again is in use again at once; one that does not stays out", async () => {
  const good = await saved();
  const bad = await saved({ name: "Bad", password: "wrong" });
  for (const id of [good, bad]) await reportSenderDown(db, mine.workspaceId, id, "421 busy");
  expect((await checkSender(db, mine, good)).ok).toBe(true);
  expect((await checkSender(db, mine, bad)).ok).toBe(false);
  expect((await getSender(db, mine, good)).health).toBe("up");
  expect((await getSender(db, mine, bad)).health).toBe("down");
});

test("a trial mail arrives from the sender's own address, and a refusal comes back in the server's words", async () => {
  const id = await saved();
  const me = { name: "Olivia", email: "me@to.test" };
  expect(await sendTrialMail(db, mine, { senderId: id, to: "you@to.test" }, me)).toMatchObject({
    accepted: true,
    advice: null,
  });
  const [mail] = await server.accepted();
  expect(mail).toMatchObject({ from: "news@from.test", to: "you@to.test" });
  const bad = await saved({ name: "Bad", password: "wrong" });
  const refused = await sendTrialMail(db, mine, { senderId: bad, to: "you@to.test" }, me);
  expect(refused).toMatchObject({
    accepted: false,
    words: expect.stringContaining("535"),
    advice: expect.stringContaining("password"),
  });
});

test("a trial mail is signed as campaigns are, and refused when the key is lost", async () => {
  const id = await saved();
  const stranger = await workspace(false);
  const trial = () => sendTrialMail(db, mine, { senderId: id, to: "you@to.test" }, { name: "", email: "me@to.test" });
  for (const scope of [stranger, mine]) {
    const domainId = await addDomain(db, scope, { domain: "from.test" });
    if (scope === mine) expect((await trial()).accepted).toBe(true);
    await setSigning(db, scope, { domainId, on: true });
  }
  expect((await trial()).accepted).toBe(true);
  const [unsigned, signed] = await server.accepted();
  expect(unsigned?.message).toMatch(/^From: /);
  expect(signed?.message).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256; .*\r\n d=from\.test; s=ph/);
  await pool.query("update sending_domain set rsa_private_sealed = 'lost' where workspace_id = $1", [mine.workspaceId]);
  await expect(trial()).rejects.toMatchObject({ code: "domains.key_lost" });
  expect(await server.accepted()).toHaveLength(2);
});

test("a trial through the built-in inbox comes from the person who asks and is kept", async () => {
  const inbox = await startInboxServer({ db, host: "127.0.0.1", port: 24987, keepMails: 10 });
  const id = await ensureInboxSender(db, mine.workspaceId);
  expect(
    await sendTrialMail(db, mine, { senderId: id, to: "you@to.test" }, { name: "Olivia", email: "me@to.test" }),
  ).toMatchObject({ accepted: true });
  expect((await checkSender(db, mine, id)).ok).toBe(true);
  await inbox.close();
  const { rows } = await pool.query("select mail_from, subject from inbox_mail where workspace_id = $1", [
    mine.workspaceId,
  ]);
  expect(rows).toEqual([{ mail_from: "me@to.test", subject: "Test mail from Posthorn" }]);
});
