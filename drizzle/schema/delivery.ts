import { sql } from "drizzle-orm";
import {
  bigint,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  real,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { instant, workspaceId } from "./columns.ts";

/*
 * Written by lib/delivery (message rows of a campaign by its freeze). A message's state is its row plus its newest
 * attempt; the view message_state (in the migrations) is the one place that says so:
 *   in a mark and without an attempt under its fence → sending; otherwise the newest attempt's state; without an
 *   attempt → pending (claimed while its chunk is leased).
 * message, attempt and feedback are partitioned by launch month; partitions are made by ensure_month_partitions().
 */

export type SourceKind = "campaign" | "transactional" | "confirmation" | "automation";

/** One mail to one person. Never changed after it is written. */
export const message = pgTable(
  "message",
  {
    workspaceId: workspaceId(),
    /** First day (UTC) of the month of launch; the id carries the same instant. */
    launchMonth: date("launch_month", { mode: "string" }).notNull(),
    id: uuid().notNull(),
    sourceKind: text("source_kind").$type<SourceKind>().notNull(),
    sourceId: uuid("source_id").notNull(),
    variantId: uuid("variant_id"),
    subscriberId: uuid("subscriber_id"),
    /** Address as frozen. */
    email: text().notNull(),
    chunk: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.launchMonth, t.id] }),
    // One message per person and campaign; also the order of recipient lists.
    uniqueIndex("message_person").on(t.workspaceId, t.launchMonth, t.sourceId, t.subscriberId),
    index("message_chunk").on(t.workspaceId, t.launchMonth, t.sourceId, t.chunk),
  ],
);

/** About 500 messages that are leased, worked and settled by one worker at a time. */
export const chunk = pgTable(
  "chunk",
  {
    workspaceId: workspaceId(),
    sourceId: uuid("source_id").notNull(),
    no: integer().notNull(),
    launchMonth: date("launch_month", { mode: "string" }).notNull(),
    state: text().$type<"waiting" | "leased" | "done">().notNull().default("waiting"),
    /** Not claimed before this: the earliest retry inside. */
    dueAt: instant("due_at").notNull().defaultNow(),
    owner: uuid(),
    /** Grows with every claim; a settle must name the fence it was claimed under. */
    fence: bigint({ mode: "number" }).notNull().default(0),
    leaseUntil: instant("lease_until"),
    /** Rollup of the states inside, kept in the same transactions as the rows; pending = total - the others. */
    total: integer().notNull(),
    sending: integer().notNull().default(0),
    sent: integer().notNull().default(0),
    deferred: integer().notNull().default(0),
    failed: integer().notNull().default(0),
    inDoubt: integer("in_doubt").notNull().default(0),
    skipped: integer().notNull().default(0),
    /** Of the settled ones, how many were refused in these ways: what stops a campaign is counted from here. */
    hard: integer().notNull().default(0),
    blocked: integer().notNull().default(0),
    content: integer().notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.sourceId, t.no] }),
    index("chunk_due").on(t.dueAt).where(sql`state <> 'done'`),
  ],
);

/**
 * A small group of messages that a worker is handing over at this moment: written before the first of them, gone when
 * the last one's answer is written down. One row for a hundred people, so that each person costs one attempt row and
 * no change of one. A message of a mark is `sending` until it has an attempt under the mark's fence.
 */
export const mark = pgTable(
  "mark",
  {
    workspaceId: workspaceId(),
    sourceId: uuid("source_id").notNull(),
    chunk: integer().notNull(),
    fence: bigint({ mode: "number" }).notNull(),
    /** Counted by the worker, from 1 in each claim. */
    no: integer().notNull(),
    senderId: uuid("sender_id"),
    messageIds: uuid("message_ids").array().notNull(),
    markedAt: instant("marked_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.sourceId, t.chunk, t.fence, t.no] })],
);

/** A worker process, as long as it lives: who sends, and how fast. Not anybody's workspace. Written by lib/delivery. */
export const worker = pgTable("worker", {
  id: uuid().primaryKey(),
  host: text().notNull(),
  pid: integer().notNull(),
  startedAt: instant("started_at").notNull().defaultNow(),
  seenAt: instant("seen_at").notNull().defaultNow(),
  messagesPerSecond: real("messages_per_second").notNull().default(0),
});

export type AttemptState = "sent" | "deferred" | "failed" | "in_doubt" | "skipped";

/** What came of one try to hand a message over, or why there was none (skipped). Written once, by the answer. */
export const attempt = pgTable(
  "attempt",
  {
    workspaceId: workspaceId(),
    launchMonth: date("launch_month", { mode: "string" }).notNull(),
    messageId: uuid("message_id").notNull(),
    n: smallint().notNull(),
    sourceId: uuid("source_id").notNull(),
    chunk: integer().notNull(),
    state: text().$type<AttemptState>().notNull(),
    fence: bigint({ mode: "number" }).notNull(),
    senderId: uuid("sender_id"),
    /** Outcome class of lib/delivery/outcome.ts, or the reason of a skip. */
    class: text(),
    phase: text(),
    code: smallint(),
    enhanced: text(),
    /** The server's own words, capped. */
    reply: text(),
    /** How many of this message's tries count against its schedule so far. */
    tries: smallint().notNull().default(0),
    startedAt: instant("started_at").notNull().defaultNow(),
    settledAt: instant("settled_at"),
    nextAt: instant("next_at"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.launchMonth, t.messageId, t.n] }),
    // Serves the lists "failed", "in doubt", "deferred" and "skipped" of a report; sent is nearly everybody.
    index("attempt_notable")
      .on(t.workspaceId, t.sourceId, t.state, t.messageId)
      .where(sql`state in ('deferred', 'failed', 'in_doubt', 'skipped')`),
  ],
);
