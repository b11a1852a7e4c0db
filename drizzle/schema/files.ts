import { bigint, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant, workspaceId } from "./columns.ts";

/** What stands in the file storage (lib/storage.ts). No path crosses between processes; they pass this id. */
export const storedFile = pgTable(
  "stored_file",
  {
    workspaceId: workspaceId(),
    id: id(),
    purpose: text().$type<"import" | "rejects" | "export">().notNull(),
    name: text().notNull(),
    mediaType: text("media_type").notNull(),
    bytes: bigint({ mode: "number" }).notNull(),
    sha256: text().notNull(),
    storageKey: text("storage_key").notNull(),
    createdBy: uuid("created_by"),
    createdAt: createdAt(),
    expiresAt: instant("expires_at"),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] })],
);
