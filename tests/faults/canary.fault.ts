import { expect, test } from "vitest";
import { campaignProgress } from "#lib/campaigns/progress.ts";
import { goOnNow } from "#lib/campaigns/steer.ts";
import type { StackProcess } from "#tests/support/stack.ts";
import { acceptedCount, duplicateBound, inArena, kill, people } from "./arena.ts";
import { tell } from "./judge.ts";
import { pass, waitUntil } from "./wait-until.ts";

const field = inArena();
const canary = 700;

test("a worker killed in the canary: the first people get it and nobody else before the wait is over", async () => {
  const run = await field.run({ rules: [{ at: "dot", delayMs: 20 }] });
  const { db, pool } = field.arena();
  await pool.query("update campaign set canary_count = $2, canary_minutes = 5 where id = $1", [run.campaignId, canary]);
  const [first] = await field.workers("first", "second");
  await run.launch();
  await waitUntil("the canary is under way", async () => (await acceptedCount(run)) > 100);
  await kill(first as StackProcess);
  await field.workers("third");
  const seen = () => campaignProgress(db, run.scope, run.campaignId);
  await waitUntil("the wait has begun", async () => (await seen()).canary?.until instanceof Date);
  // Doubts that the killed worker left are sent once more meanwhile; then it is quiet.
  await waitUntil("nobody is in doubt any more", async () => (await seen()).sent === canary);
  await pass(3000);

  const { pending, canary: waiting } = await seen();
  expect([pending, waiting?.held]).toEqual([people - canary, people - canary]);
  const { rows } = await pool.query("select email from subscriber where workspace_id = $1 order by id limit $2", [
    run.scope.workspaceId,
    canary,
  ]);
  const reached = new Set((await run.journal.accepted()).map(({ to }) => to));
  expect([...reached].sort()).toEqual(rows.map(({ email }) => email).sort());

  await goOnNow(db, run.scope, run.campaignId);
  const judged = await run.finished();
  tell("a worker killed in the canary", judged, duplicateBound);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBeLessThanOrEqual(duplicateBound);
});
