import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Db, Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { claimNext, sendingCampaign, settlement } from "#tests/support/sending-campaign.ts";
import { stateCounts } from "./counts.ts";
import { markSending } from "./mark.ts";
import type { Settlement } from "./settle.ts";
import { createSettleQueue, mostUnsettled, settleGroupSize } from "./settle-queue.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Awaited<ReturnType<typeof sendingCampaign>>;
let answers: Settlement[];

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  await pool.query("update campaign set status = 'cancelled'");
  mine = await sendingCampaign(db, pool, 250);
  const { chunk, messages } = await claimNext(db);
  await markSending(db, chunk, newId(), messages);
  answers = messages.map((message) => settlement(chunk, message));
});

const sent = async () => (await stateCounts(db, mine.scope.workspaceId, mine.campaignId)).sent;

test("answers are committed in groups, and each is told when it is", async () => {
  const groups: number[] = [];
  const queue = createSettleQueue(db, async (_tx, group) => {
    groups.push(group.length);
  });
  for (let i = 0; i < answers.length; i++) if (i < mostUnsettled) await queue.reserve();
  await Promise.all(
    answers.slice(0, mostUnsettled).map((answer) => queue.add({ ...answer, suppress: "x@example.com" })),
  );
  expect(await sent()).toBe(mostUnsettled);
  expect(Math.max(...groups)).toBeLessThanOrEqual(settleGroupSize);
  expect(groups.length).toBeGreaterThan(0);
  expect(groups.length).toBeLessThanOrEqual(4);
});

test("no more than two groups can be unsettled: the next one waits for a commit", async () => {
  const queue = createSettleQueue(db, async () => {});
  for (let i = 0; i < mostUnsettled; i++) await queue.reserve();
  let passed = false;
  const next = queue.reserve().then(() => {
    passed = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(passed).toBe(false);
  await queue.add(answers[0] as Settlement);
  await next;
  expect(passed).toBe(true);
});

test("a group that cannot be written is kept and written when it can be, with what belongs to it", async () => {
  let failures = 3;
  let written = 0;
  const queue = createSettleQueue(db, async (_tx, group) => {
    if (failures-- > 0) throw new Error("the database went away");
    written = group.length;
  });
  await queue.reserve();
  await queue.reserve();
  const [first, second] = answers as [Settlement, Settlement];
  await Promise.all([queue.add({ ...first, suppress: "x@example.com" }), queue.add(second)]);
  expect(written).toBe(2);
  expect(await sent()).toBe(2);
});

test("settled() waits for all that was added", async () => {
  const queue = createSettleQueue(db, async () => {});
  for (let i = 0; i < 50; i++) {
    await queue.reserve();
    void queue.add(answers[i] as Settlement);
  }
  await queue.settled();
  expect(await sent()).toBe(50);
});
