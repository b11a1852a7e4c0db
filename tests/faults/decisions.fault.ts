import { expect, test } from "vitest";
import { decide } from "#lib/campaigns/decide.ts";
import { type DecisionInput, decisionInput } from "#lib/campaigns/decision-input.ts";
import { cancelCampaign } from "#lib/campaigns/steer.ts";
import { acceptedCount, inArena, type Run } from "./arena.ts";
import { waitUntil } from "./wait-until.ts";

const field = inArena();

const decided = (run: Run, decision: DecisionInput["decision"]) =>
  decide(field.arena().db, run.scope, decisionInput.parse({ campaignId: run.campaignId, decision, confirmed: 10_000 }));

test("doubts that a person resends and failures that get another try go out, on the ordinary schedule", async () => {
  const run = await field.run({
    people: 200,
    policy: "hold",
    rules: [
      // Taken, and no answer: the mails before it on this line are answered already.
      { at: "dot", to: "-[123]@", timesPerRecipient: 1, do: "reset", accept: true },
      { at: "rcpt", to: "-(10|11|12)@", timesPerRecipient: 1, do: { reply: "550 5.3.0 not today" } },
      { at: "rcpt", to: "-(20|21)@", do: { reply: "550 5.1.1 no such user" } },
      // At the person's try it is asked to come back once more.
      { at: "rcpt", to: "-12@", timesPerRecipient: 1, do: { reply: "451 4.3.0 try later" } },
    ],
  });
  await field.workers("decided");
  await run.launch();
  const first = await run.finished();
  const doubts = first.inDoubt.length;
  expect(doubts).toBeGreaterThanOrEqual(3);
  expect(first.failed).toHaveLength(5);

  expect(await decided(run, "retry_failed")).toEqual({ messages: 3, optedOut: 0, busy: 0 });
  const second = await run.finished();
  expect(second.failed).toHaveLength(2);
  expect(second.counts).toMatchObject({ sent: 198 - doubts, failed: 2, inDoubt: doubts });

  expect(await decided(run, "resend_doubts")).toMatchObject({ messages: doubts });
  const last = await run.finished();
  expect(last.counts).toMatchObject({ sent: 198, failed: 2, inDoubt: 0 });
  // Second copies are what somebody chose, and no more than they chose.
  expect(last.duplicates).toBeLessThanOrEqual(doubts);
});

test("the rest of a cancelled campaign is sent to, and nobody gets it twice", async () => {
  const people = 600;
  const run = await field.run({ people, rules: [{ at: "dot", delayMs: 20 }] });
  await field.workers("rest");
  await run.launch();
  await waitUntil("it is under way", async () => (await acceptedCount(run)) > 50);
  await cancelCampaign(field.arena().db, run.scope, run.campaignId);
  await waitUntil("it is cancelled", async () => (await run.status()) === "cancelled");
  const stopped = await run.judge();
  expect(stopped.counts.skipped).toBeGreaterThan(0);

  expect(await decided(run, "send_rest")).toMatchObject({ messages: stopped.counts.skipped });
  const judged = await run.finished();
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBe(0);
});
