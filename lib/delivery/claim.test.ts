import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { asDb, type Db, type Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { attemptsOf, claimNext, expireLease, sendingCampaign, settlement } from "#tests/support/sending-campaign.ts";
import { claimChunk, heartbeat, isAlive, leaseFrom, releaseChunk } from "./claim.ts";
import { countRows, stateCounts } from "./counts.ts";
import { decideMessages } from "./decide.ts";
import { loadChunk } from "./load-chunk.ts";
import { markSending } from "./mark.ts";
import { settleGroup } from "./settle.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Awaited<ReturnType<typeof sendingCampaign>>;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  await pool.query("update campaign set status = 'cancelled'");
  mine = await sendingCampaign(db, pool);
});

const chunkRow = async () =>
  (await pool.query("select *, due_at > clock_timestamp() as later from chunk where source_id = $1", [mine.campaignId]))
    .rows[0];

async function markAll(claimed: Awaited<ReturnType<typeof claimNext>>) {
  return markSending(db, claimed.chunk, newId(), claimed.messages);
}

async function rollupsHold() {
  const counts = await countRows(db, mine.scope.workspaceId, mine.campaignId);
  expect(await stateCounts(db, mine.scope.workspaceId, mine.campaignId)).toEqual(counts);
  return counts;
}

test("a chunk is claimed by one worker only, and each claim moves its fence on", async () => {
  const claims = await Promise.all([1, 2, 3, 4].map(() => claimChunk(db, newId(), 60, 60, true)));
  const got = claims.filter((claim) => claim !== null);
  expect(got).toHaveLength(1);
  expect(got[0]).toMatchObject({ campaignId: mine.campaignId, no: 0, fence: 1 });
  await releaseChunk(db, got[0] as never, null);
  expect((await claimNext(db)).chunk.fence).toBe(2);
});

test("nothing is claimed of a campaign that is not sending", async () => {
  await pool.query("update campaign set status = 'paused' where id = $1", [mine.campaignId]);
  expect(await claimChunk(db, newId(), 60, 60, true)).toBeNull();
});

test("a lease that runs is left alone, one that has run out is taken over", async () => {
  const { chunk } = await claimNext(db);
  expect(await claimChunk(db, newId(), 60, 60, true)).toBeNull();
  await expireLease(pool, chunk);
  const taken = await claimChunk(db, newId(), 1, 60, true);
  expect(taken?.fence).toBe(chunk.fence + 1);
});

test("nothing is taken over right after the database started, or by a worker that just found it again", async () => {
  const { chunk } = await claimNext(db);
  await expireLease(pool, chunk);
  expect(await claimChunk(db, newId(), 1, 60, false)).toBeNull();
  // The server has not been up for a year.
  expect(await claimChunk(db, newId(), 365 * 86_400, 60, true)).toBeNull();
});

test("what a lost worker had marked is in doubt when its chunk is taken over, and is sent once more", async () => {
  const lost = await claimNext(db);
  await markAll(lost);
  await settleGroup(db, [settlement(lost.chunk, lost.messages[0] as never)]);
  await expireLease(pool, lost.chunk);
  await claimNext(db, 1);
  const states = await Promise.all(lost.messages.map(async (m) => (await attemptsOf(pool, m.id)).at(-1)));
  expect(states.map((a) => a?.state)).toEqual(["sent", "in_doubt", "in_doubt"]);
  expect(states[1]).toMatchObject({ class: "lease_lost" });
  expect(states[1]?.next_at).not.toBeNull();
  expect(await rollupsHold()).toMatchObject({ sent: 1, inDoubt: 2, sending: 0 });
});

test("a second doubt about the same message, or the policy to hold, leaves it to a person", async () => {
  for (const round of [1, 2]) {
    const lost = await claimNext(db, 1);
    expect(lost.messages).toHaveLength(3);
    await markAll(lost);
    await expireLease(pool, lost.chunk);
    if (round === 1) {
      await releaseChunk(db, (await claimNext(db, 1)).chunk, null);
      await pool.query("update attempt set next_at = clock_timestamp() where source_id = $1", [mine.campaignId]);
      await pool.query("update chunk set due_at = clock_timestamp() where source_id = $1", [mine.campaignId]);
    }
  }
  const { chunk } = await claimNext(db, 1);
  expect(
    (
      await pool.query(
        "select count(*)::int as n from message_state where source_id = $1 and state = 'in_doubt' and next_at is null",
        [mine.campaignId],
      )
    ).rows[0].n,
  ).toBe(3);
  await releaseChunk(db, chunk, null);
  expect((await chunkRow()).state).toBe("done");

  const other = await sendingCampaign(db, pool);
  await pool.query("update campaign set in_doubt_policy = 'hold' where id = $1", [other.campaignId]);
  const held = await claimNext(db, 1);
  await markAll(held);
  await expireLease(pool, held.chunk);
  await claimNext(db, 1);
  expect((await attemptsOf(pool, (held.messages[0] as never as { id: string }).id)).at(-1)).toMatchObject({
    state: "in_doubt",
    next_at: null,
  });
});

test("a heartbeat renews what is still ours and says what is lost", async () => {
  const { chunk } = await claimNext(db);
  chunk.lease.deadline = 0;
  expect(isAlive(chunk.lease)).toBe(false);
  await heartbeat(db, chunk.owner, [chunk], 60);
  expect(isAlive(chunk.lease)).toBe(true);
  await expireLease(pool, chunk);
  await claimNext(db, 1);
  await heartbeat(db, chunk.owner, [chunk], 60);
  expect(isAlive(chunk.lease)).toBe(false);
  expect((await chunkRow()).owner).not.toBe(chunk.owner);
});

