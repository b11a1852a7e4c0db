import { describe, expect, test } from "vitest";
import { wrongClock } from "#tests/support/faketime.ts";
import { acceptedCount, connections, duplicateBound, inArena, inFull, isShort, kill } from "./arena.ts";
import { tell } from "./judge.ts";
import { pass, waitUntil } from "./wait-until.ts";

/*
 * Workers whose wall clock is wrong by an hour. Leases, retries and waits go by the clock of the database, deadlines by
 * a monotonic one, so nothing may come of it. Needs libfaketime (Debian); without it these count as skipped.
 */

const field = inArena();
const people = 600;
const clocks = (isShort ? ["-1h"] : ["+1h", "-1h"]).map((offset) => ({ offset, env: wrongClock(offset) }));
const wrong = describe.runIf(clocks.every(({ env }) => env !== null));

wrong.each(clocks)("a worker whose clock is wrong by $offset", ({ offset, env }) => {
  const start = (name: string) => field.arena().startWorker(name, undefined, env ?? {});

  inFull("sends to everybody once, beside one whose clock is right, with refusals and a rate in the way", async () => {
    const run = await field.run({
      people,
      sender: { rate_per_second: 200 },
      rules: [{ at: "rcpt", to: "-\\d*[02468]0@", timesPerRecipient: 1, do: { reply: "451 4.3.0 try again later" } }],
    });
    const worker = await start("wrong");
    await field.workers("right");
    try {
      await run.launch();
      const judged = await run.finished();
      tell(`clock ${offset}`, judged, 0);
      expect(judged.counts.sent).toBe(people);
      expect(judged.duplicates).toBe(0);
    } finally {
      await kill(worker);
    }
  });

  inFull("takes over from a killed one only when the lease has run out", async () => {
    // Slow enough that it is under way still when a second worker has started, on a busy machine too.
    const run = await field.run({ people, rules: [{ at: "dot", delayMs: 150 }] });
    const [right] = await field.workers("right");
    await run.launch();
    await waitUntil("the campaign is well under way", async () => (await acceptedCount(run)) > 100);
    const worker = await start("wrong");
    try {
      const owners = await ownersOf(run.campaignId);
      expect(owners, "leases that run are left alone").toHaveLength(1);
      if (right) await kill(right);
      const judged = await run.finished();
      tell(`clock ${offset}, the other worker killed`, judged, duplicateBound);
      expect(judged.counts.sent).toBe(people);
      expect(judged.duplicates).toBeLessThanOrEqual(duplicateBound);
    } finally {
      await kill(worker);
    }
  });

  test("waits for a relay that is away as long as it should, and goes on by itself", async () => {
    const run = await field.run({ people, rules: [{ at: "dot", delayMs: 20 }] });
    const worker = await start("wrong");
    try {
      await run.launch();
      await waitUntil("the campaign is under way", async () => (await acceptedCount(run)) > 50);
      const { connections: before = 0 } = await run.journal.counters();
      await run.journal.setRules([{ at: "connect", do: { reply: "554 5.7.1 not now", close: true } }]);
      await run.journal.dropAll();
      await waitUntil("the sender is known to be away", async () => (await failuresOf(run.senderId)) >= 1);
      await pass(3500);
      expect(await failuresOf(run.senderId), "the wait of five seconds is kept").toBe(1);
      const { connections: opened = 0 } = await run.journal.counters();
      expect(opened - before, "nobody rings meanwhile").toBeLessThanOrEqual(2 * connections);
      await run.journal.setRules([]);
      const judged = await run.finished();
      tell(`clock ${offset}, relay away`, judged, connections);
      expect(judged.counts.sent).toBe(people);
      expect(judged.duplicates).toBeLessThanOrEqual(connections);
    } finally {
      await kill(worker);
    }
  });
});

const ahead = wrongClock("+1h");

test.runIf(ahead !== null)("a worker whose clock is an hour ahead does not take a campaign for ended", async () => {
  const run = await field.run({
    people: 60,
    rules: [{ at: "rcpt", timesPerRecipient: 1, do: { reply: "451 4.3.0 try again later" } }],
    draft: { endsAt: new Date(Date.now() + 30 * 60_000).toISOString() },
  });
  const worker = await field.arena().startWorker("ahead", undefined, ahead ?? {});
  try {
    await run.launch();
    const judged = await run.finished();
    expect(judged.counts).toMatchObject({ sent: 60, failed: 0, skipped: 0 });
  } finally {
    await kill(worker);
  }
});

async function ownersOf(campaignId: string): Promise<string[]> {
  const { rows } = await field
    .arena()
    .pool.query("select distinct owner::text from chunk where source_id = $1 and owner is not null", [campaignId]);
  return rows.map((row) => row.owner);
}

async function failuresOf(senderId: string): Promise<number> {
  const { rows } = await field.arena().pool.query("select health_failures from sender where id = $1", [senderId]);
  return rows[0].health_failures;
}
