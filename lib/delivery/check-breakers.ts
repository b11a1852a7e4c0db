import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";
import { type Breaker, type BreakerCounts, breakers, type Tripped, tripped } from "./breakers.ts";

/**
 * Whether a campaign must not go on, by the rows of all workers; never where nothing is left that could. Reads the chunk
 * rollups (2,000 chunks of a million messages: 1 ms) and counts its complaints by feedback_source; more only when
 * something tripped. The caller pauses it, see lib/campaigns/trouble.ts.
 */
export async function checkBreakers(db: Db, workspaceId: string, campaignId: string): Promise<Tripped | null> {
  const { rows } = await db.execute<
    BreakerCounts & { overruled: string[]; is_left: boolean } & Record<string, unknown>
  >(sql`
    select k.overruled, coalesce(sum(c.sent + c.failed + c.deferred + c.in_doubt), 0)::int as tried,
      coalesce(sum(c.hard), 0)::int as hard, coalesce(sum(c.blocked), 0)::int as block,
      coalesce(sum(c.content), 0)::int as content, coalesce(sum(c.sent), 0)::int as sent,
      (select count(*)::int from feedback f
        where f.workspace_id = ${workspaceId} and f.source_id = ${campaignId} and f.kind = 'complaint') as complaint,
      -- Pending, on the wire or deferred; a chunk that waits may hold nothing but doubts to send again.
      coalesce(bool_or(c.state = 'waiting'
        or (c.state <> 'done' and c.total > c.sent + c.failed + c.in_doubt + c.skipped)), false) as is_left
    from campaign k left join chunk c on c.workspace_id = k.workspace_id and c.source_id = k.id
    where k.workspace_id = ${workspaceId} and k.id = ${campaignId}
    group by k.overruled`);
  const counts = rows[0];
  const found = counts?.is_left ? tripped(counts, counts.overruled) : null;
  return found && { ...found, words: await wordsOf(db, workspaceId, campaignId, found.breaker) };
}

/** The newest answer of a class, as the server said it. Counts on attempt_notable. */
async function wordsOf(db: Db, workspaceId: string, campaignId: string, breaker: Breaker): Promise<string> {
  if (breaker === "complaint") return wordsOfComplaint(db, workspaceId, campaignId);
  const { rows } = await db.execute<{ code: number | null; enhanced: string | null; reply: string | null }>(sql`
    select code, enhanced, reply from attempt
    where workspace_id = ${workspaceId} and source_id = ${campaignId} and state in ('failed', 'deferred')
      and class = ${breaker}
    order by settled_at desc limit 1`);
  const [found] = rows;
  return found
    ? [found.code, found.enhanced, found.reply].filter((part) => part !== null && part !== "").join(" ")
    : "";
}

/** Who passed the newest complaint on. */
async function wordsOfComplaint(db: Db, workspaceId: string, campaignId: string): Promise<string> {
  const { rows } = await db.execute<{ words: string }>(sql`
    select words from feedback where workspace_id = ${workspaceId} and source_id = ${campaignId} and kind = 'complaint'
    order by received_at desc limit 1`);
  return rows[0]?.words ?? "";
}

/** How often one process asks about one campaign, at most. */
const askEveryMs = 1000;

/**
 * Looks at the breakers after answers of the classes they count, at most once a second for each campaign, and tells
 * `onTripped`. A look that is left out is made up for a second later, so the last bad answer of a burst is seen too.
 */
export function watchBreakers(
  db: Db,
  onTripped: (workspaceId: string, campaignId: string, found: Tripped) => Promise<void>,
  onError: (error: unknown) => void,
): { answered(workspaceId: string, campaignId: string, answerClass: string): void; settled(): Promise<void> } {
  const asked = new Map<string, number>();
  const timers = new Map<string, NodeJS.Timeout>();
  const looking = new Set<Promise<void>>();

  const look = (workspaceId: string, campaignId: string) => {
    timers.delete(campaignId);
    const now = performance.now();
    for (const [id, at] of asked) if (at < now - askEveryMs) asked.delete(id);
    asked.set(campaignId, now);
    const work = checkBreakers(db, workspaceId, campaignId)
      .then((found) => (found ? onTripped(workspaceId, campaignId, found) : undefined))
      .catch(onError)
      .finally(() => looking.delete(work));
    looking.add(work);
  };

  return {
    answered(workspaceId, campaignId, answerClass) {
      if (!breakers.some((breaker) => breaker === answerClass) || timers.has(campaignId)) return;
      const waitMs = (asked.get(campaignId) ?? Number.NEGATIVE_INFINITY) + askEveryMs - performance.now();
      if (waitMs <= 0) return look(workspaceId, campaignId);
      timers.set(campaignId, setTimeout(() => look(workspaceId, campaignId), waitMs).unref());
    },
    async settled() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      await Promise.all(looking);
    },
  };
}