test("a lease is believed in for less than it lasts, counted from when it was asked for", () => {
  expect(isAlive(leaseFrom(performance.now(), 1))).toBe(true);
  expect(isAlive(leaseFrom(performance.now() - 950, 1))).toBe(false);
});

test("a chunk that is given back waits for its earliest retry, and is done when nothing inside can still be sent", async () => {
  const first = await claimNext(db);
  await markAll(first);
  const [a, b, c] = first.messages as [never, never, never];
  await settleGroup(db, [
    settlement(first.chunk, a),
    settlement(first.chunk, b, { state: "deferred", class: "network", code: 451, nextInSeconds: 60 }),
    settlement(first.chunk, c, { state: "in_doubt", class: "in_doubt", code: null, closesMark: true }),
  ]);
  await releaseChunk(db, first.chunk, null);
  expect(await chunkRow()).toMatchObject({ state: "waiting", owner: null, later: true });
  expect(await claimChunk(db, newId(), 60, 60, true)).toBeNull();

  await pool.query("update attempt set next_at = clock_timestamp() where state = 'deferred' and source_id = $1", [
    mine.campaignId,
  ]);
  await pool.query("update chunk set due_at = clock_timestamp() where source_id = $1", [mine.campaignId]);
  const second = await claimNext(db);
  expect(second.messages.map((m) => m.lastState)).toEqual(["deferred"]);
  await markAll(second);
  await settleGroup(db, [settlement(second.chunk, second.messages[0] as never, { closesMark: true })]);
  await releaseChunk(db, second.chunk, null);
  expect((await chunkRow()).state).toBe("done");
  expect(await rollupsHold()).toMatchObject({ sent: 2, inDoubt: 1 });
});

test("a chunk with anything still marked is not given back: its lease has to run out", async () => {
  const claimed = await claimNext(db);
  await markAll(claimed);
  await releaseChunk(db, claimed.chunk, null);
  expect((await chunkRow()).state).toBe("leased");
});

test("whoever lost a chunk cannot give it back", async () => {
  const { chunk } = await claimNext(db);
  await expireLease(pool, chunk);
  const next = await claimNext(db, 1);
  await releaseChunk(db, chunk, null);
  expect(await chunkRow()).toMatchObject({ state: "leased", owner: next.chunk.owner });
});

test("a chunk can be given back until later, for a sender that is away", async () => {
  const { chunk } = await claimNext(db);
  await releaseChunk(db, chunk, new Date(Date.now() + 60_000));
  expect(await chunkRow()).toMatchObject({ state: "waiting", later: true });
  expect(await loadChunk(db, chunk)).toHaveLength(3);
});

test("a worker that stands still in the middle of a transaction does not hold on to its chunk", async () => {
  const stuck = await claimNext(db);
  await markAll(stuck);
  const client = await pool.connect();
  await expireLease(pool, stuck.chunk);
  await client.query("begin");
  await settleGroup(asDb(client), [settlement(stuck.chunk, stuck.messages[0] as never)]);
  expect(await claimChunk(db, newId(), 1, 60, true)).toBeNull();
  await vi.waitFor(async () => expect(await claimChunk(db, newId(), 1, 60, true)).not.toBeNull(), {
    timeout: 15_000,
    interval: 200,
  });
  client.release(true);
  expect(await rollupsHold()).toMatchObject({ sent: 0, inDoubt: 3 });
});

test("what a person gives another try while its chunk is being given back is due at once", async () => {
  const { chunk, messages } = await claimNext(db);
  await markSending(db, chunk, newId(), messages);
  const states = ["failed", "in_doubt", "sent"] as const;
  await settleGroup(
    db,
    messages.map((m, i) => settlement(chunk, m, { state: states[i], closesMark: i === 2 })),
  );
  const place = { workspaceId: chunk.workspaceId, campaignId: chunk.campaignId, launchMonth: chunk.launchMonth };
  let released: Promise<void> | undefined;
  await db.transaction(async (tx) => {
    await decideMessages(tx, { ...place, messageId: null }, "retry_failed");
    released = releaseChunk(db, chunk, null);
    await vi.waitFor(async () => {
      const { rows } = await pool.query(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      expect(rows).toHaveLength(1);
    });
  });
  await released;
  expect(await chunkRow()).toMatchObject({ state: "waiting", later: false });
  expect((await claimNext(db)).messages.map(({ id }) => id)).toEqual([messages[0]?.id]);
  await rollupsHold();
});

test("what a person gives another try between a claim and its loading is left to the next claim", async () => {
  const first = await claimNext(db);
  await markAll(first);
  await settleGroup(
    db,
    first.messages.map((m, i) => settlement(first.chunk, m, { state: "failed", closesMark: i === 2 })),
  );
  await releaseChunk(db, first.chunk, null);
  const place = { ...first.chunk, messageId: null };
  const [one, ...others] = first.messages.map(({ id }) => id);
  await decideMessages(db, { ...place, messageId: one as string }, "retry_failed");
  const chunk = await claimChunk(db, newId(), 60, 60, true);
  if (!chunk) throw new Error("nothing is due");
  await decideMessages(db, place, "retry_failed");
  const loaded = await loadChunk(db, chunk);
  expect(loaded.map(({ id }) => id)).toEqual([one]);
  await releaseChunk(db, chunk, null);
  const next = await claimNext(db);
  expect(next.messages.map(({ id }) => id).sort()).toEqual([one, ...others].sort());

  // So a mark is told from what a person wrote: what is lost in it is in doubt.
  await markAll(next);
  await expireLease(pool, next.chunk);
  await claimNext(db, 1);
  expect(await rollupsHold()).toMatchObject({ inDoubt: 3, deferred: 0, sending: 0 });
});
