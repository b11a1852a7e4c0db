import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Db, Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { attemptsOf, claimNext, expireLease, sendingCampaign, settlement } from "#tests/support/sending-campaign.ts";
import { releaseChunk } from "./claim.ts";
import { countRows, stateCounts } from "./counts.ts";
import type { LoadedMessage } from "./load-chunk.ts";
import { markSending } from "./mark.ts";
import { type Settlement, settleGroup } from "./settle.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Awaited<ReturnType<typeof sendingCampaign>>;
let claimed: Awaited<ReturnType<typeof claimNext>>;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  await pool.query("update campaign set status = 'cancelled'");
  mine = await sendingCampaign(db, pool);
  claimed = await claimNext(db);
  await markSending(db, claimed.chunk, newId(), claimed.messages);
});

const person = (i: number) => claimed.messages[i] as LoadedMessage;
const rollupsHold = async () => {
  const counts = await countRows(db, mine.scope.workspaceId, mine.campaignId);
  expect(await stateCounts(db, mine.scope.workspaceId, mine.campaignId)).toEqual(counts);
  return counts;
};

test("a group of answers is written down with the server's words, and the rollups with it", async () => {
  const accepted = await settleGroup(db, [
    settlement(claimed.chunk, person(0)),
    settlement(claimed.chunk, person(1), {
      state: "failed",
      class: "hard",
      phase: "rcpt",
      code: 550,
      enhanced: "5.1.1",
    }),
    settlement(claimed.chunk, person(2), { state: "deferred", class: "network", code: 451, nextInSeconds: 60 }),
  ]);
  expect(accepted).toBe(3);
  expect(await rollupsHold()).toMatchObject({ sent: 1, failed: 1, deferred: 1, sending: 0 });
  const { rows } = await pool.query(
    "select phase, code, enhanced, reply, extract(epoch from next_at - settled_at)::int as wait from attempt where source_id = $1 order by code",
    [mine.campaignId],
  );
  expect(rows).toEqual([
    { phase: "dot", code: 250, enhanced: null, reply: "queued", wait: null },
    { phase: "dot", code: 451, enhanced: null, reply: "queued", wait: 60 },
    { phase: "rcpt", code: 550, enhanced: "5.1.1", reply: "queued", wait: null },
  ]);
});

test("what was provably not handed over is as if it had never been marked", async () => {
  await settleGroup(db, [settlement(claimed.chunk, person(0), { state: "back" })]);
  expect(await attemptsOf(pool, person(0).id)).toEqual([]);
  expect(await rollupsHold()).toMatchObject({ pending: 1, sending: 2 });
});

test("a retry that was not handed over is deferred again, with its time", async () => {
  await settleGroup(db, [
    settlement(claimed.chunk, person(0), { state: "deferred", class: "network", nextInSeconds: 0 }),
    settlement(claimed.chunk, person(1)),
    settlement(claimed.chunk, person(2), { closesMark: true }),
  ]);
  await releaseChunk(db, claimed.chunk, null);
  const again = await claimNext(db);
  await markSending(db, again.chunk, newId(), again.messages);
  await settleGroup(db, [settlement(again.chunk, again.messages[0] as LoadedMessage, { state: "back" })]);
  expect(await attemptsOf(pool, person(0).id)).toMatchObject([{ n: 1, state: "deferred" }]);
  expect(await rollupsHold()).toMatchObject({ deferred: 1, sent: 2, sending: 0 });
});

test("what stops a campaign is counted with the answers", async () => {
  await settleGroup(db, [
    settlement(claimed.chunk, person(0), { state: "failed", class: "hard" }),
    settlement(claimed.chunk, person(1), { state: "deferred", class: "block", nextInSeconds: 60 }),
    settlement(claimed.chunk, person(2), { state: "failed", class: "content" }),
  ]);
  const { rows } = await pool.query("select hard, blocked, content from chunk where source_id = $1", [mine.campaignId]);
  expect(rows).toEqual([{ hard: 1, blocked: 1, content: 1 }]);
});

test("the last answer of a mark takes the mark away, whatever came of its messages", async () => {
  const group = claimed.messages.map((message, i) =>
    settlement(claimed.chunk, message, i === 1 ? { state: "back" } : {}),
  );
  await settleGroup(db, group.slice(0, 2));
  const left = async () =>
    (await pool.query("select message_ids from mark where source_id = $1", [mine.campaignId])).rows[0]?.message_ids;
  expect(await left()).not.toContain(person(1).id);
  await settleGroup(db, [{ ...(group[2] as Settlement), state: "back", closesMark: true }]);
  expect(await left()).toBeUndefined();
  expect(await rollupsHold()).toMatchObject({ sent: 1, pending: 2, sending: 0 });
});

