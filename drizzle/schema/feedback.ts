import { date, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { instant, workspaceId } from "./columns.ts";

/** complaint: the person, or their provider for them, calls the mail unwanted · bounce: it was accepted, and came back. */
export type FeedbackKind = "complaint" | "bounce";

/**
 * What came back of a message after a server had accepted it: one row for each message and kind, however often it is
 * reported. The message's state stays what it was. Partitioned by launch month, dropped with its message. Written by
 * lib/feedback.
 */
export const feedback = pgTable(
  "feedback",
  {
    workspaceId: workspaceId(),
    /** The message's, so that both are in partitions of the same month. */
    launchMonth: date("launch_month", { mode: "string" }).notNull(),
    messageId: uuid("message_id").notNull(),
    kind: text().$type<FeedbackKind>().notNull(),
    sourceId: uuid("source_id").notNull(),
    /** Of a bounce, its class of lib/delivery/outcome.ts; of a complaint, what the report calls it (abuse, fraud, other). */
    class: text().notNull(),
    /** RFC 3463 code of a bounce, when it names one. */
    enhanced: text(),
    /** The report's own words, capped. */
    words: text().notNull().default(""),
    receivedAt: instant("received_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.launchMonth, t.messageId, t.kind] }),
    // Serves the counts of a campaign's report, its complaint breaker, and the lists behind them.
    index("feedback_source").on(t.workspaceId, t.sourceId, t.kind, t.messageId),
  ],
);
