import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { sql } from "drizzle-orm";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeWorkspace } from "#tests/support/audience.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import { type S3Server, s3Login, startS3Server } from "#tests/support/s3-server.ts";
import type { Scope } from "../auth/scope.ts";
import { createTemplate, saveTemplate } from "../campaigns/templates.ts";
import { asDb, type Db, openPool, type Pool } from "../db.ts";
import { s3Storage } from "../s3-storage.ts";
import { localStorage, type Storage } from "../storage.ts";
import { cropMedia, uploadMedia } from "./add.ts";
import { dropRemovedMedia, removeMedia, restoreMedia, saveMedia } from "./edit.ts";
import { findPublicMedia, getMedia, getThumbnail, listMedia, listMediaTags, type MediaItem } from "./find.ts";
import { mediaQuery } from "./input.ts";
import { listMediaUses } from "./uses.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let folder: string;
let storage: Storage;
let here: Scope;
let there: Scope;
let bucket: S3Server;

beforeAll(async () => {
  database = await createTestDatabase();
  process.env.DATABASE_URL = database.url;
  process.env.POSTHORN_SECRET ??= "secret for tests secret for tests";
  pool = openPool(database.url, 4);
  db = asDb(pool);
  folder = await mkdtemp(path.join(tmpdir(), "posthorn-media-"));
  storage = localStorage(folder);
  bucket = await startS3Server();
});

beforeEach(async () => {
  here = await makeWorkspace(db);
  there = await makeWorkspace(db);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
  await bucket.close();
  await rm(folder, { recursive: true });
});

const limits = { maxBytes: 5_000_000, maxMegapixels: 64 };

function file(colour: string, width = 300, height = 200): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: colour } })
    .jpeg()
    .toBuffer();
}

async function upload(fileName: string, colour: string, scope = here, into = storage): Promise<MediaItem> {
  const content = Readable.from([await file(colour)]);
  return uploadMedia(db, scope, into, { fileName, content }, limits);
}

const list = async (query: Record<string, string> = {}, scope = here) =>
  (await listMedia(db, scope, mediaQuery.parse(query))).items.map((item) => item.name);

const publicIdOf = (item: MediaItem) => item.path.split("/")[2] ?? "";

async function templateWith(item: MediaItem, name: string): Promise<string> {
  const id = await createTemplate(db, here, { name, from: { kind: "starter", starterId: "letter" } });
  const source = `<mjml><mj-body><mj-section><mj-column><mj-image src="${item.src}"/></mj-column></mj-section></mj-body></mjml>`;
  await saveTemplate(db, here, { templateId: id, version: 1, content: { kind: "mjml", v: 1, source } });
  return id;
}

describe("an upload", () => {
  test("is a picture with a name, an address below PUBLIC_URL and bytes that can be read back", async () => {
    const item = await upload("../../Küste am Morgen.JPG", "teal");
    expect(item).toMatchObject({ name: ".. .. Küste am Morgen", mediaType: "image/jpeg", width: 300, height: 200 });
    expect(item.src).toMatch(/^http:\/\/localhost:3000\/m\/[\w-]{22}\/kuste-am-morgen\.jpg$/);
    const found = await findPublicMedia(db, publicIdOf(item));
    const bytes = await buffer(storage.read(found?.storageKey ?? ""));
    expect(bytes.length).toBe(item.bytes);
    expect((await sharp(bytes).metadata()).format).toBe("jpeg");
    expect((await sharp(await getThumbnail(db, here, item.id)).metadata()).format).toBe("webp");
  });

  test("of the same picture again is the one that is there", async () => {
    const first = await upload("one.jpg", "teal");
    expect((await upload("two.jpg", "teal")).id).toBe(first.id);
    expect(await list()).toEqual(["one"]);
    // Another workspace has its own.
    expect((await upload("two.jpg", "teal", there)).id).not.toBe(first.id);
  });

  test("that is empty or too large is refused", async () => {
    const send = (content: Buffer) =>
      uploadMedia(db, here, storage, { fileName: "a.jpg", content: Readable.from([content]) }, limits);
    await expect(send(Buffer.alloc(0))).rejects.toMatchObject({ code: "media.empty" });
    await expect(send(Buffer.alloc(5_000_001))).rejects.toMatchObject({ code: "storage.too_large" });
    expect(await list()).toEqual([]);
  });

  test("goes to a bucket when there is one", async () => {
    const remote = s3Storage({ ...s3Login, bucket: "harbour", endpoint: bucket.endpoint, prefix: "" });
    const item = await upload("far.jpg", "navy", here, remote);
    const found = await findPublicMedia(db, publicIdOf(item));
    expect(bucket.objects.get(`/harbour/${found?.storageKey}`)?.length).toBe(item.bytes);
    expect((await buffer(remote.read(found?.storageKey ?? ""))).length).toBe(item.bytes);
  });
});

