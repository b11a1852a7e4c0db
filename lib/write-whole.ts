import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Refusal } from "./errors.ts";

/**
 * Writes a stream to a new file; whole or not at all. Refuses `storage.too_large` past `maxBytes`, and `storage.full`
 * when the disk has no room for it.
 */
export async function writeWhole(
  content: Readable,
  target: string,
  { maxBytes }: { maxBytes: number },
): Promise<{ bytes: number; sha256: string }> {
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
  return { bytes, sha256: hash.digest("hex") };
}

/** The disk is full, or what this user may use of it. */
function hasNoRoom(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes((error as { code?: string }).code ?? "");
}
