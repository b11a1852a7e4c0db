import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, pgTable, primaryKey, smallint, text, uuid } from "drizzle-orm/pg-core";
import { bytea, createdAt, id, instant, workspaceId } from "./columns.ts";

/**
 * Pictures for mails, as we encoded them. The bytes never change: a cropped picture is a new row. Written by lib/media.
 * `removedAt` hides a picture and can be undone; `kept` says that mails used it then, so its address goes on answering.
 */
export const media = pgTable(
  "media",
  {
    workspaceId: workspaceId(),
    id: id(),
    /** What stands in the public address: random, so that nobody finds a picture who was not given its address. */
    publicId: text("public_id").notNull(),
    name: text().notNull(),
    alt: text().notNull().default(""),
    tags: text().array().notNull().default(sql`'{}'`),
    mediaType: text("media_type").$type<"image/jpeg" | "image/png" | "image/gif">().notNull(),
    width: integer().notNull(),
    height: integer().notNull(),
    frames: smallint().notNull().default(1),
    bytes: bigint({ mode: "number" }).notNull(),
    sha256: text().notNull(),
    storageKey: text("storage_key").notNull(),
    /** A small WebP for lists. */
    thumbnail: bytea().notNull(),
    createdBy: uuid("created_by"),
    createdAt: createdAt(),
    removedAt: instant("removed_at"),
    kept: boolean().notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    // The public address names no workspace. Not unique, because 128 random bits are.
    index("media_public_id").on(t.publicId),
    // The same picture uploaded twice.
    index("media_sha256").on(t.workspaceId, t.sha256),
  ],
);
