import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readPauseReason, reasonOf } from "#lib/campaigns/pause-reason.ts";
import type { Db, Pool } from "#lib/db.ts";
import { useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { sendingCampaign } from "#tests/support/sending-campaign.ts";
import { type BreakerCounts, breakers, tripped } from "./breakers.ts";
import { checkBreakers, watchBreakers } from "./check-breakers.ts";

const counts = (changes: Partial<BreakerCounts>): BreakerCounts => ({
  tried: 0,
  hard: 0,
  block: 0,
  content: 0,
  sent: 0,
  complaint: 0,
  ...changes,
});

test.each<[string, Partial<BreakerCounts>, string | null]>([
  ["25 of 500 addresses do not exist", { tried: 500, hard: 25 }, null],
  ["26 of the first 500 do not", { tried: 500, hard: 26 }, "hard"],
  ["26 of the first 30 do not", { tried: 30, hard: 26 }, "hard"],
  ["three of four do not, of a list of four", { tried: 4, hard: 3 }, null],
  ["5 % of a large campaign do not", { tried: 100_000, hard: 5000 }, null],
  ["more than 5 % of a large campaign do not", { tried: 100_000, hard: 5001 }, "hard"],
  ["all of 99 are blocked", { tried: 99, block: 99 }, null],
  ["5 of 100 are blocked", { tried: 100, block: 5 }, null],
  ["6 of 100 are blocked", { tried: 100, block: 6 }, "block"],
  ["the content is refused twice", { tried: 2, content: 2 }, null],
  ["the content is refused three times", { tried: 3, content: 3 }, "content"],
  ["the content is refused three times of a million", { tried: 1_000_000, content: 3 }, "content"],
  ["the list is bad and therefore blocked", { tried: 200, hard: 60, block: 20 }, "hard"],
  ["one of ten complains", { tried: 10, sent: 10, complaint: 1 }, null],
  ["two of ten complain", { tried: 10, sent: 10, complaint: 2 }, null],
  ["three of ten complain", { tried: 10, sent: 10, complaint: 3 }, "complaint"],
  ["0.3 % of those sent complain", { tried: 2000, sent: 1000, complaint: 3 }, null],
  ["more than 0.3 % of those sent do, less of those tried", { tried: 2000, sent: 1000, complaint: 4 }, "complaint"],
  ["30 of 10,000 complain", { tried: 10_000, sent: 10_000, complaint: 30 }, null],
  ["31 of 10,000 complain", { tried: 10_000, sent: 10_000, complaint: 31 }, "complaint"],
  ["nothing was tried", {}, null],
])("when %s: %o → %s", (_words, changes, breaker) => {
  expect(tripped(counts(changes))?.breaker ?? null).toBe(breaker);
});

test("an overruled breaker stops no more, the others still do", () => {
  const bad = counts({ tried: 200, hard: 60, block: 20, content: 5 });
  expect(tripped(bad, ["hard"])).toEqual({ breaker: "block", count: 20, tried: 200 });
  expect(tripped(bad, ["hard", "block"])?.breaker).toBe("content");
  expect(tripped(bad, ["hard", "block", "content"])).toBeNull();
});

const anyCounts = fc.record({
  ...{ tried: fc.nat(5000), hard: fc.nat(400), block: fc.nat(400), content: fc.nat(10) },
  ...{ sent: fc.nat(5000), complaint: fc.nat(30) },
});

test("more of what it counts never closes a breaker again, and what trips is said with its own numbers", () => {
  fc.assert(
    fc.property(anyCounts, fc.constantFrom(...breakers), fc.nat(50), (before, breaker, more) => {
      const others = breakers.filter((name) => name !== breaker);
      const worse = { ...before, [breaker]: before[breaker] + more };
      if (tripped(before, others))
        expect(tripped(worse, others)).toEqual({
          breaker,
          count: worse[breaker],
          tried: breaker === "complaint" ? before.sent : before.tried,
        });
    }),
  );
});

test("a stored reason is read as it was written", () => {
  fc.assert(
    fc.property(fc.constantFrom(...breakers), fc.nat(), fc.nat(), fc.string(), (breaker, count, tried, words) => {
      const found = { breaker, count, tried, words };
      expect(readPauseReason(reasonOf(found))).toEqual({ kind: "breaker", ...found });
    }),
  );
  expect(readPauseReason("person")).toEqual({ kind: "person" });
  expect(readPauseReason("auth: 550 5.7.26 no DKIM: none")).toEqual({
    kind: "auth",
    words: "550 5.7.26 no DKIM: none",
  });
  expect(readPauseReason("sender: 421 closed")).toEqual({ kind: "sender", words: "421 closed" });
  expect(readPauseReason("block: 554 spam"), "as older versions wrote it").toEqual({
    kind: "other",
    words: "554 spam",
  });
  expect(readPauseReason("whatever")).toEqual({ kind: "other", words: "whatever" });
});

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());

/** Chunks as workers leave them: some people tried, some of them refused. */
async function answered(campaignId: string, no: number, changes: Record<string, number>): Promise<void> {
  for (const [column, value] of Object.entries(changes))
    await pool.query(`update chunk set ${column} = $3 where source_id = $1 and no = $2`, [campaignId, no, value]);
}

test("the breakers count over all chunks, whoever worked them, and of this campaign only", async () => {
  const mine = await sendingCampaign(db, pool, 1200);
  const theirs = await sendingCampaign(db, pool, 1200);
  const check = ({ scope, campaignId }: typeof mine) => checkBreakers(db, scope.workspaceId, campaignId);
  await answered(mine.campaignId, 0, { sent: 200, failed: 13, hard: 13 });
  await answered(mine.campaignId, 1, { sent: 187, failed: 13, hard: 13, deferred: 2 });
  await answered(theirs.campaignId, 0, { sent: 480, failed: 20, hard: 20 });
  await pool.query(
    `insert into attempt (workspace_id, launch_month, message_id, n, source_id, chunk, state, fence, class, code, enhanced, reply, settled_at)
     select workspace_id, launch_month, id, 1, source_id, chunk, 'failed', 1, 'hard', 550, '5.1.1', 'no such user', now()
     from message where source_id = $1 limit 26`,
    [mine.campaignId],
  );
  expect(await check(mine)).toEqual({ breaker: "hard", count: 26, tried: 415, words: "550 5.1.1 no such user" });
  expect(await check(theirs)).toBeNull();
  expect(await checkBreakers(db, theirs.scope.workspaceId, mine.campaignId)).toBeNull();
  await pool.query("update campaign set overruled = '{hard}' where id = $1", [mine.campaignId]);
  expect(await check(mine)).toBeNull();
});

test("answers that count are looked at, at most once a second for a campaign, and the last one is not forgotten", async () => {
  const { scope, campaignId } = await sendingCampaign(db, pool, 10);
  const onTripped = vi.fn().mockResolvedValue(undefined);
  const onError = vi.fn();
  const watch = watchBreakers(db, onTripped, onError);
  const answer = (answerClass: string) => watch.answered(scope.workspaceId, campaignId, answerClass);
  answer("sent");
  answer("soft");
  answer("content");
  await answered(campaignId, 0, { failed: 3, content: 3 });
  for (let i = 0; i < 500; i++) answer("content");
  await vi.waitFor(() => expect(onTripped).toHaveBeenCalled(), { timeout: 5000, interval: 20 });
  expect(onTripped).toHaveBeenCalledExactlyOnceWith(scope.workspaceId, campaignId, {
    breaker: "content",
    count: 3,
    tried: 3,
    words: "",
  });
  await watch.settled();
  expect(onError).not.toHaveBeenCalled();
});