test("an answer that comes twice counts once", async () => {
  const group = [settlement(claimed.chunk, person(0)), settlement(claimed.chunk, person(1))];
  expect(await settleGroup(db, [...group, ...group])).toBe(2);
  expect(await settleGroup(db, group)).toBe(0);
  expect(await rollupsHold()).toMatchObject({ sent: 2, sending: 1 });
});

test("an answer after the lease ran out is taken as long as nobody has taken the chunk over", async () => {
  await expireLease(pool, claimed.chunk);
  expect(await settleGroup(db, [settlement(claimed.chunk, person(0))])).toBe(1);
  expect(await rollupsHold()).toMatchObject({ sent: 1 });
});

test("an answer of a worker whose chunk was taken over changes nothing", async () => {
  await expireLease(pool, claimed.chunk);
  await claimNext(db, 1);
  const late = [settlement(claimed.chunk, person(0)), settlement(claimed.chunk, person(1), { state: "back" })];
  expect(await settleGroup(db, late)).toBe(0);
  expect(await attemptsOf(pool, person(0).id)).toMatchObject([{ state: "in_doubt", class: "lease_lost" }]);
  expect(await rollupsHold()).toMatchObject({ inDoubt: 3, sent: 0, pending: 0 });
});

test("an answer of a worker whose chunk was taken over takes nothing out of the marks of the new one", async () => {
  await expireLease(pool, claimed.chunk);
  await releaseChunk(db, (await claimNext(db, 1)).chunk, null);
  await pool.query("update attempt set next_at = clock_timestamp() where source_id = $1", [mine.campaignId]);
  await pool.query("update chunk set due_at = clock_timestamp() where source_id = $1", [mine.campaignId]);
  const next = await claimNext(db);
  const { no } = await markSending(db, next.chunk, newId(), next.messages);
  expect(no, "a mark of the same number").toBe(claimed.chunk.marks);
  const late = [
    settlement(claimed.chunk, person(0), { state: "back" }),
    settlement(claimed.chunk, person(1), { closesMark: true }),
  ];
  expect(await settleGroup(db, late)).toBe(0);
  const { rows } = await pool.query("select message_ids from mark where source_id = $1", [mine.campaignId]);
  expect(rows).toHaveLength(1);
  expect(rows[0].message_ids).toHaveLength(3);
  expect(await rollupsHold()).toMatchObject({ sending: 3, sent: 0 });
});

test("answers for several chunks, one of them lost, are told apart", async () => {
  await pool.query("update campaign set status = 'cancelled' where id = $1", [mine.campaignId]);
  const other = await sendingCampaign(db, pool);
  const kept = await claimNext(db);
  await markSending(db, kept.chunk, newId(), kept.messages);
  await pool.query("update campaign set status = 'sending' where id = $1", [mine.campaignId]);
  await expireLease(pool, claimed.chunk);
  await claimNext(db, 1);
  const group = [settlement(claimed.chunk, person(0)), settlement(kept.chunk, kept.messages[0] as LoadedMessage)];
  expect(await settleGroup(db, group)).toBe(1);
  expect(await stateCounts(db, other.scope.workspaceId, other.campaignId)).toMatchObject({ sent: 1, sending: 2 });
  expect(await rollupsHold()).toMatchObject({ sent: 0 });
});

test("a thousand answers of two workers, settled and taken over at once, leave rows and rollups that agree", async () => {
  await pool.query("update campaign set status = 'cancelled'");
  mine = await sendingCampaign(db, pool, 1000);
  const [a, b] = [await claimNext(db, 1), await claimNext(db, 1)];
  for (const one of [a, b]) await markSending(db, one.chunk, newId(), one.messages);
  await expireLease(pool, a.chunk);
  const groups = [a, b].flatMap((one) =>
    Array.from({ length: 5 }, (_, i) =>
      one.messages.slice(i * 100, i * 100 + 100).map((message) => settlement(one.chunk, message)),
    ),
  );
  // A claim passes over a chunk whose row is locked at that moment.
  const takeOver = vi.waitFor(() => claimNext(db, 1), { timeout: 10_000, interval: 1 });
  const [, ...accepted] = await Promise.all([takeOver, ...groups.map((group) => settleGroup(db, group))]);
  const counts = await rollupsHold();
  expect(counts.sent).toBe(accepted.reduce<number>((sum, n) => sum + (n as number), 0));
  expect(counts.sent + counts.inDoubt).toBe(1000);
});
