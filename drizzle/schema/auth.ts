import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "./columns.ts";

/*
 * Written by lib/auth (better-auth through its drizzle adapter). Property names follow better-auth's models;
 * its "organization" is our workspace.
 */

export const user = pgTable("user", {
  id: id().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean("email_verified").notNull().default(false),
  image: text(),
  createdAt: createdAt(),
  updatedAt: instant("updated_at").notNull().defaultNow(),
});

export const session = pgTable(
  "session",
  {
    id: id().primaryKey(),
    expiresAt: instant("expires_at").notNull(),
    token: text().notNull().unique(),
    createdAt: createdAt(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    userId: uuid("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    activeOrganizationId: uuid("active_workspace_id"),
  },
  (t) => [index("session_user").on(t.userId)],
);

export const account = pgTable(
  "account",
  {
    id: id().primaryKey(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: uuid("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: instant("access_token_expires_at"),
    refreshTokenExpiresAt: instant("refresh_token_expires_at"),
    scope: text(),
    password: text(),
    createdAt: createdAt(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [index("account_user").on(t.userId)],
);

export const verification = pgTable("verification", {
  id: id().primaryKey(),
  identifier: text().notNull(),
  value: text().notNull(),
  expiresAt: instant("expires_at").notNull(),
  createdAt: createdAt(),
  updatedAt: instant("updated_at").notNull().defaultNow(),
});

/** Counters of rate-limiter-flexible (its fixed shape): login attempts and the like. They survive a restart. */
export const rateLimit = pgTable("rate_limit", {
  key: text().primaryKey(),
  points: integer().notNull().default(0),
  expire: bigint({ mode: "number" }),
});

export const workspace = pgTable("workspace", {
  id: id().primaryKey(),
  /** Short stand-in for the id in tracking tokens, so that a token stays short. */
  number: integer().notNull().generatedAlwaysAsIdentity().unique(),
  name: text().notNull(),
  slug: text().notNull().unique(),
  logo: text(),
  metadata: text(),
  createdAt: createdAt(),
  /** Stands in the footer of every marketing mail; a launch without it is refused. */
  postalAddress: text("postal_address").notNull().default(""),
  timeZone: text("time_zone").notNull().default("UTC"),
  language: text().notNull().default("en"),
  /** Own tracking domain; PUBLIC_URL when null. */
  trackingBaseUrl: text("tracking_base_url"),
  /** A sample workspace sends to the built-in inbox only, whatever else is set. */
  isSample: boolean("is_sample").notNull().default(false),
  /** Steps of the home checklist that somebody has put away. */
  dismissedSteps: jsonb("dismissed_steps").$type<string[]>().notNull().default([]),
});

export const member = pgTable(
  "member",
  {
    id: id().primaryKey(),
    organizationId: uuid("workspace_id")
      .notNull()
      .references(() => workspace.id, { onDelete: "cascade" }),
    userId: uuid("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    role: text().notNull(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("member_workspace_user").on(t.organizationId, t.userId), index("member_user").on(t.userId)],
);

export const invitation = pgTable(
  "invitation",
  {
    id: id().primaryKey(),
    organizationId: uuid("workspace_id")
      .notNull()
      .references(() => workspace.id, { onDelete: "cascade" }),
    email: text().notNull(),
    role: text(),
    status: text().notNull(),
    expiresAt: instant("expires_at").notNull(),
    createdAt: createdAt(),
    inviterId: uuid("inviter_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
  },
  (t) => [index("invitation_workspace").on(t.organizationId)],
);

/** One row for the whole installation. Set-up is open until `setUpAt` is written, and never again after. */
export const instance = pgTable("instance", {
  id: integer().primaryKey().default(1),
  setUpAt: instant("set_up_at"),
  /**
   * Which installation this database belongs to: an id that also stands outside it, and the database server's own
   * identity. A copy of the database finds that they differ and sends nothing. Written by lib/instance.
   */
  instanceId: text("instance_id"),
  databaseIdentity: text("database_identity"),
  /** Grows while it is in use, and is remembered outside as well: a database set back to an earlier day is behind. */
  epoch: bigint({ mode: "number" }).notNull().default(0),
  confirmedAt: instant("confirmed_at"),
});

/** Append-only: who did what. Written by lib/auth/audit.ts inside the transaction of the deed. */
export const auditEntry = pgTable(
  "audit_entry",
  {
    id: id().primaryKey(),
    workspaceId: uuid("workspace_id"),
    at: instant("at").notNull().default(sql`clock_timestamp()`),
    userId: uuid("user_id"),
    action: text().notNull(),
    subjectKind: text("subject_kind"),
    subjectId: text("subject_id"),
    detail: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [index("audit_entry_workspace").on(t.workspaceId, t.id)],
);
