import { expect, test } from "vitest";
import type { StackProcess } from "#tests/support/stack.ts";
import { acceptedCount, connections, duplicateBound, inArena, inFull, people, type Run } from "./arena.ts";
import { tell } from "./judge.ts";
import { pass, waitUntil } from "./wait-until.ts";

const field = inArena();

/** Slow enough that everything happens in the middle of it. */
const slow = [{ at: "dot" as const, delayMs: 30 }];

/** Who holds chunks of a campaign now, as the number of owners. */
async function ownersOf(run: Run): Promise<string[]> {
  const { rows } = await field
    .arena()
    .pool.query("select distinct owner::text from chunk where source_id = $1 and owner is not null order by 1", [
      run.campaignId,
    ]);
  return rows.map((row) => row.owner);
}

test("a worker that stood still past its lease sends nothing when it wakes, and its late answers change nothing", async () => {
  const run = await field.run({ rules: slow });
  const [sleeper] = await field.workers("first");
  await run.launch();
  await waitUntil("the campaign is well under way", async () => (await acceptedCount(run)) > 200);
  const [owner] = await ownersOf(run);
  (sleeper as StackProcess).signal("SIGSTOP");

  await field.workers("second");
  await waitUntil("every chunk of the sleeper is somebody else's", async () => {
    return !(await ownersOf(run)).includes(owner as string);
  });
  const before = await run.journal.counters();
  const wokenAt = Date.now();
  (sleeper as StackProcess).signal("SIGCONT");
  const judged = await run.finished();
  tell("stopped past the lease", judged, duplicateBound);
  expect(before.accepted).toBeLessThan(people);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBeLessThanOrEqual(duplicateBound);

  // Nothing went out twice after it woke: what it doubled had left it before.
  const seen = new Map<string, number>();
  for (const { to, at, connection } of judged.accepted) {
    const earlier = seen.get(to);
    if (earlier === undefined) seen.set(to, connection);
    else if (at > wokenAt + 500) expect(connection, `${to} again from the sleeper`).toBeGreaterThan(10);
  }
});

test("a worker that is asked to stop finishes what is on the wire, doubles nobody, and ends", async () => {
  const run = await field.run({ rules: slow });
  const [first] = await field.workers("first", "second");
  await run.launch();
  await waitUntil("the campaign is well under way", async () => (await acceptedCount(run)) > 200);
  (first as StackProcess).signal("SIGTERM");
  expect(await (first as StackProcess).exited).toBe(0);
  const { rows } = await field
    .arena()
    .pool.query(
      "select count(*)::int as n from mark k join chunk c on c.source_id = k.source_id and c.no = k.chunk where k.source_id = $1 and c.state <> 'leased'",
      [run.campaignId],
    );
  expect(rows[0].n, "nothing is left marked").toBe(0);
  const judged = await run.finished();
  tell("asked to stop", judged, 0);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBe(0);
});

inFull(
  "a worker that is asked to stop and gets no answers ends all the same, and who is in doubt is listed by name",
  async () => {
    const run = await field.run({ policy: "hold", rules: [{ at: "dot", skip: 200, hold: true }] });
    const [first] = await field.workers("first");
    await run.launch();
    await waitUntil("every connection waits for an answer", async () => {
      const { accepted = 0, told = 0 } = await run.journal.counters();
      return accepted - told === connections;
    });
    (first as StackProcess).signal("SIGTERM");
    expect(await (first as StackProcess).exited).toBe(0);
    const untold = (await run.journal.accepted()).filter((message) => !message.told).map((message) => message.to);
    await run.journal.setRules([]);

    await field.workers("second");
    const judged = await run.finished();
    tell("asked to stop without answers", judged, 0);
    expect(judged.inDoubt.toSorted()).toEqual(untold.toSorted());
    expect(judged.duplicates).toBe(0);
  },
);

inFull(
  "a worker that is asked to stop before a server that never greets ends soon, and leaves everybody to others",
  async () => {
    const run = await field.run({ people: 600, rules: [{ id: "door", at: "connect", hold: true }] });
    const [first] = await field.workers("first");
    await run.launch();
    await waitUntil("people are marked", async () => {
      const { rowCount } = await field.arena().pool.query("select 1 from mark where source_id = $1", [run.campaignId]);
      return (rowCount ?? 0) > 0;
    });
    (first as StackProcess).signal("SIGTERM");
    const ended = await Promise.race([(first as StackProcess).exited, pass(25_000).then(() => "still running")]);
    expect(ended).toBe(0);
    await run.journal.setRules([]);
    await run.journal.release("door");
    await field.workers("second");
    const judged = await run.finished();
    tell("asked to stop before a silent server", judged, 0);
    expect(judged.counts.sent).toBe(600);
    expect(judged.duplicates).toBe(0);
  },
);
