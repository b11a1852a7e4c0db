import { expect, test } from "vitest";
import { acceptedCount, connections, duplicateBound, inArena, inFull, people } from "./arena.ts";
import { tell } from "./judge.ts";
import { pass, waitUntil } from "./wait-until.ts";

const field = inArena();

/** Every twentieth person. */
const everyTwentieth = "-\\d*[02468]0@";
/** Well below what stops a campaign. */
const everyFiftieth = "-\\d*[05]0@";
const isFiftieth = (email: string) => new RegExp(everyFiftieth).test(email);
const isTwentieth = (email: string) => new RegExp(everyTwentieth).test(email);

inFull("a line that breaks after the dot is in doubt, and each such mail is sent once more", async () => {
  const resets = 40;
  const run = await field.run({ rules: [{ at: "dot", skip: 100, times: resets, accept: true, do: "reset" }] });
  await field.workers("first", "second");
  await run.launch();
  const judged = await run.finished();
  tell("line reset after the dot", judged, resets);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBe(resets);
});

test("with the policy to hold, who is in doubt is listed by name and is not mailed again", async () => {
  const run = await field.run({
    policy: "hold",
    rules: [{ at: "dot", skip: 100, times: 40, accept: true, do: "reset" }],
  });
  await field.workers("first", "second");
  await run.launch();
  const judged = await run.finished();
  tell("line reset after the dot, doubts held", judged, 0);
  const untold = judged.accepted.filter((message) => !message.told).map((message) => message.to);
  expect(untold).toHaveLength(40);
  expect(judged.inDoubt.toSorted()).toEqual(untold.toSorted());
  expect(judged.duplicates).toBe(0);
});

inFull("a second doubt about the same mail is held for a person", async () => {
  const run = await field.run({
    people: 600,
    rules: [{ at: "dot", to: everyTwentieth, accept: false, do: "reset" }],
  });
  await field.workers("first", "second");
  await run.launch();
  const judged = await run.finished();
  tell("line reset after every dot of some", judged, 0);
  expect(judged.inDoubt.every(isTwentieth)).toBe(true);
  expect(judged.inDoubt).toHaveLength(30);
  const { rows } = await field
    .arena()
    .pool.query(
      "select max(n)::int as tries from (select count(*) as n from attempt where source_id = $1 and state = 'in_doubt' group by message_id) a",
      [run.campaignId],
    );
  expect(rows[0].tries).toBe(2);
});

test("a relay that is down for a while loses nobody, and nobody's mail fails by it", async () => {
  const run = await field.run({ rules: [{ at: "dot", delayMs: 20 }] });
  await field.workers("first", "second");
  await run.launch();
  await waitUntil("the campaign is well under way", async () => (await acceptedCount(run)) > 300);
  await run.journal.refuseConnections(true);
  await run.journal.dropAll();
  await waitUntil("the campaign says why it stands still", async () => {
    const { rows } = await field
      .arena()
      .pool.query("select pause_reason from campaign where id = $1", [run.campaignId]);
    return rows[0].pause_reason?.startsWith("sender: ");
  });
  await pass(4000);
  await run.journal.refuseConnections(false);
  const judged = await run.finished();
  tell("relay down", judged, 2 * connections);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBeLessThanOrEqual(2 * connections);
  const { rows } = await field.arena().pool.query("select pause_reason from campaign where id = $1", [run.campaignId]);
  expect(rows[0].pause_reason).toBeNull();
});

inFull("whom the server puts off with a 4xx is accepted at the next try", async () => {
  const run = await field.run({
    rules: [{ at: "rcpt", to: everyTwentieth, timesPerRecipient: 1, do: { reply: "451 4.3.0 try again later" } }],
  });
  await field.workers("first", "second");
  await run.launch();
  const judged = await run.finished();
  tell("4xx to one in twenty", judged, 0);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBe(0);
  const { rows } = await field
    .arena()
    .pool.query("select count(*)::int as n from attempt where source_id = $1 and state = 'deferred'", [run.campaignId]);
  expect(rows[0].n).toBe(people / 20);
});

inFull("whom the server refuses for good has failed, and gets no more mail from this workspace", async () => {
  const run = await field.run({
    rules: [{ at: "rcpt", to: everyFiftieth, do: { reply: "550 5.1.1 no such user" } }],
  });
  await field.workers("first", "second");
  await run.launch();
  const judged = await run.finished();
  tell("5xx to one in fifty", judged, 0);
  expect(judged.failed).toHaveLength(people / 50);
  expect(judged.failed.every(isFiftieth)).toBe(true);
  expect(judged.counts.sent).toBe(people - people / 50);
  const { rows } = await field
    .arena()
    .pool.query("select email_key from suppression where workspace_id = $1 and reason = 'hard_bounce'", [
      run.scope.workspaceId,
    ]);
  expect(rows.map((row) => row.email_key).toSorted()).toEqual(judged.failed.toSorted());
});

inFull("a sender that is refused at MAIL fails nobody, is not hammered, and goes on when it is let in", async () => {
  const run = await field.run({
    rules: [{ at: "mail", do: { reply: "550 5.7.1 sender not authorised" } }],
  });
  await field.workers("first", "second");
  await run.launch();
  await waitUntil("the refusal is heard of", async () => {
    const { rows } = await field.arena().pool.query("select health from sender where id = $1", [run.senderId]);
    return rows[0].health === "down";
  });
  await pass(7000);
  const { mail = 0, connections: opened = 0 } = await run.journal.counters();
  const { rows } = await field
    .arena()
    .pool.query("select health_failures as n, health_detail as words from sender where id = $1", [run.senderId]);
  expect(rows[0].words).toContain("sender not authorised");
  expect(rows[0].n, "each failure waits longer").toBeGreaterThanOrEqual(2);
  // Two tries by now, each by at most every connection of both workers with one pipelined behind.
  expect(opened).toBeLessThanOrEqual(2 * 2 * connections);
  expect(mail).toBeLessThanOrEqual(2 * 2 * 2 * connections);
  await run.journal.setRules([]);
  const judged = await run.finished();
  tell("sender refused at MAIL", judged, 0);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBeLessThanOrEqual(duplicateBound);
});
