import { and, asc, desc, eq, isNull, type SQL, sql } from "drizzle-orm";
import { media } from "#drizzle/schema/media.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import { config } from "../config.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";
import { mediaPath } from "../public-url.ts";
import type { MediaQuery } from "./input.ts";

export interface MediaItem {
  id: string;
  name: string;
  alt: string;
  tags: string[];
  mediaType: "image/jpeg" | "image/png" | "image/gif";
  width: number;
  height: number;
  frames: number;
  bytes: number;
  createdAt: string;
  /** The public address, as it goes into mails. */
  src: string;
  /** The same from this host, for the console. */
  path: string;
}

const pageSize = 60;

const columns = {
  id: media.id,
  publicId: media.publicId,
  name: media.name,
  alt: media.alt,
  tags: media.tags,
  mediaType: media.mediaType,
  width: media.width,
  height: media.height,
  frames: media.frames,
  bytes: media.bytes,
  createdAt: media.createdAt,
};

const orders: Record<MediaQuery["sort"], SQL[]> = {
  newest: [desc(media.id)],
  oldest: [asc(media.id)],
  name: [asc(sql`lower(${media.name})`), asc(media.id)],
  largest: [desc(media.bytes), desc(media.id)],
};

/** The pictures of the library, 60 a page; `after` is how many come before. The words of `q` may be in name, alt or tags. */
export async function listMedia(
  db: Db,
  scope: Scope,
  query: MediaQuery,
): Promise<{ items: MediaItem[]; total: number; next: number | null }> {
  allow(scope, "read");
  const words = (query.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const text = sql`lower(${media.name} || ' ' || ${media.alt} || ' ' || array_to_string(${media.tags}, ' '))`;
  const where = and(
    eq(media.workspaceId, scope.workspaceId),
    isNull(media.removedAt),
    query.tag ? sql`${query.tag} = any(${media.tags})` : undefined,
    ...words.map((word) => sql`strpos(${text}, ${word}) > 0`),
  );
  const total = await db.$count(media, where);
  const rows = await db
    .select(columns)
    .from(media)
    .where(where)
    .orderBy(...orders[query.sort])
    .limit(pageSize)
    .offset(query.after);
  const seen = query.after + rows.length;
  return { items: rows.map(itemOf), total, next: seen < total ? seen : null };
}

/** How many pictures come on one page, for the way back. */
export const mediaPageSize = pageSize;

/** Every tag in use, in order. */
export async function listMediaTags(db: Db, scope: Scope): Promise<string[]> {
  allow(scope, "read");
  const tag = sql<string>`unnest(${media.tags})`;
  const rows = await db
    .selectDistinct({ tag })
    .from(media)
    .where(and(eq(media.workspaceId, scope.workspaceId), isNull(media.removedAt)))
    .limit(500);
  return rows.map((row) => row.tag).sort((a, b) => a.localeCompare(b));
}

/** One picture of the library. */
export async function getMedia(db: Db, scope: Scope, id: string): Promise<MediaItem> {
  allow(scope, "read");
  const [row] = await db
    .select(columns)
    .from(media)
    .where(and(eq(media.workspaceId, scope.workspaceId), eq(media.id, id), isNull(media.removedAt)));
  if (!row) throw new NotFound("media");
  return itemOf(row);
}

/** The small picture of a list. */
export async function getThumbnail(db: Db, scope: Scope, id: string): Promise<Buffer> {
  allow(scope, "read");
  const [row] = await db
    .select({ thumbnail: media.thumbnail })
    .from(media)
    .where(and(eq(media.workspaceId, scope.workspaceId), eq(media.id, id)));
  if (!row) throw new NotFound("media");
  return row.thumbnail;
}

/**
 * What a public address leads to, or null. Whoever has the address may see the picture, so nobody is asked for a
 * scope. A removed picture is gone at once, unless mails used it.
 */
export async function findPublicMedia(
  db: Db,
  publicId: string,
): Promise<{ storageKey: string; mediaType: string; bytes: number; sha256: string } | null> {
  if (!/^[\w-]{22}$/.test(publicId)) return null;
  const [row] = await db
    .select({
      storageKey: media.storageKey,
      mediaType: media.mediaType,
      bytes: media.bytes,
      sha256: media.sha256,
    })
    .from(media)
    .where(and(eq(media.publicId, publicId), sql`(${media.removedAt} is null or ${media.kept})`));
  return row ?? null;
}

type Row = Omit<MediaItem, "createdAt" | "src" | "path"> & { publicId: string; createdAt: Date };

export function itemOf({ publicId, createdAt, ...row }: Row): MediaItem {
  const path = mediaPath(publicId, row.name, row.mediaType);
  return { ...row, createdAt: createdAt.toISOString(), path, src: `${config().PUBLIC_URL}${path}` };
}
