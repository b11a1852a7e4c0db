import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { and, eq, isNull } from "drizzle-orm";
import { media } from "#drizzle/schema/media.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound, Refusal } from "../errors.ts";
import { type FetchLimits, guardedFetch } from "../guarded-fetch.ts";
import type { Storage } from "../storage.ts";
import { type EncodedPicture, encodePicture } from "./encode.ts";
import { getMedia, type MediaItem } from "./find.ts";
import type { CropMediaInput } from "./input.ts";

export interface MediaLimits {
  maxBytes: number;
  maxMegapixels: number;
}

/**
 * Takes a picture into the library, encoded anew; the file itself is not kept. The same picture again is the one that is
 * there. Refuses `media.empty`, `storage.too_large` and what encodePicture() refuses.
 */
export async function uploadMedia(
  db: Db,
  scope: Scope,
  storage: Storage,
  input: { fileName: string; content: Readable },
  limits: MediaLimits,
): Promise<MediaItem> {
  allow(scope, "write");
  const file = await readAll(input.content, limits.maxBytes);
  if (file.length === 0) throw new Refusal("media.empty");
  return keep(db, scope, storage, await encodePicture(file, limits), { name: cleanName(input.fileName) });
}

/** The same, from an address on the web. Refuses what guardedFetch() refuses, too. */
export async function addMediaFromAddress(
  db: Db,
  scope: Scope,
  storage: Storage,
  input: { address: string },
  limits: MediaLimits & Pick<FetchLimits, "privateHosts">,
): Promise<MediaItem> {
  allow(scope, "write");
  const { body, url } = await guardedFetch(input.address, {
    maxBytes: limits.maxBytes,
    maxSeconds: 20,
    privateHosts: limits.privateHosts,
    accept: "image/jpeg,image/png,image/gif,image/webp,image/avif",
  });
  if (body.length === 0) throw new Refusal("media.empty");
  return keep(db, scope, storage, await encodePicture(body, limits), { name: cleanName(lastPart(url)) });
}

/**
 * Cuts and scales a picture into a new one, which takes over alt text and tags. The one it was cut from stays as it is,
 * because mails may show it. Refuses `media.crop_outside`.
 */
export async function cropMedia(
  db: Db,
  scope: Scope,
  storage: Storage,
  input: CropMediaInput,
  limits: MediaLimits,
): Promise<MediaItem> {
  allow(scope, "write");
  const from = await getMedia(db, scope, input.id);
  const { left, top, width, height } = input.crop;
  if (left + width > from.width || top + height > from.height) throw new Refusal("media.crop_outside");
  const file = await buffer(storage.read(await storageKeyOf(db, scope, input.id)));
  const picture = await encodePicture(file, limits, { crop: input.crop, width: input.width });
  return keep(db, scope, storage, picture, { name: input.name, alt: from.alt, tags: from.tags });
}

async function keep(
  db: Db,
  scope: Scope,
  storage: Storage,
  picture: EncodedPicture,
  words: { name: string; alt?: string; tags?: string[] },
): Promise<MediaItem> {
  const { bytes, thumbnail, ...facts } = picture;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const same = await findSame(db, scope, sha256);
  if (same) return getMedia(db, scope, same);
  const { key } = await storage.write(Readable.from([bytes]), { maxBytes: bytes.length });
  try {
    const id = await db.transaction(async (tx) => {
      const [made] = await tx
        .insert(media)
        .values({
          workspaceId: scope.workspaceId,
          publicId: randomBytes(16).toString("base64url"),
          ...words,
          ...facts,
          bytes: bytes.length,
          sha256,
          storageKey: key,
          thumbnail,
          createdBy: scope.userId,
        })
        .returning({ id: media.id });
      if (!made) throw new Error("an insert returned no row");
      await audit(tx, scope, "media.add", { kind: "media", id: made.id }, { name: words.name, bytes: bytes.length });
      return made.id;
    });
    return await getMedia(db, scope, id);
  } catch (error) {
    await storage.remove(key);
    throw error;
  }
}

async function findSame(db: Db, scope: Scope, sha256: string): Promise<string | null> {
  const [row] = await db
    .select({ id: media.id })
    .from(media)
    .where(and(eq(media.workspaceId, scope.workspaceId), eq(media.sha256, sha256), isNull(media.removedAt)))
    .limit(1);
  return row?.id ?? null;
}

async function storageKeyOf(db: Db, scope: Scope, id: string): Promise<string> {
  const [row] = await db
    .select({ key: media.storageKey })
    .from(media)
    .where(and(eq(media.workspaceId, scope.workspaceId), eq(media.id, id)));
  if (!row) throw new NotFound("media");
  return row.key;
}

async function readAll(content: Readable, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of content as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > maxBytes) throw new Refusal("storage.too_large", { maxBytes });
    parts.push(Buffer.from(part.buffer, part.byteOffset, part.byteLength));
  }
  return Buffer.concat(parts);
}

function lastPart(url: URL): string {
  const part = url.pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function cleanName(name: string): string {
  const clean = name
    .replace(/[\p{Cc}\p{Cf}/\\]+/gu, " ")
    .replace(/\.(jpe?g|jfif|png|gif|webp|avif)$/i, "")
    .trim()
    .slice(0, 200);
  return clean === "" ? "Picture" : clean;
}
