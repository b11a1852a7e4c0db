import { expect, test } from "vitest";
import { unsubscribe } from "#lib/audience/unsubscribe.ts";
import { cancelCampaign, pauseCampaign, resumeCampaign } from "#lib/campaigns/steer.ts";
import { acceptedCount, inArena, inFull, people, type Run } from "./arena.ts";
import { tell } from "./judge.ts";
import { pass, waitUntil } from "./wait-until.ts";

const field = inArena();
const bitesWithinMs = 2000;
const slow = [{ at: "dot" as const, delayMs: 30 }];

async function underWay(run: Run): Promise<void> {
  await field.workers("first", "second");
  await run.launch();
  await waitUntil("the campaign is well under way", async () => (await acceptedCount(run)) > 200);
}

test("two seconds after a pause no new MAIL is written, and after it is resumed nobody is missing or doubled", async () => {
  const run = await field.run({ rules: slow });
  await underWay(run);
  await pauseCampaign(field.arena().db, run.scope, run.campaignId);
  await pass(bitesWithinMs);
  const { mail } = await run.journal.counters();
  await pass(3000);
  expect((await run.journal.counters()).mail).toBe(mail);
  expect(mail).toBeLessThan(people);
  expect(await run.status()).toBe("paused");

  await resumeCampaign(field.arena().db, run.scope, run.campaignId);
  const judged = await run.finished();
  tell("paused and resumed", judged, 0);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBe(0);
});

inFull("a campaign that is paused and resumed at once goes on", async () => {
  const run = await field.run({ rules: slow });
  await underWay(run);
  for (let i = 0; i < 5; i++) {
    await pauseCampaign(field.arena().db, run.scope, run.campaignId);
    await pass(i * 150);
    await resumeCampaign(field.arena().db, run.scope, run.campaignId);
    await pass(i * 100);
  }
  const judged = await run.finished();
  tell("paused and resumed five times", judged, 0);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBe(0);
});

inFull("two seconds after a cancel nothing is accepted, and everybody else is skipped", async () => {
  const run = await field.run({ rules: slow });
  await underWay(run);
  await cancelCampaign(field.arena().db, run.scope, run.campaignId);
  const cancelledAt = Date.now();
  await waitUntil("the campaign is cancelled", async () => (await run.status()) === "cancelled");
  await pass(Math.max(0, cancelledAt + bitesWithinMs + 1000 - Date.now()));
  const judged = await run.judge();
  tell("cancelled", judged, 0);
  expect(judged.accepted.filter((message) => message.at > cancelledAt + bitesWithinMs)).toEqual([]);
  expect(judged.counts.sent).toBe(judged.accepted.length);
  expect(judged.counts.skipped).toBe(people - judged.accepted.length);
  expect(judged.counts.skipped).toBeGreaterThan(0);
});

inFull("who unsubscribes while the campaign goes out gets nothing two seconds later", async () => {
  const run = await field.run({ rules: slow });
  await underWay(run);
  const { rows } = await field.arena().pool.query(
    `select m.email, m.subscriber_id from message_state m where source_id = $1 and state in ('pending', 'claimed')
     order by random() limit 50`,
    [run.campaignId],
  );
  for (const { subscriber_id: subscriberId } of rows) {
    await unsubscribe(field.arena().db, {
      workspaceId: run.scope.workspaceId,
      subscriberId,
      campaignId: run.campaignId,
      scope: "campaign_lists",
      method: "one_click",
    });
  }
  const goneAt = Date.now();
  const gone = new Set(rows.map((row) => row.email));
  const judged = await run.finished();
  tell("fifty unsubscribed", judged, 0);
  const late = judged.accepted.filter((message) => gone.has(message.to) && message.at > goneAt + bitesWithinMs);
  expect(late).toEqual([]);
  expect(judged.skipped.length).toBeGreaterThan(0);
  expect(judged.skipped.every((email) => gone.has(email))).toBe(true);
  expect(judged.duplicates).toBe(0);
});

test("who unsubscribes when already marked, before a server that lets nobody in, gets nothing", async () => {
  const run = await field.run({ people: 600, rules: [{ id: "door", at: "connect", hold: true }] });
  await field.workers("first", "second");
  await run.launch();
  const marked = await waitUntil("people are marked", async () => {
    const { rows } = await field
      .arena()
      .pool.query("select m.email, m.subscriber_id from message_state m where source_id = $1 and state = 'sending'", [
        run.campaignId,
      ]);
    return rows.length >= 20 ? rows : null;
  });
  for (const { subscriber_id: subscriberId } of marked) {
    await unsubscribe(field.arena().db, {
      workspaceId: run.scope.workspaceId,
      subscriberId,
      campaignId: run.campaignId,
      scope: "campaign_lists",
      method: "one_click",
    });
  }
  await pass(bitesWithinMs);
  await run.journal.setRules([]);
  await run.journal.release("door");
  const judged = await run.finished();
  tell("unsubscribed when marked", judged, 0);
  expect(judged.skipped.toSorted()).toEqual(marked.map((row) => row.email).toSorted());
  expect(judged.counts.sent).toBe(600 - marked.length);
});
