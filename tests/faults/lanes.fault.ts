import { expect, test } from "vitest";
import { inArena, inFull, type Run } from "./arena.ts";
import { tell } from "./judge.ts";

const field = inArena();
const everybody = 900;

/** So many of a run's people have their mailbox at another domain. */
async function moveTo(run: Run, domain: string, count: number): Promise<void> {
  await field.arena().pool.query(
    `update subscriber s set email = p.local || '@' || $2::text, email_key = p.local || '@' || $2::text
     from (select id, split_part(email, '@', 1) as local from subscriber where workspace_id = $1 order by random() limit $3) p
     where s.workspace_id = $1 and s.id = p.id`,
    [run.scope.workspaceId, domain, count],
  );
}

test("a receiver that takes a second for each answer does not hold up the others", async () => {
  const slow = 30;
  const run = await field.run({
    people: everybody,
    rules: [
      { at: "rcpt", to: "@tarpit\\.example$", delayMs: 1000 },
      { at: "dot", to: "@tarpit\\.example$", delayMs: 1000 },
    ],
  });
  await moveTo(run, "tarpit.example", slow);
  await field.workers("first");
  await run.launch();
  const judged = await run.finished(90_000);
  tell("one receiver is a tarpit", judged, 0);
  expect(judged.counts.sent).toBe(everybody);
  expect(judged.duplicates).toBe(0);
  const order = judged.accepted.map((message) => message.to.endsWith("@tarpit.example"));
  const lastOther = order.lastIndexOf(false);
  const slowBefore = order.slice(0, lastOther).filter(Boolean).length;
  expect(slowBefore, "the others are through before the slow one is").toBeLessThan(slow - 5);
});

inFull("a receiver that says it is too much is slowed down alone, and all its people get their mail", async () => {
  const run = await field.run({
    people: everybody,
    rules: [
      { at: "dot", delayMs: 5 },
      {
        at: "rcpt",
        to: "@busy\\.example$",
        skip: 20,
        times: 10,
        do: { reply: "450 4.7.28 too many messages, slow down" },
      },
    ],
  });
  await moveTo(run, "busy.example", 200);
  await field.workers("first", "second");
  await run.launch();
  const judged = await run.finished();
  tell("one receiver says it is too much", judged, 0);
  expect(judged.counts.sent).toBe(everybody);
  expect(judged.duplicates).toBe(0);
  const { rows } = await field
    .arena()
    .pool.query("select name, slowed_rate, detail from lane where workspace_id = $1", [run.scope.workspaceId]);
  expect(rows).toMatchObject([
    { name: "busy.example", slowed_rate: expect.any(Number), detail: expect.stringContaining("too many messages") },
  ]);
});
