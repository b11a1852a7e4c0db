import { expect, test } from "vitest";
import type { StackProcess } from "#tests/support/stack.ts";
import { acceptedCount, connections, duplicateBound, inArena, inFull, isShort, kill, type Run } from "./arena.ts";
import { tell } from "./judge.ts";
import { waitUntil } from "./wait-until.ts";

/*
 * kill -9 at every moment that matters. Each test makes sure of its moment, by a lock in the database or by a server
 * that holds still, kills, and lets the other worker and a new one go on.
 */

const field = inArena();
/** A worker takes four chunks of 500 at once: these are enough for two. */
const people = isShort ? 3000 : 5000;

const attempts = async (run: Run, state: string): Promise<number> =>
  (
    await field
      .arena()
      .pool.query("select count(*)::int as n from message_state where source_id = $1 and state = $2", [
        run.campaignId,
        state,
      ])
  ).rows[0].n;

const allWrittenDown = (run: Run): Promise<unknown> =>
  waitUntil("all answers are written down", async () => {
    return (await attempts(run, "sent")) === (await run.journal.counters()).told;
  });

/** Nobody can write an attempt (marks and answers alike) until the returned function is called. */
async function lockAttempts(): Promise<() => Promise<void>> {
  const client = await field.arena().pool.connect();
  await client.query("begin; lock table attempt in share mode");
  return async () => {
    await client.query("commit");
    client.release();
  };
}

/** What a killed worker had asked the database for is not carried out after its death. */
async function endSessionsOf(name: string): Promise<void> {
  await field
    .arena()
    .pool.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1", [name]);
}

inFull("a worker killed with people claimed and nobody marked loses nobody and doubles nobody", async () => {
  const run = await field.run({ people });
  const [first] = await field.workers("first");
  const unlock = await lockAttempts();
  await run.launch();
  await waitUntil("the first worker waits to mark people", async () => {
    const { rows } = await field
      .arena()
      .pool.query("select 1 from pg_stat_activity where application_name = 'first' and wait_event_type = 'Lock'");
    return rows.length > 0;
  });
  await kill(first as StackProcess);
  await endSessionsOf("first");
  await unlock();
  expect(await acceptedCount(run)).toBe(0);

  await field.workers("second", "third");
  const judged = await run.finished();
  tell("killed with people claimed", judged, 0);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBe(0);
  expect(judged.inDoubt).toEqual([]);
});

inFull("a worker killed with people marked and nothing sent loses nobody and doubles nobody", async () => {
  const run = await field.run({ people, rules: [{ id: "door", at: "connect", hold: true }] });
  const [first] = await field.workers("first", "second");
  await run.launch();
  // Each has its share of the connections, and both stand before the door.
  await waitUntil("both workers have marked people", async () => {
    const { rows } = await field.arena().pool.query(
      `select count(distinct c.owner)::int as n from mark k join chunk c on c.source_id = k.source_id and c.no = k.chunk
       where k.source_id = $1`,
      [run.campaignId],
    );
    return rows[0].n === 2;
  });
  await kill(first as StackProcess);
  const left = await attempts(run, "sending");
  await run.journal.setRules([]);
  await run.journal.release("door");
  expect(left).toBeGreaterThan(0);

  await field.workers("third");
  const judged = await run.finished();
  tell("killed with people marked", judged, 0);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBe(0);
});

inFull("a worker killed before the dot loses nobody and doubles nobody", async () => {
  const run = await field.run({ people, rules: [{ id: "354", at: "data", skip: 200, tell: true, hold: true }] });
  const [first] = await field.workers("first", "second");
  await run.launch();
  // All connections, which both workers share, wait for their 354, and all answers so far are written down.
  for (let i = 0; i < connections; i++) await run.journal.reached((event) => event.phase === "data", 20_000);
  await allWrittenDown(run);
  await kill(first as StackProcess);
  await run.journal.setRules([]);
  await run.journal.release("354");

  await field.workers("third");
  const judged = await run.finished();
  tell("killed before the dot", judged, 0);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBe(0);
});

async function killAfterTheDot(flags: string[]): Promise<void> {
  const run = await field.run({ people, flags, rules: [{ id: "250", at: "dot", skip: 200, tell: true, hold: true }] });
  const [first] = await field.workers("first");
  await run.launch();
  // Every connection waits for the answer to an accepted mail, and all others are written down.
  for (let i = 0; i < connections; i++) await run.journal.reached((event) => event.phase === "dot", 20_000);
  await allWrittenDown(run);
  await kill(first as StackProcess);
  await run.journal.setRules([]);
  await run.journal.release("250");

  await field.workers("second", "third");
  const judged = await run.finished();
  tell(`killed after the dot (${["a server", ...flags].join(" ")})`, judged, duplicateBound);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBe(connections);
}

test("a worker killed after the dot loses nobody, and doubles only who was accepted without its hearing of it", () =>
  killAfterTheDot([]));

inFull("the same holds on the wire without pipelining", () => killAfterTheDot(["--no-pipelining"]));

test("a worker killed with 250s that are not written down loses nobody and doubles no more than the bound", async () => {
  const run = await field.run({ people, rules: [{ at: "dot", delayMs: 5 }] });
  const [first] = await field.workers("first");
  await run.launch();
  await waitUntil("the campaign is well under way", async () => (await acceptedCount(run)) > 200);
  const unlock = await lockAttempts();
  // Nothing can be written down any more; the server goes on taking what was marked.
  let before = -1;
  await waitUntil("the worker has nothing left that it may send", async () => {
    const now = await acceptedCount(run);
    const still = now === before;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return still;
  });
  const unsettled = (await acceptedCount(run)) - (await attempts(run, "sent"));
  await kill(first as StackProcess);
  await endSessionsOf("first");
  await unlock();
  expect(unsettled, "some answers were not written down").toBeGreaterThan(0);

  await field.workers("second", "third");
  const judged = await run.finished();
  tell("killed with 250s unsettled", judged, duplicateBound);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBeGreaterThan(0);
  expect(judged.duplicates).toBeLessThanOrEqual(duplicateBound);
});
