import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import { asDb, type Db, openPool, type Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import { deleteMails, restoreMails } from "./delete.ts";
import { displayHeaders, displayHtml } from "./display-html.ts";
import { inboxState, listMails, mailListInput } from "./list.ts";
import { parseMail } from "./parse.ts";
import { getMail } from "./read.ts";
import { dropDeletedMails, storeMails, takeBackMinutes } from "./store.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let mine: Scope;
let theirs: Scope;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, 4);
  db = asDb(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(() => {
  mine = { workspaceId: newId(), role: "editor", userId: null };
  theirs = { workspaceId: newId(), role: "owner", userId: null };
});

const mailTo = (scope: Scope, to: string, subject: string) => ({
  workspaceId: scope.workspaceId,
  mailFrom: "news@example.com",
  rcptTo: [to],
  raw: Buffer.from(`Subject: ${subject}\r\n\r\nHello`),
});

const page = (scope: Scope, params: Record<string, string>, size = 50) =>
  listMails(db, scope, mailListInput.parse({ q: "", ...params }), size);

test("the list is newest first and pages forth and back without a gap or a repetition", async () => {
  await storeMails(
    db,
    Array.from({ length: 25 }, (_, i) => mailTo(mine, `p${i}@example.com`, `mail ${i}`)),
    100,
  );
  await storeMails(db, [mailTo(theirs, "eve@example.com", "theirs")], 100);
  const first = await page(mine, {}, 10);
  const second = await page(mine, { after: first.next ?? "" }, 10);
  const third = await page(mine, { after: second.next ?? "" }, 10);
  expect([first, second, third].flatMap((p) => p.mails.map((m) => m.subject))).toEqual(
    Array.from({ length: 25 }, (_, i) => `mail ${24 - i}`),
  );
  expect([first.previous, third.next, first.total]).toEqual([null, null, 25]);
  const back = await page(mine, { before: third.previous ?? "" }, 10);
  expect(back.mails).toEqual(second.mails);
  expect(await page(mine, { before: back.previous ?? "" }, 10)).toMatchObject({ mails: first.mails, previous: null });
});

test("search finds parts of recipients and subjects, whatever characters it holds", async () => {
  await storeMails(
    db,
    [
      mailTo(mine, "ada@example.com", "100% off_er"),
      mailTo(mine, "bob@example.org", "Hello Ada"),
      mailTo(mine, "cyd@example.org", "x"),
    ],
    100,
  );
  const found = async (q: string) => (await page(mine, { q })).mails.map((m) => m.rcptTo[0]);
  expect(await found("ADA")).toEqual(["bob@example.org", "ada@example.com"]);
  expect(await found("100%")).toEqual(["ada@example.com"]);
  expect(await found("f_e")).toEqual(["ada@example.com"]);
  expect(await found("%")).toEqual(["ada@example.com"]);
  expect(await found("\\")).toEqual([]);
  expect(await found("' or 1=1 --")).toEqual([]);
  expect(await found("a\0d")).toEqual(["bob@example.org", "ada@example.com"]);
});

test("odd addresses of the list page mean the first page", () => {
  expect(mailListInput.parse({ q: ["a", "b"], after: "../../etc", before: "" })).toEqual({
    q: "",
    after: undefined,
    before: undefined,
  });
});

test("another workspace's mail cannot be read, deleted or brought back, and a text that is no id is not found", async () => {
  await storeMails(db, [mailTo(mine, "ada@example.com", "secret")], 100);
  const id = (await page(mine, {})).mails[0]?.id ?? "";
  expect((await getMail(db, mine, id)).parsed.subject).toBe("secret");
  for (const wrong of [newId(), "1", "' or 1=1", ""])
    await expect(getMail(db, mine, wrong)).rejects.toMatchObject({ code: "not_found" });
  await expect(getMail(db, theirs, id)).rejects.toMatchObject({ code: "not_found" });
  expect((await deleteMails(db, theirs, { mailId: null })).count).toBe(0);
  const deleted = await deleteMails(db, mine, { mailId: id });
  expect(await restoreMails(db, theirs, deleted)).toBe(0);
  await expect(deleteMails(db, { ...mine, role: "viewer" }, { mailId: id })).rejects.toMatchObject({
    code: "auth.not_allowed",
  });
});

test("deleted mails are gone at once, can be taken back, and leave the database later", async () => {
  await storeMails(db, [mailTo(mine, "a@example.com", "one"), mailTo(mine, "b@example.com", "two")], 100);
  const before = await inboxState(db, mine);
  const [one] = (await page(mine, {})).mails;
  await deleteMails(db, mine, { mailId: one?.id ?? "" });
  const all = await deleteMails(db, mine, { mailId: null });
  expect(all.count).toBe(1);
  expect(await inboxState(db, mine)).toEqual({ newestId: null, total: 0 });
  await expect(getMail(db, mine, one?.id ?? "")).rejects.toMatchObject({ code: "not_found" });
  expect(await restoreMails(db, mine, all)).toBe(1);
  expect((await page(mine, {})).mails.map((m) => m.subject)).toEqual(["one"]);
  expect(before.total).toBe(2);
  await pool.query("update inbox_mail set deleted_at = deleted_at - make_interval(mins => $1)", [takeBackMinutes + 1]);
  await storeMails(db, [mailTo(mine, "c@example.com", "three")], 100);
  const left = async () =>
    (
      await pool.query("select subject from inbox_mail where workspace_id = $1 order by id", [mine.workspaceId])
    ).rows.map((row) => row.subject);
  expect(await left()).toEqual(["one", "three"]);
  await deleteMails(db, mine, { mailId: null });
  await dropDeletedMails(db);
  expect(await left()).toEqual(["one", "three"]);
  await pool.query("update inbox_mail set deleted_at = deleted_at - make_interval(mins => $1)", [takeBackMinutes + 1]);
  await dropDeletedMails(db);
  expect(await left()).toEqual([]);
});

const multipart = (parts: string[]) =>
  Buffer.from(
    `From: =?utf-8?Q?Acme_=C2=A9?= <news@example.com>\r\nTo: Ada <ada@example.com>\r\nSubject: Hi\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts
      .map((part) => `--b\r\n${part}\r\n`)
      .join("")}--b--\r\n`,
  );

test("a mail is taken apart into text, HTML, headers and attachments", async () => {
  const mail = await parseMail(
    multipart([
      "Content-Type: text/plain\r\n\r\nHello Ada",
      'Content-Type: text/html\r\n\r\n<p>Hello <img src="cid:logo@x"></p>',
      "Content-Type: image/png; name=logo.png\r\nContent-ID: <logo@x>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==",
      'Content-Type: text/csv\r\nContent-Disposition: attachment; filename="../../etc/pass\\"wd.csv"\r\n\r\na,b',
    ]),
  );
  expect(mail).toMatchObject({
    from: "Acme © <news@example.com>",
    to: "Ada <ada@example.com>",
    subject: "Hi",
    isReadable: true,
  });
  expect(mail.text).toContain("Hello Ada");
  expect(mail.attachments.map((a) => [a.mediaType, a.contentId])).toEqual([
    ["image/png", "logo@x"],
    ["text/csv", null],
  ]);
  expect(mail.attachments[1]?.name).not.toMatch(/[/\\"]|^\./);
  expect(displayHtml(mail, false)).toContain('<img src="data:image/png;base64,iVBORw==">');
});

test("pictures from outside are asked for only when they are to be shown", async () => {
  const html = `<img src="https://example.com/a.png"><img src=//example.com/b><td background='HTTP://example.com/c' style="background:url( 'https://example.com/d')"><a href="https://example.com/e">e</a>`;
  const mail = await parseMail(Buffer.from(`Content-Type: text/html\r\n\r\n${html}`));
  expect(displayHtml(mail, true)).toContain(html);
  expect(displayHtml(mail, false).match(/example\.com\/\w/g)).toHaveLength(5);
  expect(displayHtml(mail, false).match(/(https?:)?\/\/example/gi)).toEqual(["https://example"]);
});

test("an SVG that comes with a mail is never put into the page", async () => {
  const mail = await parseMail(
    multipart([
      'Content-Type: text/html\r\n\r\n<img src="cid:x">',
      "Content-Type: image/svg+xml\r\nContent-ID: <x>\r\n\r\n<svg onload=alert(1)>",
    ]),
  );
  expect(displayHtml(mail, false)).toContain('src="cid:x"');
});

test("a mail's HTML may only be shown where no script runs and nothing is fetched, unless pictures were asked for", () => {
  const without = displayHeaders(false)["content-security-policy"] ?? "";
  const withPictures = displayHeaders(true)["content-security-policy"] ?? "";
  for (const policy of [without, withPictures]) {
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'none'");
    expect(policy).toMatch(/sandbox (?!.*allow-(scripts|same-origin|forms|top-navigation))/);
    expect(policy).not.toContain("script-src");
  }
  expect(without).toContain("img-src data:;");
  expect(withPictures).toContain("img-src data: https: http:;");
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["only NUL bytes", Buffer.alloc(10_000)],
  ["random bytes", Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * 7919) % 256))],
  ["10,000 headers", Buffer.from(`${"X-A: b\r\n".repeat(10_000)}\r\nbody`)],
  ["a header of three megabytes", Buffer.from(`Subject: ${"x".repeat(3_000_000)}\r\n\r\nbody`)],
  [
    "parts nested a thousand deep",
    Buffer.from(
      Array.from({ length: 1000 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`).join(
        "",
      ),
    ),
  ],
  ["a boundary that never comes", Buffer.from("Content-Type: multipart/mixed; boundary=zzz\r\n\r\nno boundary here")],
  [
    "an unknown charset and a broken encoding",
    Buffer.from("Content-Type: text/html; charset=x-klingon\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%===\xff"),
  ],
  [
    "a thousand attachments",
    multipart(
      Array.from(
        { length: 1000 },
        (_, i) => `Content-Type: application/x\r\nContent-Disposition: attachment; filename=f${i}\r\n\r\nx`,
      ),
    ),
  ],
  ["eight megabytes of HTML", Buffer.from(`Content-Type: text/html\r\n\r\n${"<div>".repeat(1_600_000)}`)],
])("a mail of %s is read or said to be unreadable, quickly and within bounds", async (_what, raw) => {
  const started = performance.now();
  const mail = await parseMail(raw);
  expect(performance.now() - started).toBeLessThan(5000);
  expect(mail.headers.length).toBeLessThanOrEqual(300);
  expect(mail.attachments.length).toBeLessThanOrEqual(100);
  expect(mail.subject.length).toBeLessThanOrEqual(1000);
});
