import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { createdAt, id, instant, plainText, workspaceId } from "./columns.ts";

/*
 * Written by lib/audience only. The tables that an import fills by the million (subscriber, subscription, consent)
 * carry no foreign keys: each check would cost about as much as the row itself. deleteWorkspace and the erase of a
 * person clear them by workspace and subscriber.
 */

export type FieldType = "text" | "number" | "boolean" | "date";

/** The typed registry of custom fields. `key` is the merge tag ({{ subscriber.key }}) and never changes. */
export const field = pgTable(
  "field",
  {
    workspaceId: workspaceId(),
    id: id(),
    key: text().notNull(),
    label: text().notNull(),
    type: text().$type<FieldType>().notNull(),
    position: integer().notNull().default(0),
    archivedAt: instant("archived_at"),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] }), uniqueIndex("field_key").on(t.workspaceId, t.key)],
);

export const list = pgTable(
  "list",
  {
    workspaceId: workspaceId(),
    id: id(),
    name: text().notNull(),
    description: text().notNull().default(""),
    archivedAt: instant("archived_at"),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("list_name").on(t.workspaceId, sql`lower(${t.name})`).where(sql`archived_at is null`),
  ],
);

/** A person, one row per workspace and address. */
export const subscriber = pgTable(
  "subscriber",
  {
    workspaceId: workspaceId(),
    id: id(),
    /** As given, used for sending. */
    email: text().notNull(),
    /** lib/audience/address.ts addressKey(): what makes two spellings the same person. */
    emailKey: plainText("email_key").notNull(),
    firstName: text("first_name").notNull().default(""),
    lastName: text("last_name").notNull().default(""),
    /** Values of custom fields by field key; types as the registry says, dates as YYYY-MM-DD. */
    fields: jsonb().$type<Record<string, string | number | boolean | null>>().notNull().default({}),
    language: text(),
    /** How the person first came in: manual, import, form, api, sample. */
    source: text().notNull(),
    importId: uuid("import_id"),
    createdAt: createdAt(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("subscriber_email_key").on(t.workspaceId, t.emailKey),
  ],
);

export type SubscriptionStatus = "unconfirmed" | "subscribed" | "unsubscribed" | "bounced" | "complained";

/** A person's standing on one list. */
export const subscription = pgTable(
  "subscription",
  {
    workspaceId: workspaceId(),
    listId: uuid("list_id").notNull(),
    subscriberId: uuid("subscriber_id").notNull(),
    status: text().$type<SubscriptionStatus>().notNull(),
    createdAt: createdAt(),
    changedAt: instant("changed_at").notNull().defaultNow(),
  },
  (t) => [
    // Serves the audience of a launch (one list, in subscriber order) and the counts per list and status.
    primaryKey({ columns: [t.workspaceId, t.listId, t.subscriberId] }),
    index("subscription_subscriber").on(t.workspaceId, t.subscriberId),
  ],
);

export type ConsentMethod =
  | "import"
  | "manual"
  | "unsubscribe_page"
  | "one_click"
  | "form"
  | "api"
  | "bounce"
  | "complaint"
  | "sample";

/** Append-only proof of every change of standing: when, how, by what words. */
export const consent = pgTable(
  "consent",
  {
    workspaceId: workspaceId(),
    id: id(),
    subscriberId: uuid("subscriber_id").notNull(),
    listId: uuid("list_id"),
    status: text().$type<SubscriptionStatus>().notNull(),
    method: text().$type<ConsentMethod>().notNull(),
    /** The basis in words: what the importer stated, what the form said. */
    wording: text().notNull().default(""),
    importId: uuid("import_id"),
    campaignId: uuid("campaign_id"),
    userId: uuid("user_id"),
    ipAddress: text("ip_address"),
    at: instant("at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index("consent_subscriber").on(t.workspaceId, t.subscriberId),
    index("consent_campaign").on(t.workspaceId, t.campaignId).where(sql`campaign_id is not null`),
  ],
);

export type SuppressionReason = "hard_bounce" | "complaint" | "unsubscribed_all" | "manual" | "erased";

/** Addresses that get no mail from this workspace, whatever their lists say. */
export const suppression = pgTable(
  "suppression",
  {
    workspaceId: workspaceId(),
    id: id(),
    emailKey: plainText("email_key").notNull(),
    reason: text().$type<SuppressionReason>().notNull(),
    detail: text().notNull().default(""),
    campaignId: uuid("campaign_id"),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("suppression_email").on(t.workspaceId, t.emailKey),
  ],
);

export type ImportStatus = "mapping" | "checking" | "checked" | "importing" | "done" | "failed" | "cancelled";

/** One uploaded file of people on its way in. Rows are staged in a table of their own, named after the import. */
export const audienceImport = pgTable(
  "import",
  {
    workspaceId: workspaceId(),
    id: id(),
    status: text().$type<ImportStatus>().notNull().default("mapping"),
    fileId: uuid("file_id").notNull(),
    fileName: text("file_name").notNull(),
    fileBytes: bigint("file_bytes", { mode: "number" }).notNull(),
    fileSha256: text("file_sha256").notNull(),
    encoding: text().notNull(),
    delimiter: text().notNull(),
    /** Names of the columns: the first row, or "Column 1", … where it already holds a person. */
    header: jsonb().$type<string[]>().notNull(),
    hasHeader: boolean("has_header").notNull().default(true),
    /** How 03/04/2026 is read. */
    dateOrder: text("date_order").$type<"dmy" | "mdy">().notNull().default("dmy"),
    /** Per column: the target it fills, or null to leave it out. Shape: lib/audience/import/input.ts. */
    mapping: jsonb().$type<Array<string | null>>().notNull().default([]),
    listIds: uuid("list_ids").array().notNull().default(sql`'{}'`),
    consentBasis: text("consent_basis").notNull().default(""),
    /** What to do with people who are already here. */
    updateExisting: text("update_existing").$type<"overwrite" | "fill" | "keep">().notNull().default("overwrite"),
    /** Exact counts of the dry run and of the run; keys in lib/audience/import/counts.ts. They add up to the rows. */
    dryRun: jsonb("dry_run").$type<Record<string, number>>(),
    result: jsonb().$type<Record<string, number>>(),
    stage: text().notNull().default(""),
    rowsDone: bigint("rows_done", { mode: "number" }).notNull().default(0),
    rowsTotal: bigint("rows_total", { mode: "number" }),
    error: text(),
    rejectsFileId: uuid("rejects_file_id"),
    createdBy: uuid("created_by"),
    createdAt: createdAt(),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
    heartbeatAt: instant("heartbeat_at"),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] })],
);
