import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { consent, subscriber, subscription } from "#drizzle/schema/audience.ts";
import { audienceRows, makeList, makePerson, makeWorkspace } from "#tests/support/audience.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import type { Scope } from "../../auth/scope.ts";
import { asDb, type Db, openPool, type Pool } from "../../db.ts";
import { newId } from "../../ids.ts";
import { localStorage, type Storage } from "../../storage.ts";
import { createField } from "../fields.ts";
import { deleteSubscriber } from "../subscribers.ts";
import { suppress } from "../suppression.ts";
import { noCounts } from "./counts.ts";
import {
  cancelImport,
  changeMapping,
  checkLater,
  getImport,
  getRejects,
  listImports,
  reviveImports,
  runLater,
  tidyImports,
} from "./imports.ts";
import type { MappingInput, Target } from "./input.ts";
import { mergeStage } from "./merge.ts";
import { checkImport, isPassing, runImport } from "./run.ts";
import { listImportTables } from "./tables.ts";
import { changeLayout, previewImport, uploadImport } from "./upload.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let folder: string;
let storage: Storage;
let here: Scope;
let there: Scope;
let listId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  process.env.DATABASE_URL = database.url;
  process.env.POSTHORN_SECRET ??= randomBytes(32).toString("hex");
  pool = openPool(database.url, 6);
  db = asDb(pool);
  folder = await mkdtemp(path.join(tmpdir(), "posthorn-import-"));
  storage = localStorage(folder);
});
afterAll(async () => {
  const { closeDb } = await import("../../db.ts");
  await closeDb();
  await pool.end();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  here = await makeWorkspace(db);
  there = await makeWorkspace(db);
  listId = await makeList(db, here, "News");
});

const never = new AbortController().signal;
const refusal = (code: string, detail?: object) => expect.objectContaining(detail ? { code, detail } : { code });
const tools = () => ({ pool, storage });
const basis = "They ticked the box on our paper form in May.";

function upload(content: string | Buffer, scope = here, maxBytes = 10_000_000): Promise<{ id: string }> {
  const bytes = Buffer.from(content as string);
  // In small parts, so that letters and marks are cut in the middle.
  const parts = Array.from({ length: Math.ceil(bytes.length / 1000) }, (_, i) =>
    bytes.subarray(i * 1000, (i + 1) * 1000),
  );
  return uploadImport(db, scope, storage, { fileName: "people.csv", content: Readable.from(parts), maxBytes });
}

async function mapping(id: string, change: Partial<MappingInput> = {}): Promise<MappingInput> {
  const current = await getImport(db, here, id);
  return {
    id,
    mapping: current.mapping as Array<Target | null>,
    listIds: [listId],
    consentBasis: basis,
    confirmed: true,
    updateExisting: "overwrite",
    dateOrder: current.dateOrder,
    ...change,
  };
}

async function check(content: string | Buffer, change: Partial<MappingInput> = {}) {
  const { id } = await upload(content);
  await checkLater(db, here, await mapping(id, change));
  await checkImport(tools(), { workspaceId: here.workspaceId, importId: id }, never);
  return getImport(db, here, id);
}

async function run(id: string) {
  await runLater(db, here, id);
  await runImport(tools(), { workspaceId: here.workspaceId, importId: id }, never);
  return getImport(db, here, id);
}

const importAll = async (content: string | Buffer, change: Partial<MappingInput> = {}) =>
  run((await check(content, change)).id);
const people = async () =>
  (
    await db.select().from(subscriber).where(eq(subscriber.workspaceId, here.workspaceId)).orderBy(subscriber.emailKey)
  ).map((row) => [row.email, row.firstName, row.lastName, row.fields]);
const rejects = async (id: string) => {
  const file = await getRejects(db, here, id);
  return (await text(storage.read(file.storageKey))).replace("\ufeff", "").trimEnd().split("\r\n");
};
const leftovers = async (...ids: string[]) => (await listImportTables(db)).filter((id) => ids.includes(id));

