import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { suppress } from "#lib/audience/suppression.ts";
import { unsubscribe } from "#lib/audience/unsubscribe.ts";
import type { Db, Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { attemptsOf, claimNext, expireLease, sendingCampaign, settlement } from "#tests/support/sending-campaign.ts";
import { releaseChunk } from "./claim.ts";
import { countRows, stateCounts } from "./counts.ts";
import type { LoadedMessage } from "./load-chunk.ts";
import { markSending } from "./mark.ts";
import { settleGroup } from "./settle.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Awaited<ReturnType<typeof sendingCampaign>>;
let claimed: Awaited<ReturnType<typeof claimNext>>;
const senderId = newId();

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  await pool.query("update campaign set status = 'cancelled'");
  mine = await sendingCampaign(db, pool);
  claimed = await claimNext(db);
});

const mark = (messages = claimed.messages) => markSending(db, claimed.chunk, senderId, messages);
const person = (i: number) => claimed.messages[i] as LoadedMessage;
const stateOf = async (messageId: string) =>
  (await pool.query("select state, fence, sender_id, attempt_n from message_state where id = $1", [messageId])).rows[0];
const rollupsHold = async () => {
  const counts = await countRows(db, mine.scope.workspaceId, mine.campaignId);
  expect(await stateCounts(db, mine.scope.workspaceId, mine.campaignId)).toEqual(counts);
  return counts;
};

test("whom it marks is being sent, under this claim's fence, and has no attempt before there is an answer", async () => {
  const { held, marked, no } = await mark();
  expect(held).toBe(true);
  expect([...marked].toSorted()).toEqual(claimed.messages.map((m) => m.id).toSorted());
  expect(await attemptsOf(pool, person(0).id)).toEqual([]);
  expect(await stateOf(person(0).id)).toMatchObject({ state: "sending", fence: "1", sender_id: senderId });
  const { rows } = await pool.query("select no, message_ids from mark where source_id = $1", [mine.campaignId]);
  expect(rows).toMatchObject([{ no, message_ids: expect.arrayContaining([person(0).id]) }]);
  expect(await rollupsHold()).toMatchObject({ sending: 3, pending: 0 });
});

test("who unsubscribed after the launch is skipped and says why", async () => {
  await unsubscribe(db, {
    workspaceId: mine.scope.workspaceId,
    subscriberId: person(1).subscriberId as string,
    campaignId: mine.campaignId,
    scope: "campaign_lists",
    method: "one_click",
  });
  const { marked } = await mark();
  expect(marked.has(person(1).id)).toBe(false);
  expect(marked.size).toBe(2);
  expect(await attemptsOf(pool, person(1).id)).toMatchObject([{ state: "skipped", class: "unsubscribed" }]);
  expect(await rollupsHold()).toMatchObject({ sending: 2, skipped: 1 });
});

test("who was suppressed or deleted after the launch is skipped", async () => {
  await suppress(db, mine.scope, { email: person(0).email.toUpperCase(), reason: "complaint" });
  await pool.query("delete from subscriber where id = $1", [person(1).subscriberId]);
  const { marked } = await mark();
  expect([...marked]).toEqual([person(2).id]);
  expect(await attemptsOf(pool, person(0).id)).toMatchObject([{ state: "skipped", class: "suppressed" }]);
  expect(await attemptsOf(pool, person(1).id)).toMatchObject([{ state: "skipped", class: "unsubscribed" }]);
});

test("an opt-out elsewhere in another workspace changes nothing", async () => {
  const theirs = await sendingCampaign(db, pool);
  await suppress(db, theirs.scope, { email: person(0).email, reason: "unsubscribed_all" });
  expect((await mark()).marked.size).toBe(3);
});

test("past the end of a campaign everybody is skipped as expired", async () => {
  await pool.query("update campaign set ends_at = clock_timestamp() where id = $1", [mine.campaignId]);
  const { held, marked } = await mark();
  expect([held, marked.size]).toEqual([true, 0]);
  expect(await attemptsOf(pool, person(0).id)).toMatchObject([{ state: "skipped", class: "expired" }]);
});

test.each(["paused", "cancelling", "cancelled", "finished"])(
  "nothing is marked in a campaign that is %s",
  async (status) => {
    await pool.query("update campaign set status = $2 where id = $1", [mine.campaignId, status]);
    expect(await mark()).toMatchObject({ held: false, marked: new Set() });
    expect(await rollupsHold()).toMatchObject({ pending: 3 });
  },
);

test("a worker whose chunk was taken over marks nobody", async () => {
  await expireLease(pool, claimed.chunk);
  const next = await claimNext(db, 1);
  expect(await mark()).toMatchObject({ held: false, marked: new Set() });
  expect((await markSending(db, next.chunk, senderId, next.messages)).marked.size).toBe(3);
});

test("a message that is marked already is not marked twice", async () => {
  await mark();
  expect((await mark()).marked.size).toBe(0);
  expect(await rollupsHold()).toMatchObject({ sending: 3 });
});

test("a retry counts from the state it comes from", async () => {
  await mark();
  const deferred = { state: "deferred", class: "network", code: 451, nextInSeconds: 0 } as const;
  await settleGroup(db, [
    settlement(claimed.chunk, person(0), deferred),
    settlement(claimed.chunk, person(1)),
    settlement(claimed.chunk, person(2), { closesMark: true }),
  ]);
  expect(await rollupsHold()).toMatchObject({ deferred: 1, sent: 2, sending: 0 });
  await releaseChunk(db, claimed.chunk, null);
  const again = await claimNext(db);
  expect(again.messages).toMatchObject([{ id: person(0).id, lastN: 1, lastState: "deferred", tries: 1 }]);
  expect((await markSending(db, again.chunk, senderId, again.messages)).marked.size).toBe(1);
  expect(await rollupsHold()).toMatchObject({ deferred: 0, sending: 1 });
  expect(await stateOf(person(0).id)).toMatchObject({ state: "sending", fence: "2", attempt_n: 1 });
  await settleGroup(db, [settlement(again.chunk, again.messages[0] as LoadedMessage)]);
  expect(await attemptsOf(pool, person(0).id)).toMatchObject([
    { n: 1, state: "deferred" },
    { n: 2, state: "sent", tries: 2 },
  ]);
});

test("marks and answers survive a crash even of a database that does not wait for its disk", async () => {
  await db.transaction(async (tx) => {
    await tx.execute("set local synchronous_commit = off");
    await markSending(tx, claimed.chunk, senderId, claimed.messages);
    expect((await tx.execute("show synchronous_commit")).rows).toEqual([{ synchronous_commit: "on" }]);
  });
  await db.transaction(async (tx) => {
    await tx.execute("set local synchronous_commit = off");
    await settleGroup(tx, [settlement(claimed.chunk, person(0))]);
    expect((await tx.execute("show synchronous_commit")).rows).toEqual([{ synchronous_commit: "on" }]);
  });
});
