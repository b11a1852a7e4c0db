import { createConnection } from "node:net";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { asDb, type Db, openPool, type Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { inboxCredentials } from "#lib/senders/inbox-credentials.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import { type InboxServer, mailMaxBytes, startInboxServer } from "./server.ts";

process.env.DATABASE_URL ??= "postgres://unused.invalid/unused";
process.env.POSTHORN_SECRET ??= "test-secret-test-secret-test-secret-test";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let inbox: InboxServer;
let mine: string;
let theirs: string;

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
  inbox = await startInboxServer({ db, host: "127.0.0.1", port: 0, keepMails: 50 });
  mine = await workspace();
  theirs = await workspace();
});
afterEach(() => inbox.close());

async function workspace(): Promise<string> {
  const id = newId();
  await pool.query("insert into workspace (id, name, slug) values ($1, 'Acme', $2)", [id, id]);
  return id;
}

interface Login {
  username: string;
  password: string;
}

async function connect(login: Login | null): Promise<SMTPConnection> {
  const connection = new SMTPConnection({ host: "127.0.0.1", port: inbox.port, ignoreTLS: true });
  await new Promise<void>((resolve, reject) => {
    connection.once("error", reject);
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  if (login) {
    await new Promise<void>((resolve, reject) => {
      connection.login({ credentials: { user: login.username, pass: login.password } }, (error) => {
        if (!error) return resolve();
        connection.close();
        reject(error);
      });
    });
  }
  return connection;
}

function send(connection: SMTPConnection, to: string, raw: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    connection.send({ from: "news@example.com", to: [to] }, raw, (error, info) =>
      error ? reject(error) : resolve(info.response),
    );
  });
}

const mails = async (workspaceId: string) =>
  (
    await pool.query(
      "select mail_from, rcpt_to, subject, bytes, raw from inbox_mail where workspace_id = $1 order by id",
      [workspaceId],
    )
  ).rows;

test("a mail is kept byte for byte in the workspace that logged in, after which the 250 is given", async () => {
  const connection = await connect(inboxCredentials(mine));
  const raw =
    "From: Acme <news@example.com>\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n aus dem Tal\r\n\r\n..Hello\r\n.\r\nBye\r\n";
  expect(await send(connection, "ada@example.com", raw)).toMatch(/^250 .*test inbox/i);
  expect(await mails(mine)).toEqual([
    {
      mail_from: "news@example.com",
      rcpt_to: ["ada@example.com"],
      subject: "Grüße aus dem Tal",
      bytes: raw.length,
      raw: Buffer.from(raw),
    },
  ]);
  expect(await mails(theirs)).toEqual([]);
  connection.close();
});

test("without a login, with a wrong one, or with that of a workspace that is gone, nothing is taken", async () => {
  const anonymous = await connect(null);
  await expect(send(anonymous, "ada@example.com", "Subject: x\r\n\r\nx")).rejects.toMatchObject({
    responseCode: 530,
    message: expect.stringContaining("Log in"),
  });
  anonymous.close();
  await expect(connect({ ...inboxCredentials(mine), username: theirs })).rejects.toMatchObject({ responseCode: 535 });
  await expect(connect({ username: "postmaster", password: "guess" })).rejects.toMatchObject({ responseCode: 535 });
  await expect(connect(inboxCredentials(newId()))).rejects.toMatchObject({ responseCode: 535 });
  expect(await mails(mine)).toEqual([]);
});

test("500 mails over five connections are all kept up to the cap, the newest of them, and no other workspace loses one", async () => {
  const other = await connect(inboxCredentials(theirs));
  await send(other, "eve@example.com", "Subject: theirs\r\n\r\nx");
  other.close();
  const connections = await Promise.all(Array.from({ length: 5 }, () => connect(inboxCredentials(mine))));
  await Promise.all(
    connections.map(async (connection, c) => {
      for (let i = 0; i < 100; i++) {
        await send(connection, `p${c}-${i}@example.com`, `Subject: mail ${i}\r\n\r\n${"x".repeat(5000)}`);
      }
      connection.close();
    }),
  );
  const kept = await mails(mine);
  expect(kept).toHaveLength(50);
  expect(kept.map((mail) => mail.subject)).toContain("mail 99");
  expect(kept.map((mail) => mail.subject)).not.toContain("mail 0");
  expect(await mails(theirs)).toHaveLength(1);
});