test("every row of a file is counted in exactly one class, by the dry run and by the run alike", async () => {
  await createField(db, here, { label: "City", type: "text" });
  await makePerson(db, here, "same@example.com", { [listId]: "subscribed" });
  await makePerson(db, here, "joins@example.com");
  await makePerson(db, here, "changes@example.com", { [listId]: "subscribed" });
  await makePerson(db, here, "left@example.com", { [listId]: "unsubscribed" });
  await makePerson(db, here, "bounced@example.com", { [listId]: "bounced" });
  await makePerson(db, here, "pending@example.com", { [listId]: "unconfirmed" });
  await suppress(db, here, { email: "never@example.com", reason: "complaint" });
  await makePerson(db, there, "new1@example.com");
  const neighbours = await audienceRows(db, there);
  const content = [
    "E-Mail,First name,City",
    "new1@example.com,Ann,Rome",
    "NEW2@Example.com,Bob,",
    "same@example.com,,",
    "joins@example.com,,",
    "changes@example.com,Cher,Oslo",
    "left@example.com,Dan,",
    "bounced@example.com,Eve,",
    "pending@example.com,,",
    "Never@EXAMPLE.com,Fay,",
    "new1@EXAMPLE.com,Ann again,",
    "nobody,Gus,",
    ",Hal,",
    "",
  ].join("\n");
  const checked = await check(content);
  const counts = { rows: 12, new: 2, updated: 2, unchanged: 2, invalid: 2, duplicate: 1, opted_out: 3 };
  expect(checked).toMatchObject({ status: "checked", dryRun: counts });
  expect(await people()).toHaveLength(6);
  const done = await run(checked.id);
  expect(done).toMatchObject({ status: "done", result: counts });
  expect((await people()).map(([email, first]) => `${email} ${first}`)).toEqual([
    "bounced@example.com ",
    "changes@example.com Cher",
    "joins@example.com ",
    "left@example.com ",
    "new1@example.com Ann",
    "NEW2@Example.com Bob",
    "pending@example.com ",
    "same@example.com ",
  ]);
  expect(await rejects(done.id)).toEqual([
    "line,reason,E-Mail,First name,City",
    '7,"the person has left the list News, or bounced or complained there",left@example.com,Dan,',
    '8,"the person has left the list News, or bounced or complained there",bounced@example.com,Eve,',
    "10,the address is on the suppression list,Never@EXAMPLE.com,Fay,",
    "11,the same address is on line 2,new1@EXAMPLE.com,Ann again,",
    "12,this is not an e-mail address,nobody,Gus,",
    "13,the e-mail address is missing,,Hal,",
  ]);
  const standings = await db.select().from(subscription).where(eq(subscription.workspaceId, here.workspaceId));
  expect(standings.map((row) => row.status).sort()).toEqual([
    "bounced",
    "subscribed",
    "subscribed",
    "subscribed",
    "subscribed",
    "subscribed",
    "unconfirmed",
    "unsubscribed",
  ]);
  const proof = await db.select().from(consent).where(eq(consent.workspaceId, here.workspaceId));
  expect(proof).toHaveLength(3);
  expect(proof[0]).toMatchObject({
    method: "import",
    importId: done.id,
    userId: here.userId,
    status: "subscribed",
    listId,
  });
  expect(await audienceRows(db, there)).toEqual(neighbours);
  expect(await leftovers(done.id)).toEqual([]);

  const again = await importAll(content);
  expect(again.result).toEqual({ ...counts, new: 0, updated: 0, unchanged: 6 });
});

