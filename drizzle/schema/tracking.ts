import { index, inet, pgTable, primaryKey, smallint, text, uuid } from "drizzle-orm/pg-core";
import { id, instant, workspaceId } from "./columns.ts";

export type EventKind = "open" | "click" | "unsubscribe";
export type Verdict = "human" | "machine";

/** Every hit, none thrown away. Written by lib/tracking; partitioned by the month received. */
export const event = pgTable(
  "event",
  {
    workspaceId: workspaceId(),
    receivedAt: instant("received_at").notNull(),
    id: id(),
    kind: text().$type<EventKind>().notNull(),
    campaignId: uuid("campaign_id").notNull(),
    messageId: uuid("message_id"),
    subscriberId: uuid("subscriber_id"),
    linkPosition: smallint("link_position"),
    verdict: text().$type<Verdict>().notNull(),
    /** Which rule gave the verdict. */
    verdictReason: text("verdict_reason").notNull(),
    userAgent: text("user_agent").notNull(),
    ipAddress: inet("ip_address"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.receivedAt, t.id] }),
    index("event_campaign").on(t.workspaceId, t.campaignId, t.kind, t.receivedAt),
    // Serves the burst rule (all hits of one mail in the last seconds) and judging a mail's hits again.
    index("event_message").on(t.workspaceId, t.messageId, t.receivedAt),
  ],
);

/** Per person and campaign, the first of each kind. Kept by the ingest with the event, in one transaction. */
export const firstTouch = pgTable(
  "first_touch",
  {
    workspaceId: workspaceId(),
    campaignId: uuid("campaign_id").notNull(),
    subscriberId: uuid("subscriber_id").notNull(),
    humanOpenAt: instant("human_open_at"),
    machineOpenAt: instant("machine_open_at"),
    humanClickAt: instant("human_click_at"),
    machineClickAt: instant("machine_click_at"),
    unsubscribedAt: instant("unsubscribed_at"),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.campaignId, t.subscriberId] })],
);
