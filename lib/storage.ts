import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { config } from "./config.ts";
import { Refusal } from "./errors.ts";
import { newId } from "./ids.ts";

/** Where uploads, imports and exports live. Local disk now; anything that can do these three can stand behind it. */
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
  return localStorage(path.resolve(/* turbopackIgnore: true */ config().POSTHORN_DATA_DIR, "files"));
}

/** Files in one folder, two levels deep so that no folder grows without end. */
export function localStorage(root: string): Storage {
  const locate = (key: string) => {
    if (!/^[0-9a-f-]{36}$/.test(key)) throw new Error("not a storage key");
    return path.join(root, key.slice(-2), key);
  };
  return {
    async write(content, { maxBytes }) {
      const key = newId();
      const target = locate(key);
      const partial = `${target}.part`;
      await mkdir(path.dirname(target), { recursive: true });
      const hash = createHash("sha256");
      let bytes = 0;
      try {
        await pipeline(
          content,
          async function* (source: AsyncIterable<Buffer>) {
            for await (const part of source) {
              bytes += part.length;
              if (bytes > maxBytes) throw new Refusal("storage.too_large", { maxBytes });
              hash.update(part);
              yield part;
            }
          },
          createWriteStream(partial, { flags: "wx", mode: 0o600 }),
        );
        await rename(partial, target);
      } catch (error) {
        await rm(partial, { force: true });
        if (hasNoRoom(error)) throw new Refusal("storage.full");
        throw error;
      }
      return { key, bytes, sha256: hash.digest("hex") };
    },
    read: (key) => createReadStream(locate(key)),
    remove: (key) => rm(locate(key), { force: true }),
  };
}

/** The disk is full, or what this user may use of it. */
function hasNoRoom(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes((error as { code?: string }).code ?? "");
}