test.each([
  ["overwrite", { firstName: "New", city: "Oslo", age: 7 }],
  ["fill", { firstName: "Old", city: "Rome", age: 7 }],
  ["keep", { firstName: "Old", city: "Rome" }],
] as const)("people who are here already: %s", async (updateExisting, expected) => {
  await createField(db, here, { label: "City", type: "text" });
  await createField(db, here, { label: "Age", type: "number" });
  const id = await makePerson(db, here, "a@example.com", { [listId]: "subscribed" });
  await db
    .update(subscriber)
    .set({ firstName: "Old", lastName: "Kept", fields: { city: "Rome" } })
    .where(eq(subscriber.id, id));
  const done = await importAll("email,first name,last name,city,age\na@example.com,New,,Oslo,7\n", { updateExisting });
  const { firstName, ...fields } = expected;
  expect(await people()).toEqual([["a@example.com", firstName, "Kept", fields]]);
  expect(done.result).toMatchObject(updateExisting === "keep" ? { unchanged: 1 } : { updated: 1 });
});

test.each([
  ["UTF-8 with a mark", "\ufeffE-Mail;Vorname\na@example.com;Jürgen\n", "utf8"],
  ["UTF-16LE with a mark", "\ufeffE-Mail;Vorname\na@example.com;Jürgen\n", "utf16le"],
  ["UTF-16LE without a mark", "E-Mail;Vorname\na@example.com;Jürgen\n", "utf16le"],
  ["UTF-16BE with a mark", "\ufeffE-Mail\tVorname\na@example.com\tJürgen\n", "utf16be"],
  ["UTF-16BE without a mark", "E-Mail\tVorname\na@example.com\tJürgen\n", "utf16be"],
  ["Windows-1252", "E-Mail,Vorname\r\na@example.com,Jürgen\r\n", "latin1"],
  ["UTF-8 without a mark, old Mac lines", "E-Mail,Vorname\ra@example.com,Jürgen\r", "utf8"],
])("a file in %s is understood", async (_name, content, encoding) => {
  const bytes = Buffer.from(content, encoding === "utf16be" ? "utf16le" : (encoding as BufferEncoding));
  const done = await importAll(encoding === "utf16be" ? bytes.swap16() : bytes);
  expect(await people()).toEqual([["a@example.com", "Jürgen", "", {}]]);
  expect(done.result).toMatchObject({ rows: 1, new: 1 });
});

test("awkward rows are refused one by one with line and reason, and all others come in", async () => {
  await createField(db, here, { label: "Born", type: "date" });
  const lines = [
    "email,name,born",
    "a@example.com,Anna van Dijk,1990-01-31",
    'b@example.com,"Bo ""the"" Bear\nof Oslo",31.01.1990',
    `c@example.com,${"x".repeat(1_000_000)},`,
    "d@example.com,D\0,",
    'e@example.com,"never closed,',
    "f@example.com,F,yesterday",
    "g@example.com,G,,too,many",
    "h@example.com,H,,,",
    "i@example.com",
    ",,",
    "j@example.com,=HYPERLINK(1),x",
    "k@example.com,K,29/02/2023",
  ];
  const done = await importAll(lines.join("\n"));
  expect(done.result).toEqual({ ...noCounts(), rows: 12, new: 4, invalid: 8 });
  expect(await people()).toEqual([
    ["a@example.com", "Anna", "van Dijk", { born: "1990-01-31" }],
    ["b@example.com", "Bo", '"the" Bear of Oslo', { born: "1990-01-31" }],
    ["h@example.com", "H", "", {}],
    ["i@example.com", "", "", {}],
  ]);
  const refused = await rejects(done.id);
  expect(refused.map((line) => line.slice(0, 70))).toEqual([
    "line,reason,email,name,born",
    `5,"the row is longer than 131,072 characters","c@example.com,${"x".repeat(9)}`,
    "6,the row holds a NUL character,d@example.com,D\0,",
    '7,a quotation mark is not closed,"e@example.com,""never closed,"',
    "8,the value for Born is not of its type,f@example.com,F,yesterday",
    "9,the row has more than 3 columns,g@example.com,G,,too,many",
    "12,the e-mail address is missing,,,",
    "13,the value for Born is not of its type,j@example.com,'=HYPERLINK(1),",
    "14,the value for Born is not of its type,k@example.com,K,29/02/2023",
  ]);
});