test("a mail over the size limit is refused with 552 and the connection goes on", async () => {
  const connection = await connect(inboxCredentials(mine));
  const huge = Buffer.alloc(mailMaxBytes + 1000, "a line of text without end\r\n");
  await expect(send(connection, "ada@example.com", huge)).rejects.toMatchObject({ responseCode: 552 });
  await new Promise<void>((resolve, reject) => {
    connection.reset((error) => (error ? reject(error) : resolve()));
  });
  expect(await send(connection, "ada@example.com", "Subject: small\r\n\r\nx")).toMatch(/^250/);
  expect((await mails(mine)).map((mail) => mail.subject)).toEqual(["small"]);
  connection.close();
});

test.each([
  ["NUL bytes", Buffer.from("Subject: a\0b\r\n\r\n\0\0\0")],
  ["no header at all", Buffer.from("\r\n\r\nnothing")],
  ["10,000 headers", Buffer.from(`${"X-Junk: y\r\n".repeat(10_000)}Subject: late\r\n\r\nx`)],
  ["a header of a megabyte", Buffer.from(`Subject: ${"z".repeat(1_000_000)}\r\n\r\nx`)],
  [
    "invalid UTF-8",
    Buffer.concat([Buffer.from("Subject: "), Buffer.from([0xff, 0xfe, 0xc0]), Buffer.from("\r\n\r\nx")]),
  ],
  ["broken encoded words", Buffer.from("Subject: =?utf-8?B?%%%?= =?x-unknown?Q?=ZZ?=\r\n\r\nx")],
])("a mail with %s is kept and does no harm", async (_what, raw) => {
  const connection = await connect(inboxCredentials(mine));
  expect(await send(connection, "ada@example.com", raw)).toMatch(/^250/);
  const [mail] = await mails(mine);
  expect(mail.subject.length).toBeLessThanOrEqual(500);
  connection.close();
});

test("a mail that cannot be stored is answered 451 and the inbox goes on", async () => {
  const connection = await connect(inboxCredentials(mine));
  await pool.query("alter table inbox_mail rename to inbox_mail_away");
  await expect(send(connection, "ada@example.com", "Subject: x\r\n\r\nx")).rejects.toMatchObject({ responseCode: 451 });
  await pool.query("alter table inbox_mail_away rename to inbox_mail");
  await new Promise<void>((resolve, reject) => {
    connection.reset((error) => (error ? reject(error) : resolve()));
  });
  expect(await send(connection, "ada@example.com", "Subject: again\r\n\r\nx")).toMatch(/^250/);
  connection.close();
});

test("a client that hangs up in the middle of a mail leaves nothing behind", async () => {
  const { username, password } = inboxCredentials(mine);
  const socket = createConnection({ host: "127.0.0.1", port: inbox.port });
  const plain = Buffer.from(`\0${username}\0${password}`).toString("base64");
  const commands = ["EHLO test", `AUTH PLAIN ${plain}`, "MAIL FROM:<a@example.com>", "RCPT TO:<b@example.com>", "DATA"];
  await new Promise<void>((resolve, reject) => {
    let seen = "";
    socket.on("error", reject);
    socket.on("data", (data) => {
      seen += data;
      if (!/^\d{3} .*\r\n$/m.test(seen)) return;
      seen = "";
      const next = commands.shift();
      if (next) return socket.write(`${next}\r\n`);
      socket.write("Subject: half\r\n\r\nhal");
      socket.end();
      resolve();
    });
  });
  await new Promise((resolve) => socket.on("close", resolve));
  const connection = await connect(inboxCredentials(mine));
  await send(connection, "ada@example.com", "Subject: whole\r\n\r\nx");
  expect((await mails(mine)).map((mail) => mail.subject)).toEqual(["whole"]);
  connection.close();
});

test("a taken port is told to the caller", async () => {
  await expect(startInboxServer({ db, host: "127.0.0.1", port: inbox.port, keepMails: 10 })).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
});
