import { sql } from "drizzle-orm";
import { expect } from "vitest";
import type { Db } from "#lib/db.ts";
import { countRows, type StateCounts, stateCounts } from "#lib/delivery/counts.ts";
import type { AcceptedMessage, JournalSmtp } from "#tests/support/journal-smtp-controller.ts";

/** What became of a campaign, by the journal of the server and by our rows. */
export interface Judged {
  counts: StateCounts;
  /** Messages that the server accepted beyond the first to the same person. */
  duplicates: number;
  /** Addresses by their state, as our rows have it. */
  inDoubt: string[];
  failed: string[];
  skipped: string[];
  /** All that the server accepted, in order. */
  accepted: AcceptedMessage[];
}

/**
 * The journal is the judge, not our tables. Fails when anybody is missing, when rows say what the journal does not, when the
 * states do not add up or the rollups differ from the rows, or when two mails to one person carry two Message-IDs.
 */
export async function judge(db: Db, workspaceId: string, campaignId: string, journal: JournalSmtp): Promise<Judged> {
  const accepted = await journal.accepted();
  const { rows } = await db.execute<{ id: string; email: string; state: string }>(sql`
    select id, email, state from message_state where workspace_id = ${workspaceId} and source_id = ${campaignId}`);
  const { rows: head } = await db.execute<{ frozen_count: number }>(sql`
    select frozen_count from campaign where workspace_id = ${workspaceId} and id = ${campaignId}`);
  const stateOf = new Map(rows.map((row) => [row.email, row.state]));
  const inState = (state: string) => rows.filter((row) => row.state === state).map((row) => row.email);

  const messageIds = new Map<string, Set<string>>();
  for (const { to, messageId } of accepted) messageIds.set(to, (messageIds.get(to) ?? new Set()).add(messageId));
  const explained = ["failed", "in_doubt", "skipped"];
  const missing = rows.filter((row) => !messageIds.has(row.email) && !explained.includes(row.state));
  const neverMade = rows.filter((row) => row.state === "sent" && !messageIds.has(row.email));
  const strangers = [...messageIds.keys()].filter((email) => !stateOf.has(email));
  expect(missing, "nobody is missing").toEqual([]);
  expect(neverMade, "nothing is called sent that was not accepted").toEqual([]);
  expect(strangers, "nobody else got mail").toEqual([]);
  const renamed = [...messageIds].filter(([, ids]) => ids.size > 1);
  expect(renamed, "every attempt of a message carries the same Message-ID").toEqual([]);
  expect(new Set([...messageIds.values()].flatMap((ids) => [...ids])).size, "no two people share one").toBe(
    messageIds.size,
  );

  const counts = await countRows(db, workspaceId, campaignId);
  expect(await stateCounts(db, workspaceId, campaignId), "rollups equal the rows").toEqual(counts);
  expect(counts.total, "one row for everybody frozen").toBe(head[0]?.frozen_count);
  const { total, ...states } = counts;
  expect(
    Object.values(states).reduce((sum, n) => sum + n, 0),
    "the states add up",
  ).toBe(total);
  return {
    counts,
    duplicates: accepted.length - messageIds.size,
    inDoubt: inState("in_doubt"),
    failed: inState("failed"),
    skipped: inState("skipped"),
    accepted,
  };
}

/** One line for people who run the faults: what was seen, and what may be seen at most. */
export function tell(fault: string, judged: Judged, bound: number): void {
  const shown = judged.inDoubt.slice(0, 5).join(", ");
  const rest = judged.inDoubt.length - 5;
  const doubts = shown === "" ? "nobody" : rest > 0 ? `${shown} and ${rest} more` : shown;
  console.log(
    `seen: ${fault}: ${judged.counts.total} people, ${judged.accepted.length} accepted, ` +
      `${judged.duplicates} duplicates (at most ${bound}), in doubt: ${doubts}`,
  );
}