test.each([
  [
    "a workbook",
    Buffer.concat([Buffer.from("PK\x03\x04\0\0[Content_Types].xml xl/workbook.xml", "latin1"), randomBytes(5000)]),
    "import_wrong_file",
    { kind: "excel" },
  ],
  [
    "an old workbook",
    Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), randomBytes(500)]),
    "import_wrong_file",
    { kind: "excel" },
  ],
  [
    "a zip",
    Buffer.concat([Buffer.from("PK\x03\x04\0\0photos/", "latin1"), randomBytes(100)]),
    "import_wrong_file",
    { kind: "zip" },
  ],
  [
    "a picture",
    Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), randomBytes(100)]),
    "import_wrong_file",
    { kind: "image" },
  ],
  ["a PDF", Buffer.from("%PDF-1.7 …"), "import_wrong_file", { kind: "pdf" }],
  ["a web page", Buffer.from("<!DOCTYPE html><html></html>"), "import_wrong_file", { kind: "html" }],
  ["noise", randomBytes(20_000), "import_wrong_file", { kind: "binary" }],
  ["nothing", Buffer.alloc(0), "import_empty", undefined],
  ["blank lines", Buffer.from("\ufeff\r\n\r\n"), "import_empty", undefined],
  ["a header and nothing else", Buffer.from("email,name\n"), "import_header_only", undefined],
  ["too many columns", Buffer.from(`email${",x".repeat(400)}\na@example.com\n`), "import_too_many_columns", undefined],
])("%s is refused and leaves nothing behind", async (_name, bytes, code, detail) => {
  await expect(upload(bytes)).rejects.toEqual(refusal(`audience.${code}`, detail));
  expect(await listImports(db, here)).toEqual([]);
  const files = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from stored_file where workspace_id = ${here.workspaceId}`,
  );
  expect(files.rows[0]?.n).toBe(0);
});

test("a name of a column that is cut inside a letter is no reason to refuse the file", async () => {
  const { id } = await upload(`email,${"x".repeat(199)}😀\na@example.com,1\n`);
  expect((await getImport(db, here, id)).header[1]).toHaveLength(200);
});

test("a file over the limit is refused while it streams", async () => {
  await expect(upload("a,b\n".repeat(5000), here, 10_000)).rejects.toEqual(refusal("storage.too_large"));
});

test("columns are guessed, also without a header, and can be read another way", async () => {
  await createField(db, here, { label: "Ort", type: "text" });
  const guess = async (content: string) => (await getImport(db, here, (await upload(content)).id)).mapping;
  expect(await guess("Nachname;Vorname;Ort;Adresse;E-Mail-Adresse\nA;B;C;Weg 1;a@example.com\n")).toEqual([
    "last_name",
    "first_name",
    "field:ort",
    null,
    "email",
  ]);
  expect(await guess("prénom,nom,adresse\nA,B,a@example.com\n")).toEqual(["first_name", "last_name", "email"]);
  expect(await guess("Nome,Mail,Mail\nA B,a@example.com,b@example.com\n")).toEqual(["full_name", "email", null]);
  const { id } = await upload("a@example.com|Ann\nb@example.com|Bob\n");
  expect(await getImport(db, here, id)).toMatchObject({
    hasHeader: false,
    delimiter: "|",
    header: ["Column 1", "Column 2"],
  });
  expect(await previewImport(db, here, storage, id)).toEqual([
    ["a@example.com", "Ann"],
    ["b@example.com", "Bob"],
  ]);
  await changeLayout(db, here, storage, { id, encoding: "utf-8", delimiter: ",", hasHeader: true });
  expect(await getImport(db, here, id)).toMatchObject({ header: ["a@example.com|Ann"], mapping: [null] });
});

test("a mapping without an address, with a target twice, or to somebody else's list or field is refused", async () => {
  const { id } = await upload("email,name,other\na@example.com,A,B\n");
  const foreignList = await makeList(db, there, "Theirs");
  await createField(db, there, { label: "City", type: "text" });
  const attempt = async (change: Partial<MappingInput>) => checkLater(db, here, await mapping(id, change));
  await expect(attempt({ mapping: [null, "full_name", null] })).rejects.toEqual(refusal("audience.import_no_email"));
  await expect(attempt({ mapping: ["email", "full_name", "full_name"] })).rejects.toEqual(
    refusal("audience.import_target_twice"),
  );
  await expect(attempt({ mapping: ["email"] })).rejects.toEqual(refusal("audience.import_columns_changed"));
  await expect(attempt({ mapping: ["email", null, "field:city"] })).rejects.toEqual(refusal("not_found"));
  await expect(attempt({ listIds: [foreignList] })).rejects.toEqual(refusal("not_found"));
});

test("an import can be neither seen nor driven from another workspace, nor by a viewer", async () => {
  const checked = await check("email\na@example.com\nnobody\n");
  const done = await importAll("email\nb@example.com\nnobody\n");
  const input = await mapping(checked.id);
  const viewer: Scope = { ...here, role: "viewer" };
  for (const [scope, code] of [
    [there, "not_found"],
    [viewer, "auth.not_allowed"],
  ] as const) {
    await expect(checkLater(db, scope, input)).rejects.toEqual(refusal(code));
    await expect(runLater(db, scope, checked.id)).rejects.toEqual(refusal(code));
    await expect(cancelImport(db, scope, checked.id)).rejects.toEqual(refusal(code));
    await expect(changeMapping(db, scope, checked.id)).rejects.toEqual(refusal(code));
    await expect(getRejects(db, scope, done.id)).rejects.toEqual(refusal(code));
  }
  await expect(getImport(db, there, done.id)).rejects.toEqual(refusal("not_found"));
  await expect(upload("email\na@example.com\n", viewer)).rejects.toEqual(refusal("auth.not_allowed"));
  await runImport(tools(), { workspaceId: there.workspaceId, importId: checked.id }, never).catch(() => undefined);
  expect(await getImport(db, here, checked.id)).toMatchObject({ status: "checked" });
});

test("a cancelled import writes nobody, whether it waited or was under way", async () => {
  const waiting = await check("email\na@example.com\n");
  await cancelImport(db, here, waiting.id);
  await expect(runLater(db, here, waiting.id)).rejects.toEqual(refusal("audience.import_state"));
  const rows = Array.from({ length: 60_000 }, (_, i) => `p${i}@example.com,Name ${i}`).join("\n");
  const busy = await check(`email,name\n${rows}\n`);
  await runLater(db, here, busy.id);
  const running = runImport(tools(), { workspaceId: here.workspaceId, importId: busy.id }, never);
  await expect
    .poll(async () => (await getImport(db, here, busy.id)).stage, { interval: 5, timeout: 20_000 })
    .toBe("writing");
  await cancelImport(db, here, busy.id);
  await running;
  expect(await getImport(db, here, busy.id)).toMatchObject({ status: "cancelled", result: null });
  expect(await people()).toEqual([]);
  await expect.poll(() => leftovers(waiting.id, busy.id)).toEqual([]);
});

test("an import that is over can be neither cancelled nor started again, and a job that rings twice does nothing", async () => {
  const done = await importAll("email\na@example.com\n");
  await expect(cancelImport(db, here, done.id)).rejects.toEqual(refusal("audience.import_state"));
  await expect(runLater(db, here, done.id)).rejects.toEqual(refusal("audience.import_state"));
  await runImport(tools(), { workspaceId: here.workspaceId, importId: done.id }, never);
  expect(await getImport(db, here, done.id)).toEqual(done);
  expect(await people()).toHaveLength(1);
});

test("two workers on one import write it once", async () => {
  const checked = await check("email\na@example.com\nb@example.com\n");
  await runLater(db, here, checked.id);
  const ids = { workspaceId: here.workspaceId, importId: checked.id };
  await Promise.all([runImport(tools(), ids, never), runImport(tools(), ids, never)]);
  expect(await getImport(db, here, checked.id)).toMatchObject({ status: "done", result: { rows: 2, new: 2 } });
});

test("somebody who opts out between the dry run and the run stays out", async () => {
  const id = await makePerson(db, here, "a@example.com", { [listId]: "subscribed" });
  const checked = await check("email,name\na@example.com,New\nb@example.com,\n");
  expect(checked.dryRun).toMatchObject({ updated: 1, new: 1 });
  await db.update(subscription).set({ status: "unsubscribed" }).where(eq(subscription.subscriberId, id));
  await suppress(db, here, { email: "b@example.com", reason: "unsubscribed_all" });
  const done = await run(checked.id);
  expect(done.result).toMatchObject({ opted_out: 2, new: 0, updated: 0 });
  expect(await people()).toEqual([["a@example.com", "", "", {}]]);
});

test("somebody who is deleted while an import puts them on a list leaves no standing behind", async () => {
  const gone = await makePerson(db, here, "joins@example.com");
  const { id } = await check("email\njoins@example.com\n");
  const client = await pool.connect();
  await client.query("begin");
  const input = {
    workspaceId: here.workspaceId,
    importId: id,
    listIds: [listId],
    updateExisting: "overwrite",
  } as const;
  await mergeStage(client, { ...input, userId: null }, () => undefined);
  let isDone = false;
  const deleting = deleteSubscriber(db, here, gone).finally(() => {
    isDone = true;
  });
  const waiting =
    "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and state = 'active'";
  await expect.poll(async () => isDone || (await pool.query(waiting)).rowCount === 1).toBe(true);
  await client.query("commit");
  client.release();
  await deleting;
  expect(await db.select().from(subscription).where(eq(subscription.subscriberId, gone))).toEqual([]);
  expect(await db.select().from(consent).where(eq(consent.subscriberId, gone))).toEqual([]);
});

test("a dry run whose tables were lost is read again", async () => {
  const checked = await check("email\na@example.com\n");
  await pool.query(`truncate import_stage_${checked.id.replaceAll("-", "")}`);
  expect((await run(checked.id)).result).toMatchObject({ rows: 1, new: 1 });
});

test("an import whose people are in does not fail for want of room for its refused rows: it ends with the next try", async () => {
  const { id } = await check("email\na@example.com\nnobody\n");
  await runLater(db, here, id);
  const ids = { workspaceId: here.workspaceId, importId: id };
  const full: Storage = { ...storage, write: () => Promise.reject(new Error("ENOSPC: no space left on device")) };
  await expect(runImport({ pool, storage: full }, ids, never)).rejects.toThrow("ENOSPC");
  expect(await getImport(db, here, id)).toMatchObject({ status: "importing", result: { new: 1, invalid: 1 } });
  await runImport(tools(), ids, never);
  expect(await getImport(db, here, id)).toMatchObject({ status: "done", result: { new: 1, invalid: 1 } });
  expect(await rejects(id)).toHaveLength(2);
  expect(await people()).toHaveLength(1);
});

test("an import whose people are in and whose file is gone is done, without a file of refused rows", async () => {
  const { id } = await check("email\na@example.com\nnobody\n");
  await runLater(db, here, id);
  const ids = { workspaceId: here.workspaceId, importId: id };
  const full: Storage = { ...storage, write: () => Promise.reject(new Error("ENOSPC: no space left on device")) };
  await expect(runImport({ pool, storage: full }, ids, never)).rejects.toThrow("ENOSPC");
  await db.execute(sql`delete from stored_file where workspace_id = ${here.workspaceId}`);
  await runImport(tools(), ids, never);
  expect(await getImport(db, here, id)).toMatchObject({ status: "done", rejectsFileId: null });
  expect(await leftovers(id)).toEqual([]);
});

test("a file that is gone fails the import with words, and nobody is written", async () => {
  const checked = await check("email\na@example.com\n");
  await db.execute(sql`delete from stored_file where workspace_id = ${here.workspaceId}`);
  await pool.query(`drop table import_stage_${checked.id.replaceAll("-", "")}`);
  expect(await run(checked.id)).toMatchObject({ status: "failed", error: "not_found", result: null });
});

test("a database that is away for a moment is no fault of the import", async () => {
  const away = openPool("postgres://127.0.0.1:1/nowhere", 1);
  const asked = await asDb(away)
    .execute(sql`select 1`)
    .then(() => null)
    .catch((error: unknown) => error);
  expect(isPassing(asked)).toBe(true);
  expect(isPassing(new Error("a bug", { cause: new Error("of ours") }))).toBe(false);
  await away.end();
});

test("an import whose worker fell silent is rung for again", async () => {
  const checked = await check("email\na@example.com\n");
  await runLater(db, here, checked.id);
  const jobs = async () =>
    Number(
      (
        await pool.query("select count(*) from pgboss.job where name = 'import.run' and data ->> 'importId' = $1", [
          checked.id,
        ])
      ).rows[0].count,
    );
  await reviveImports(db);
  expect(await jobs()).toBe(1);
  await pool.query("update import set heartbeat_at = now() - interval '2 minutes' where id = $1", [checked.id]);
  await reviveImports(db);
  expect(await jobs()).toBe(2);
});

test("the nightly tidying removes expired files and tables that nobody needs, and nothing else", async () => {
  const kept = await check("email\na@example.com\n");
  const old = await check("email\nb@example.com\n");
  await pool.query("update stored_file set expires_at = now() - interval '1 day' where id = $1", [old.fileId]);
  expect((await tidyImports(db, storage)).files).toBe(1);
  expect(await getImport(db, here, old.id)).toMatchObject({ status: "cancelled" });
  expect(await leftovers(kept.id, old.id)).toEqual([kept.id]);
  expect((await run(kept.id)).result).toMatchObject({ new: 1 });
});

test("several lists and an unknown import id", async () => {
  const second = await makeList(db, here, "Second");
  await importAll("email\na@example.com\nb@example.com\n", { listIds: [listId, second] });
  const proof = await db.select().from(consent).where(eq(consent.workspaceId, here.workspaceId));
  expect(proof).toHaveLength(4);
  await expect(getImport(db, here, newId())).rejects.toEqual(refusal("not_found"));
});

test("known people whose data stays cost a few reads each, also where the statistics find nobody", async () => {
  const rows = 5000;
  const csv = `email\n${Array.from({ length: rows }, (_, i) => `p${i}@example.com`).join("\n")}\n`;
  // What an import that was taken back leaves behind, and a look at it: pages full of nobody.
  await pool.query("alter table subscriber set (autovacuum_enabled = false)");
  const people = `insert into subscriber (workspace_id, email, email_key, source)
    select '${here.workspaceId}', address, address, 'import' from (select 'p' || i || '@example.com' from generate_series(0, ${rows - 1}) i) n(address)`;
  await pool.query(`begin; ${people}; rollback`);
  await pool.query("vacuum (truncate false) subscriber");
  await pool.query("analyze subscriber, subscription");
  await pool.query(people);
  const reads = async () => {
    await pool.query("select pg_stat_clear_snapshot()");
    const { rows: found } = await pool.query<{ reads: number }>(
      "select (idx_tup_read + coalesce((select seq_tup_read from pg_stat_user_tables where relname = 'subscriber'), 0))::float8 as reads from (select sum(idx_tup_read) as idx_tup_read from pg_stat_user_indexes where relname = 'subscriber') i",
    );
    return found[0]?.reads ?? 0;
  };
  const { id } = await check(csv);
  const before = await reads();
  await run(id);
  expect(await getImport(db, here, id)).toMatchObject({ status: "done", result: { updated: rows } });
  expect((await reads()) - before).toBeLessThan(rows * 50);
  await pool.query("alter table subscriber reset (autovacuum_enabled); analyze subscriber, subscription");
});
