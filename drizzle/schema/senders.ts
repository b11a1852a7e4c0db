import { sql } from "drizzle-orm";
import { boolean, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytea, createdAt, id, instant, workspaceId } from "./columns.ts";

export type TlsMode = "none" | "starttls" | "implicit";

/** An SMTP account. Written by lib/senders; health by the delivery workers through lib/senders. */
export const sender = pgTable(
  "sender",
  {
    workspaceId: workspaceId(),
    id: id(),
    name: text().notNull(),
    /** The built-in inbox keeps mails on this machine; it is the default until an SMTP account is. */
    kind: text().$type<"smtp" | "inbox">().notNull(),
    host: text().notNull().default(""),
    port: integer().notNull().default(587),
    tlsMode: text("tls_mode").$type<TlsMode>().notNull().default("starttls"),
    /** Off only for a server whose certificate cannot be checked, by an admin's choice. */
    verifyCertificate: boolean("verify_certificate").notNull().default(true),
    username: text().notNull().default(""),
    /** lib/secrets.ts sealed text; never leaves the server. */
    passwordSealed: text("password_sealed"),
    defaultFromName: text("default_from_name").notNull().default(""),
    defaultFromEmail: text("default_from_email").notNull().default(""),
    connections: integer().notNull().default(4),
    messagesPerConnection: integer("messages_per_connection").notNull().default(100),
    /** Null = no limit. Held across all workers through sender_window. */
    ratePerSecond: integer("rate_per_second"),
    ratePerHour: integer("rate_per_hour"),
    isDefault: boolean("is_default").notNull().default(false),
    health: text().$type<"up" | "down">().notNull().default("up"),
    /** The server's words when it was taken out. */
    healthDetail: text("health_detail"),
    healthFailures: integer("health_failures").notNull().default(0),
    retryAt: instant("retry_at"),
    archivedAt: instant("archived_at"),
    createdAt: createdAt(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("sender_default").on(t.workspaceId).where(sql`is_default and archived_at is null`),
  ],
);

/**
 * How much of a sender's allowance is handed out, per limit. Workers lease from here, so a second cannot double it.
 * Written by lib/senders/allowance.ts, which says how the slots move.
 */
export const senderWindow = pgTable(
  "sender_window",
  {
    workspaceId: workspaceId(),
    senderId: uuid("sender_id").notNull(),
    unit: text().$type<"second" | "hour">().notNull(),
    /** When the newest slot began. */
    startsAt: instant("starts_at").notNull(),
    /** Messages granted per slot, newest first; together the slots cover a little more than the unit. */
    used: integer().array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.senderId, t.unit] })],
);

/** Mails caught by the built-in inbox. Written by lib/inbox; capped per workspace. */
export const inboxMail = pgTable(
  "inbox_mail",
  {
    workspaceId: workspaceId(),
    id: id(),
    receivedAt: instant("received_at").notNull().defaultNow(),
    mailFrom: text("mail_from").notNull(),
    rcptTo: text("rcpt_to").array().notNull(),
    subject: text().notNull(),
    bytes: integer().notNull(),
    raw: bytea().notNull(),
    /** Deleted by a person, who can take it back for a few minutes; then the row goes. */
    deletedAt: instant("deleted_at"),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] })],
);
