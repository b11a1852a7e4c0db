import { sql } from "drizzle-orm";
import { boolean, integer, jsonb, pgTable, primaryKey, real, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytea, createdAt, id, instant, workspaceId } from "./columns.ts";

export type TlsMode = "none" | "starttls" | "implicit";
export type AuthMethod = "auto" | "plain" | "login" | "cram-md5" | "xoauth2";

/** Where XOAUTH2 gets its access tokens. The client's secret and the refresh token are sealed beside it. */
export type OauthSettings = { tokenUrl: string; clientId: string; scope: string };

/** A daily cap that grows: `firstDay` messages on the day of `startsOn` (YYYY-MM-DD, UTC), then so many percent more each day. */
export type WarmupPlan = { startsOn: string; firstDay: number; growthPercent: number; days: number };

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
    authMethod: text("auth_method").$type<AuthMethod>().notNull().default("auto"),
    oauth: jsonb().$type<OauthSettings>(),
    /** lib/secrets.ts sealed JSON: client secret and refresh token. */
    oauthSealed: text("oauth_sealed"),
    /** Certificate authorities (PEM) to trust instead of the system's; empty for the system's. */
    authorities: text().notNull().default(""),
    defaultFromName: text("default_from_name").notNull().default(""),
    defaultFromEmail: text("default_from_email").notNull().default(""),
    connections: integer().notNull().default(4),
    messagesPerConnection: integer("messages_per_connection").notNull().default(100),
    /** Null = no limit. Held across all workers through sender_window. */
    ratePerSecond: integer("rate_per_second"),
    ratePerMinute: integer("rate_per_minute"),
    ratePerHour: integer("rate_per_hour"),
    /** Over any 24 hours. */
    ratePerDay: integer("rate_per_day"),
    warmup: jsonb().$type<WarmupPlan>(),
    /** Its share of the campaigns that name no sender; 0 = none, unless it is the default. */
    weight: integer().notNull().default(0),
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
    unit: text().$type<"second" | "minute" | "hour" | "day">().notNull(),
    /** When the newest slot began. */
    startsAt: instant("starts_at").notNull(),
    /** Messages granted per slot, newest first; together the slots cover a little more than the unit. */
    used: integer().array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.senderId, t.unit] })],
);

/**
 * How many of a sender's connections each worker process may hold, so that all of them together keep to its number.
 * A row counts until its lease ends. Written by lib/senders/share.ts.
 */
export const senderShare = pgTable(
  "sender_share",
  {
    workspaceId: workspaceId(),
    senderId: uuid("sender_id").notNull(),
    owner: uuid().notNull(),
    held: integer().notNull(),
    leaseUntil: instant("lease_until").notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.senderId, t.owner] })],
);

/**
 * A domain that mail is sent from: its DKIM keys and what its DNS was seen to say. Written by lib/senders/domains.
 * Private keys are sealed (lib/secrets.ts) and never leave the server.
 */
export const sendingDomain = pgTable(
  "sending_domain",
  {
    workspaceId: workspaceId(),
    id: id(),
    /** As A-labels, lower case. */
    domain: text().notNull(),
    selector: text().notNull(),
    /** Base64 of the public key as its DNS record holds it: SubjectPublicKeyInfo for RSA, 32 octets for Ed25519. */
    rsaPublic: text("rsa_public").notNull(),
    rsaPrivateSealed: text("rsa_private_sealed").notNull(),
    ed25519Selector: text("ed25519_selector"),
    ed25519Public: text("ed25519_public"),
    ed25519PrivateSealed: text("ed25519_private_sealed"),
    /** Mails are signed from when the key was first seen in DNS, or when a person says so. */
    signing: boolean().notNull().default(false),
    /** The host that mails which come back are sent to (the "return path"), and the mail server that takes them there. */
    bounceHost: text("bounce_host"),
    bounceServer: text("bounce_server"),
    /** When its MX was first seen in DNS; from then on it stands in envelopes. */
    bounceSince: instant("bounce_since"),
    checkedAt: instant("checked_at"),
    /** What the last look at DNS found, record by record; while keys are being changed, the new ones too, sealed. */
    findings: jsonb().$type<unknown>(),
    archivedAt: instant("archived_at"),
    createdAt: createdAt(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("sending_domain_name").on(t.workspaceId, t.domain).where(sql`archived_at is null`),
  ],
);

/**
 * What is known of one receiving domain, or of a big provider that serves many: caps that a person set, and how far
 * its answers about rate have slowed us down. A lane without a row has no limits of its own. Written by lib/delivery.
 */
export const lane = pgTable(
  "lane",
  {
    workspaceId: workspaceId(),
    name: text().notNull(),
    /** Set by a person; null = no cap of its own. */
    connections: integer(),
    ratePerSecond: real("rate_per_second"),
    /** Messages a second that are tried while it is slowed; null = not slowed. Grows back step by step. */
    slowedRate: real("slowed_rate"),
    slowedAt: instant("slowed_at"),
    /** When the rate is next raised. */
    raiseAt: instant("raise_at"),
    /** The words of the answer that slowed it. */
    detail: text(),
    /** Up to when its rate is used up (virtual scheduling): the next message may go at this instant. */
    nextAt: instant("next_at"),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.name] })],
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
