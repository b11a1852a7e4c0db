import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { config } from "./config.ts";
import { newId } from "./ids.ts";
import { s3Settings, s3Storage } from "./s3-storage.ts";
import { writeWhole } from "./write-whole.ts";

/** Where uploads, imports, exports and pictures live: local disk, or a bucket of a service that speaks S3. */
export interface Storage {
  /**
   * Writes a stream under a new key; whole or not at all. Refuses `storage.too_large` past `maxBytes`, and
   * `storage.full` when the disk has no room for it.
   */
  write(content: Readable, limits: { maxBytes: number }): Promise<{ key: string; bytes: number; sha256: string }>;
  read(key: string): Readable;
  remove(key: string): Promise<void>;
}

/** The storage of this installation. */
export function storage(): Storage {
  const bucket = s3Settings(config());
  if (bucket) return s3Storage(bucket);
  return localStorage(path.resolve(/* turbopackIgnore: true */ config().POSTHORN_DATA_DIR, "files"));
}

/** Files in one folder, two levels deep so that no folder grows without end. */
export function localStorage(root: string): Storage {
  const locate = (key: string) => {
    if (!/^[0-9a-f-]{36}$/.test(key)) throw new Error("not a storage key");
    return path.join(root, key.slice(-2), key);
  };
  return {
    async write(content, limits) {
      const key = newId();
      return { key, ...(await writeWhole(content, locate(key), limits)) };
    },
    read: (key) => createReadStream(locate(key)),
    remove: (key) => rm(locate(key), { force: true }),
  };
}
