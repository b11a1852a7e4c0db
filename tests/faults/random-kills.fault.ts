import { expect, test } from "vitest";
import { startCampaign } from "#lib/campaigns/start.ts";
import { enqueue } from "#lib/queue.ts";
import type { StackProcess } from "#tests/support/stack.ts";
import { acceptedCount, connections, duplicateBound, inArena, inFull, isShort, kill, type Run } from "./arena.ts";
import { type Judged, tell } from "./judge.ts";
import { waitUntil } from "./wait-until.ts";

/*
 * kill -9 at moments nobody chose. The seed of each is in its name: the same seed kills the same worker at the same
 * share of the campaign, though never at the very same instant.
 */

const field = inArena({ crew: ["a", "b"] });
const people = 900;
const seeds = Array.from({ length: isShort ? 1 : 20 }, (_, i) => i + 1);
let pair: StackProcess[] = [];

/** mulberry32: small, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

test.each(seeds)(
  "seed %i: a worker killed at a random moment loses nobody and doubles no more than the bound",
  async (seed) => {
    const random = randomOf(seed);
    if (pair.length === 0) pair = [...field.crew()];
    const victim = random() < 0.5 ? 0 : 1;
    const share = random() * 0.95;
    const run = await field.run({ people, rules: [{ at: "dot", delayMs: 20 }] });
    await run.launch();
    await waitUntil("its moment has come", async () => (await acceptedCount(run)) >= share * people);
    await kill(pair[victim] as StackProcess);
    pair[victim] = await field.arena().startWorker(`restarted ${seed}`);
    const judged = await run.finished();
    tell(`seed ${seed}: worker ${victim + 1} killed at ${Math.round(share * 100)} %`, judged, duplicateBound);
    expect(judged.counts.sent).toBe(people);
    expect(judged.inDoubt).toEqual([]);
    expect(judged.duplicates).toBeLessThanOrEqual(duplicateBound);
  },
);

inFull("five workers send to everybody once", async () => {
  const run = await field.run({ people: 3000, rules: [{ at: "dot", delayMs: 10 }] });
  await field.workers("c", "d", "e");
  await run.launch();
  const judged = await run.finished();
  tell("five workers", judged, 0);
  await sentOnce(run, judged, 3000);
  const { openMost = 0 } = await run.journal.counters();
  expect(openMost, "each keeps to the sender's connections").toBeLessThanOrEqual(5 * connections);
});

test("a start that is rung by two schedulers at the same time happens once", async () => {
  const run = await field.run({ people });
  await run.launch();
  const { db } = field.arena();
  const { workspaceId } = run.scope;
  const job = { workspaceId, campaignId: run.campaignId };
  await Promise.all(
    Array.from({ length: 10 }, () => [
      startCampaign(db, workspaceId, run.campaignId),
      enqueue(db, "campaign.start", job),
      enqueue(db, "campaign.freeze", job),
    ]).flat(),
  );
  const judged = await run.finished();
  tell("start rung twenty times", judged, 0);
  await sentOnce(run, judged, people);
  const { rows } = await field.arena().pool.query(
    `select (select count(*)::int from frozen_content where campaign_id = $1) as contents,
       (select count(*)::int from message where source_id = $1) as messages,
       (select count(distinct subscriber_id)::int from message where source_id = $1) as persons`,
    [run.campaignId],
  );
  expect(rows[0]).toEqual({ contents: 1, messages: people, persons: people });
});

async function sentOnce(run: Run, judged: Judged, count: number): Promise<void> {
  expect(judged.counts.sent).toBe(count);
  expect(judged.duplicates).toBe(0);
  expect(await run.status()).toBe("finished");
}
