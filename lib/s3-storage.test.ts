import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type S3Server, s3Login, startS3Server } from "#tests/support/s3-server.ts";
import { parseConfig } from "./config.ts";
import { s3Settings, s3Storage } from "./s3-storage.ts";
import { localStorage, type Storage } from "./storage.ts";

let server: S3Server;
let folder: string;

beforeAll(async () => {
  server = await startS3Server();
  folder = await mkdtemp(path.join(tmpdir(), "posthorn-storage-test-"));
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const settings = () => ({ ...s3Login, bucket: "harbour", endpoint: server.endpoint, prefix: "posthorn/" });

describe.each([
  ["local disk", (): Storage => localStorage(folder)],
  ["a bucket", (): Storage => s3Storage(settings())],
])("files on %s", (_where, open) => {
  test("come back as they were, until they are removed", async () => {
    const storage = open();
    const content = Buffer.alloc(300_000, "abcdefg");
    const { key, bytes } = await storage.write(Readable.from([content.subarray(0, 7), content.subarray(7)]), {
      maxBytes: 300_000,
    });
    expect(bytes).toBe(300_000);
    expect((await buffer(storage.read(key))).equals(content)).toBe(true);
    await storage.remove(key);
    await expect(buffer(storage.read(key))).rejects.toThrow();
    // Twice is as good as once.
    await storage.remove(key);
  });

  test("are not written at all when they are too large or their line breaks", async () => {
    const storage = open();
    const before = server.objects.size;
    await expect(storage.write(Readable.from([Buffer.alloc(11)]), { maxBytes: 10 })).rejects.toMatchObject({
      code: "storage.too_large",
    });
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from("half");
        throw new Error("the line broke");
      })(),
    );
    await expect(storage.write(broken, { maxBytes: 10 })).rejects.toThrow("the line broke");
    expect(server.objects.size).toBe(before);
  });

  test("have keys that lead nowhere else", async () => {
    expect(() => open().read("../../etc/passwd")).toThrow("not a storage key");
  });
});

describe("a bucket", () => {
  test("holds files under the prefix", async () => {
    const { key } = await s3Storage(settings()).write(Readable.from([Buffer.from("hello")]), { maxBytes: 10 });
    expect(server.objects.get(`/harbour/posthorn/${key}`)?.toString()).toBe("hello");
  });

  test("that is busy is asked again", async () => {
    server.failNext(2);
    const storage = s3Storage(settings());
    const { key } = await storage.write(Readable.from([Buffer.from("patience")]), { maxBytes: 10 });
    expect((await buffer(storage.read(key))).toString()).toBe("patience");
  });

  test("that does not know the login says so, and the caller hears of it", async () => {
    const stranger = s3Storage({ ...settings(), secretAccessKey: "another" });
    await expect(stranger.write(Readable.from([Buffer.from("x")]), { maxBytes: 10 })).rejects.toThrow("403 to PUT");
    await expect(buffer(stranger.read("0199aaaa-0000-7000-8000-000000000000"))).rejects.toThrow("403 to GET");
    await expect(stranger.remove("0199aaaa-0000-7000-8000-000000000000")).rejects.toThrow("403 to DELETE");
  });

  test("leaves nothing on our disk", async () => {
    await s3Storage(settings()).write(Readable.from([Buffer.from("x")]), { maxBytes: 10 });
    expect((await readdir(tmpdir())).filter((name) => name.startsWith("posthorn-upload-"))).toEqual([]);
  });

  test("is used once it is set, and then its login must be set as well", () => {
    const env = { DATABASE_URL: "postgres://x", POSTHORN_SECRET: "s".repeat(32) };
    expect(s3Settings(parseConfig(env))).toBeNull();
    expect(() => parseConfig({ ...env, S3_BUCKET: "harbour" })).toThrow("S3_ACCESS_KEY_ID: is needed with S3_BUCKET");
    const set = { ...env, S3_BUCKET: "harbour", S3_ACCESS_KEY_ID: "a", S3_SECRET_ACCESS_KEY: "b" };
    expect(s3Settings(parseConfig(set))).toMatchObject({ bucket: "harbour", endpoint: null, region: "us-east-1" });
  });
});