describe("the library", () => {
  test("is searched by name, alt text and tags, and sorted", async () => {
    const one = await upload("harbour.jpg", "red");
    await upload("Atlas.jpg", "green");
    await saveMedia(db, here, { id: one.id, alt: "Boats at dawn", tags: ["spring", "coast"] });
    expect(await list()).toEqual(["Atlas", "harbour"]);
    expect(await list({ sort: "oldest" })).toEqual(["harbour", "Atlas"]);
    expect(await list({ sort: "name" })).toEqual(["Atlas", "harbour"]);
    expect(await list({ q: "HARB" })).toEqual(["harbour"]);
    expect(await list({ q: "dawn boats" })).toEqual(["harbour"]);
    expect(await list({ q: "spring" })).toEqual(["harbour"]);
    expect(await list({ q: "100%" })).toEqual([]);
    expect(await list({ tag: "coast" })).toEqual(["harbour"]);
    expect(await list({ tag: "oas" })).toEqual([]);
    expect(await listMediaTags(db, here)).toEqual(["coast", "spring"]);
  });

  test("belongs to its workspace alone", async () => {
    const item = await upload("mine.jpg", "red");
    expect(await list({}, there)).toEqual([]);
    for (const attempt of [
      () => getMedia(db, there, item.id),
      () => getThumbnail(db, there, item.id),
      () => saveMedia(db, there, { id: item.id, alt: "x" }),
      () => removeMedia(db, there, item.id),
      () => listMediaUses(db, there, item.id),
      () => cropMedia(db, there, storage, crop(item.id), limits),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: "not_found" });
  });

  test("can be looked at by a viewer and changed by an editor", async () => {
    const item = await upload("mine.jpg", "red");
    const viewer: Scope = { ...here, role: "viewer" };
    expect(await list({}, viewer)).toEqual(["mine"]);
    for (const attempt of [
      () => upload("more.jpg", "blue", viewer),
      () => saveMedia(db, viewer, { id: item.id, alt: "x" }),
      () => removeMedia(db, viewer, item.id),
      () => cropMedia(db, viewer, storage, crop(item.id), limits),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: "auth.not_allowed" });
    await saveMedia(db, { ...here, role: "editor" }, { id: item.id, alt: "x" });
    expect((await getMedia(db, viewer, item.id)).alt).toBe("x");
  });

  test("a crop is a new picture with the words of the old one, which stays", async () => {
    const item = await upload("mine.jpg", "red");
    await saveMedia(db, here, { id: item.id, alt: "Boats", tags: ["coast"] });
    const made = await cropMedia(db, here, storage, crop(item.id), limits);
    expect(made).toMatchObject({ name: "part", alt: "Boats", tags: ["coast"], width: 50, height: 50 });
    expect(await getMedia(db, here, item.id)).toMatchObject({ width: 300, height: 200 });
    await expect(
      cropMedia(db, here, storage, { ...crop(item.id), crop: { left: 250, top: 0, width: 100, height: 100 } }, limits),
    ).rejects.toMatchObject({ code: "media.crop_outside" });
  });

  function crop(id: string) {
    return { id, name: "part", crop: { left: 10, top: 10, width: 100, height: 100 }, width: 50 };
  }
});

describe("a removal", () => {
  test("of a picture that no mail uses takes its address away, and can be undone", async () => {
    const item = await upload("mine.jpg", "red");
    expect(await removeMedia(db, here, item.id)).toEqual({ name: "mine", kept: false });
    expect(await list()).toEqual([]);
    expect(await findPublicMedia(db, publicIdOf(item))).toBeNull();
    await restoreMedia(db, here, item.id);
    expect(await list()).toEqual(["mine"]);
    expect(await findPublicMedia(db, publicIdOf(item))).not.toBeNull();
  });

  test("of one that mails use leaves its address alone, even after its file would have gone", async () => {
    const item = await upload("mine.jpg", "red");
    const template = await templateWith(item, "House style");
    expect(await listMediaUses(db, here, item.id)).toEqual([{ kind: "template", id: template, name: "House style" }]);
    expect(await removeMedia(db, here, item.id)).toMatchObject({ kept: true });
    await aDayPasses();
    expect(await dropRemovedMedia(db, storage)).toBe(0);
    const found = await findPublicMedia(db, publicIdOf(item));
    expect((await buffer(storage.read(found?.storageKey ?? ""))).length).toBe(item.bytes);
  });

  test("of one that was only in a sent mail keeps it, too", async () => {
    const item = await upload("mine.jpg", "red");
    const id = here.userId;
    await db.execute(sql`insert into frozen_content (workspace_id, campaign_id, variant_id, subject, html, text, compiled)
      values (${here.workspaceId}, ${id}, ${id}, '', ${`<img src="${item.src}">`}, '', '{}')`);
    expect(await removeMedia(db, here, item.id)).toMatchObject({ kept: true });
  });

  test("deletes the file after a day, and then for good", async () => {
    const item = await upload("mine.jpg", "red");
    const found = await findPublicMedia(db, publicIdOf(item));
    await removeMedia(db, here, item.id);
    expect(await dropRemovedMedia(db, storage)).toBe(0);
    await aDayPasses();
    expect(await dropRemovedMedia(db, storage)).toBe(1);
    await expect(buffer(storage.read(found?.storageKey ?? ""))).rejects.toThrow("ENOENT");
    await expect(restoreMedia(db, here, item.id)).rejects.toMatchObject({ code: "not_found" });
  });

  test("is written into the audit trail, like an upload", async () => {
    const item = await upload("mine.jpg", "red");
    await removeMedia(db, here, item.id);
    await restoreMedia(db, here, item.id);
    const { rows } = await db.execute(
      sql`select action from audit_entry where workspace_id = ${here.workspaceId} and subject_id = ${item.id} order by id`,
    );
    expect(rows.map((row) => row.action)).toEqual(["media.add", "media.remove", "media.restore"]);
  });

  const aDayPasses = () =>
    db.execute(
      sql`update media set removed_at = removed_at - interval '25 hours' where workspace_id = ${here.workspaceId}`,
    );
});

test("a public address that is not one of ours is nothing", async () => {
  for (const id of ["", "short", "../../etc/passwd", "a".repeat(22), "a".repeat(2000), "' or true --"])
    expect(await findPublicMedia(db, id)).toBeNull();
});
