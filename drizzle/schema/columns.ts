import { sql } from "drizzle-orm";
import { customType, timestamp, uuid } from "drizzle-orm/pg-core";

/** UUIDv7 made by the database function new_id() (see the first migration), so that keys sort by age. */
export const id = () => uuid().notNull().default(sql`new_id()`);

/** The tenant. It stands first in every key and every unique constraint. */
export const workspaceId = () => uuid("workspace_id").notNull();

/** An instant, always with time zone. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const createdAt = () => instant("created_at").notNull().defaultNow();

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({
  dataType: () => "bytea",
});

/** Text that sorts by bytes whatever the database's locale: a prefix search and a keyset can use its index. */
export const plainText = customType<{ data: string; driverData: string }>({
  dataType: () => 'text COLLATE "C"',
});
