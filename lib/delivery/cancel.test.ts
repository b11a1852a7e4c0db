import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Db, Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { attemptsOf, claimNext, expireLease, sendingCampaign, settlement } from "#tests/support/sending-campaign.ts";
import { cancelPending, isDrained } from "./cancel.ts";
import { releaseChunk } from "./claim.ts";
import { countRows, stateCounts } from "./counts.ts";
import type { LoadedMessage } from "./load-chunk.ts";
import { markSending } from "./mark.ts";
import { settleGroup } from "./settle.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Awaited<ReturnType<typeof sendingCampaign>>;

beforeAll(async () => {
  process.env.DELIVERY_LEASE_SECONDS = "1";
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  await pool.query("update campaign set status = 'cancelled'");
  mine = await sendingCampaign(db, pool);
});

const setStatus = (status: string) =>
  pool.query("update campaign set status = $2 where id = $1", [mine.campaignId, status]);
const cancel = () => cancelPending(db, mine.scope.workspaceId, mine.campaignId);
const rollupsHold = async () => {
  const counts = await countRows(db, mine.scope.workspaceId, mine.campaignId);
  expect(await stateCounts(db, mine.scope.workspaceId, mine.campaignId)).toEqual(counts);
  return counts;
};

test("what waits is skipped as cancelled, and what was sent stays sent", async () => {
  const { chunk, messages } = await claimNext(db);
  const [sent, later, doubt] = messages as [LoadedMessage, LoadedMessage, LoadedMessage];
  await markSending(db, chunk, newId(), messages);
  await settleGroup(db, [
    settlement(chunk, sent),
    settlement(chunk, later, { state: "deferred", class: "network", nextInSeconds: 600 }),
    settlement(chunk, doubt, { state: "in_doubt", class: "in_doubt", nextInSeconds: 60, closesMark: true }),
  ]);
  await releaseChunk(db, chunk, null);
  await setStatus("cancelling");
  expect(await cancel()).toBe(true);
  expect(await rollupsHold()).toMatchObject({ sent: 1, skipped: 1, inDoubt: 1, deferred: 0, pending: 0 });
  expect((await attemptsOf(pool, later.id)).at(-1)).toMatchObject({ n: 2, state: "skipped", class: "cancelled" });
  // A doubt is no more than not sent again.
  expect(await attemptsOf(pool, doubt.id)).toMatchObject([{ n: 1, state: "in_doubt", next_at: null }]);
  expect(await isDrained(db, mine.scope.workspaceId, mine.campaignId)).toBe(true);
});

test("a chunk that a living worker holds is left to it, one that was left behind is not", async () => {
  const { chunk, messages } = await claimNext(db);
  await markSending(db, chunk, newId(), messages.slice(0, 1));
  await setStatus("cancelling");
  expect(await cancel()).toBe(false);
  expect(await rollupsHold()).toMatchObject({ sending: 1, pending: 2 });

  await expireLease(pool, chunk);
  expect(await cancel()).toBe(true);
  expect(await rollupsHold()).toMatchObject({ inDoubt: 1, skipped: 2 });
  const late = await settleGroup(db, [settlement(chunk, messages[0] as LoadedMessage)]);
  expect(late, "its late answer changes nothing").toBe(0);
});

test("nothing is skipped of a campaign that is not being cancelled, and nothing twice", async () => {
  expect(await cancel()).toBe(false);
  expect(await rollupsHold()).toMatchObject({ pending: 3 });
  await setStatus("cancelling");
  expect(await Promise.all([cancel(), cancel(), cancel()])).toContain(true);
  expect(await cancel()).toBe(true);
  expect(await rollupsHold()).toMatchObject({ skipped: 3 });
});
