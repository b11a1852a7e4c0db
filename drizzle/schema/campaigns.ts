import { sql } from "drizzle-orm";
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { createdAt, id, instant, workspaceId } from "./columns.ts";

export type ContentKind = "mjml" | "html" | "doc";

/** Immutable content, keyed by its hash: saving the same bytes twice is the same revision. Written by lib/campaigns. */
export const revision = pgTable(
  "revision",
  {
    workspaceId: workspaceId(),
    id: id(),
    kind: text().$type<ContentKind>().notNull(),
    v: smallint().notNull().default(1),
    source: text().notNull(),
    sha256: text().notNull(),
    createdAt: createdAt(),
    createdBy: uuid("created_by"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("revision_sha256").on(t.workspaceId, t.kind, t.v, t.sha256),
  ],
);

/** Content to start campaigns from. `version` guards autosave against a lost race. */
export const template = pgTable(
  "template",
  {
    workspaceId: workspaceId(),
    id: id(),
    name: text().notNull(),
    revisionId: uuid("revision_id").notNull(),
    version: integer().notNull().default(1),
    archivedAt: instant("archived_at"),
    createdAt: createdAt(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] })],
);

export type CampaignStatus =
  | "draft" // being written
  | "scheduled" // starts at launchAt; "send now" is ten seconds ahead, so that it can be undone
  | "missed" // launchAt passed by more than its limit while nothing ran; needs a click
  | "freezing" // content is frozen, message rows are being written
  | "sending"
  | "paused" // by a person or by the engine, see pauseReason; resumes to freezing when frozenAt is null
  | "cancelling" // cancel was pressed: what is pending becomes skipped(cancelled)
  | "finished"
  | "cancelled";

/** A decision about many messages on its way through the chunks, in their order. */
export interface Deciding {
  /** A name of lib/delivery/decide.ts. */
  decision: string;
  /** Messages it was about when the person said yes, and those that are changed. */
  of: number;
  done: number;
  /** Nothing that came about later is decided. */
  at: string;
  by: string | null;
  /** The last chunk that is done; -1 before the first. */
  upTo: number;
}

/** Written by lib/campaigns; its states change by guarded updates only. */
export const campaign = pgTable(
  "campaign",
  {
    workspaceId: workspaceId(),
    id: id(),
    name: text().notNull(),
    status: text().$type<CampaignStatus>().notNull().default("draft"),
    fromName: text("from_name").notNull().default(""),
    fromEmail: text("from_email").notNull().default(""),
    replyTo: text("reply_to").notNull().default(""),
    senderId: uuid("sender_id"),
    /** Frozen at launch: the senders it is shared among, by their weights of the moment. */
    senderIds: uuid("sender_ids").array(),
    trackOpens: boolean("track_opens").notNull().default(true),
    trackClicks: boolean("track_clicks").notNull().default(true),
    inDoubtPolicy: text("in_doubt_policy").$type<"resend" | "hold">().notNull().default("resend"),
    /** Bumped by every edit; an edit that names another version has lost a race. */
    version: integer().notNull().default(1),
    /** What was picked: wall time as YYYY-MM-DDTHH:MM and zone; the instant is launchAt. Null for "send now". */
    scheduledWallTime: text("scheduled_wall_time"),
    scheduledZone: text("scheduled_zone"),
    launchAt: instant("launch_at"),
    launchedAt: instant("launched_at"),
    /** Retries stop here. */
    endsAt: instant("ends_at"),
    /** So many are sent first; then it waits so many minutes, and goes on by itself if nothing stopped it. */
    canaryCount: integer("canary_count"),
    canaryMinutes: integer("canary_minutes"),
    /** When the first ones were out: it goes on from here. */
    canaryUntil: instant("canary_until"),
    /** Breakers that a person has overruled for this campaign; they stop it no more. */
    overruled: text().array().notNull().default([]),
    frozenAt: instant("frozen_at"),
    /** Last subscriber whose audience page is written; where a stopped freeze goes on. */
    freezeCursor: uuid("freeze_cursor"),
    frozenCount: integer("frozen_count"),
    /** Everyone left out at launch, by reason. */
    excludedCounts: jsonb("excluded_counts").$type<Record<string, number>>(),
    pauseReason: text("pause_reason"),
    pausedAt: instant("paused_at"),
    finishedAt: instant("finished_at"),
    /** Null unless a decision is being carried out in batches; one at a time. */
    deciding: jsonb().$type<Deciding>(),
    archivedAt: instant("archived_at"),
    createdBy: uuid("created_by"),
    launchedBy: uuid("launched_by"),
    createdAt: createdAt(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    // Serves the scheduler and the sweep, which look over all workspaces for campaigns that are under way.
    index("campaign_under_way")
      .on(t.status, t.launchAt)
      .where(sql`status in ('scheduled', 'freezing', 'sending', 'paused', 'cancelling')`),
    // Serves the sweep, which rings again for decisions whose worker fell silent.
    index("campaign_deciding").on(t.updatedAt).where(sql`deciding is not null`),
  ],
);

/** What is mailed. One per campaign now; tests of several come on the same rows. */
export const variant = pgTable(
  "variant",
  {
    workspaceId: workspaceId(),
    id: id(),
    campaignId: uuid("campaign_id").notNull(),
    name: text().notNull().default("A"),
    subject: text().notNull().default(""),
    preheader: text().notNull().default(""),
    revisionId: uuid("revision_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] }), index("variant_campaign").on(t.workspaceId, t.campaignId)],
);

/** Whom a campaign goes to: people subscribed to an included list and on no excluded one. */
export const campaignList = pgTable(
  "campaign_list",
  {
    workspaceId: workspaceId(),
    campaignId: uuid("campaign_id").notNull(),
    listId: uuid("list_id").notNull(),
    mode: text().$type<"include" | "exclude">().notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.campaignId, t.listId] })],
);

/** Frozen at launch: everything a sender needs to make a variant's mails. Never changed after. */
export const frozenContent = pgTable(
  "frozen_content",
  {
    workspaceId: workspaceId(),
    campaignId: uuid("campaign_id").notNull(),
    variantId: uuid("variant_id").notNull(),
    subject: text().notNull(),
    html: text().notNull(),
    text: text().notNull(),
    /** lib/content CompiledMail: pre-encoded segments with holes. */
    compiled: jsonb().$type<unknown>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.campaignId, t.variantId] })],
);

/** A campaign's frozen link table: the only place a click may lead to. Positions start at 0. */
export const link = pgTable(
  "link",
  {
    workspaceId: workspaceId(),
    campaignId: uuid("campaign_id").notNull(),
    position: smallint().notNull(),
    url: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.campaignId, t.position] })],
);
