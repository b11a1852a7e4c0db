import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { expect, test } from "vitest";
import { addPersonInput } from "#lib/audience/input.ts";
import { addSubscriber } from "#lib/audience/subscribers.ts";
import { suppress } from "#lib/audience/suppression.ts";
import { makeList, refusalCode } from "#tests/support/campaign-fixtures.ts";
import { acceptedCount, inArena, inFull, type Run } from "./arena.ts";
import { tell } from "./judge.ts";
import { pass, waitUntil } from "./wait-until.ts";

/* What people and their data do while a campaign goes out, and a web process that dies at the click. */

const field = inArena({ crew: ["first", "second"] });
const people = 600;
const bitesWithinMs = 2000;
const root = path.join(import.meta.dirname, "../..");

inFull("who is suppressed while the campaign goes out gets nothing two seconds later", async () => {
  const run = await field.run({ people, rules: [{ at: "dot", delayMs: 100 }] });
  await run.launch();
  await waitUntil("the campaign is well under way", async () => (await acceptedCount(run)) > 50);
  const { rows } = await field
    .arena()
    .pool.query(
      "select email from message_state where source_id = $1 and state in ('pending', 'claimed') order by random() limit 30",
      [run.campaignId],
    );
  const gone = new Set<string>(rows.map((row) => row.email));
  for (const email of gone) await suppress(field.arena().db, run.scope, { email, reason: "manual" });
  const goneAt = Date.now();
  const judged = await run.finished();
  tell("thirty suppressed", judged, 0);
  expect(judged.accepted.filter(({ to, at }) => gone.has(to) && at > goneAt + bitesWithinMs)).toEqual([]);
  expect(judged.skipped.length).toBeGreaterThan(0);
  expect(judged.skipped.every((email) => gone.has(email))).toBe(true);
  expect(judged.duplicates).toBe(0);
});

test("two clicks on Send at once launch one campaign", async () => {
  const run = await field.run({ people });
  const clicks = await Promise.allSettled([run.launch(), run.launch(), run.launch()]);
  expect(clicks.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const codes = clicks.flatMap((click) => (click.status === "rejected" ? [click.reason.code] : []));
  expect(codes.every((code) => ["campaign.already_launched", "campaign.version_conflict"].includes(code))).toBe(true);
  const judged = await run.finished();
  tell("three clicks on Send", judged, 0);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBe(0);
});

inFull("whoever stands in three lists, once with the address in capitals, gets one mail", async () => {
  const run = await field.run({ people });
  const { db, pool } = field.arena();
  const others = [await makeList(pool, run.scope, 0), await makeList(pool, run.scope, 0)];
  for (const listId of others) {
    await pool.query(
      "insert into subscription (workspace_id, list_id, subscriber_id, status) select $1, $2, id, 'subscribed' from subscriber where workspace_id = $1",
      [run.scope.workspaceId, listId],
    );
    await pool.query(
      "insert into campaign_list (workspace_id, campaign_id, list_id, mode) values ($1, $2, $3, 'include')",
      [run.scope.workspaceId, run.campaignId, listId],
    );
  }
  const { rows } = await pool.query("select email from subscriber where workspace_id = $1 limit 1", [
    run.scope.workspaceId,
  ]);
  const shouted = rows[0].email.toUpperCase();
  const again = addPersonInput.parse({ email: shouted, listIds: [others[0]] });
  expect(await refusalCode(addSubscriber(db, run.scope, again))).toBe("audience.subscriber_exists");
  await run.launch();
  const judged = await run.finished();
  tell("everybody in three lists", judged, 0);
  expect(judged.counts.total).toBe(people);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBe(0);
});

test("people whose mail cannot be made or addressed fail alone, with words, and everybody else is sent to", async () => {
  const run = await field.run({
    people,
    flags: ["--keep-messages"],
    draft: { subject: 'News for {{ subscriber.first_name | default: "you" }}' },
  });
  const { pool } = field.arena();
  const poison = (skip: number, column: "first_name" | "email", value: string) =>
    pool.query(
      `update subscriber set ${column} = $2 where id = (
         select id from subscriber where workspace_id = $1 order by id offset $3 limit 1)`,
      [run.scope.workspaceId, value, skip],
    );
  // What would end a header's line is printed as the text it is, and sent.
  await poison(10, "first_name", "Ann\u2028Bcc: everybody@example.com");
  await poison(20, "first_name", "\u0007Bob\r\nBcc: everybody@example.com");
  // These are no addresses: the launch leaves them out and counts them.
  const noAddresses = ["no one@example.com", "one@two@example.com", "x@example.com>\r\nRCPT TO:<everybody@example.com"];
  for (const [i, email] of noAddresses.entries()) await poison(30 + i, "email", email);
  // These look like addresses, and cannot go on this wire.
  const poisoned = [`${"x".repeat(80)}@example.com`, "jörg@example.com"];
  for (const [i, email] of poisoned.entries()) await poison(50 + i, "email", email);
  await run.launch();
  const judged = await run.finished();
  tell("seven poisoned rows", judged, 0);
  expect(judged.failed.toSorted()).toEqual(poisoned.toSorted());
  expect(judged.counts.total).toBe(people - noAddresses.length);
  expect(judged.counts.sent).toBe(people - noAddresses.length - poisoned.length);
  expect(judged.duplicates).toBe(0);
  const { rows } = await pool.query(
    `select excluded_counts as "leftOut", (select count(*)::int from attempt where source_id = k.id and state = 'failed'
       and coalesce(reply, '') = '') as silent from campaign k where id = $1`,
    [run.campaignId],
  );
  expect(rows[0].leftOut).toMatchObject({ invalid: noAddresses.length });
  expect(rows[0].silent, "each says why").toBe(0);
  const heads = judged.accepted.map(({ message = "" }) => message.split("\r\n\r\n", 1)[0] ?? "");
  expect(heads.every((head) => head.includes("Subject: "))).toBe(true);
  expect(heads.filter((head) => /^Bcc:/im.test(head))).toEqual([]);
});

/** The moment of the click: the launch has done all it does and waits to write its last row. */
async function killAtLaunch(run: Run): Promise<void> {
  const { pool, databaseUrl } = field.arena();
  const client = await pool.connect();
  await client.query("begin; lock table audit_entry in exclusive mode");
  const { rows } = await pool.query("select version from campaign where id = $1", [run.campaignId]);
  const url = new URL(databaseUrl);
  url.searchParams.set("application_name", "clicked");
  const web = spawn(
    process.execPath,
    [
      path.join(root, "tests/support/launch-process.ts"),
      run.scope.workspaceId,
      run.campaignId,
      String(rows[0].version),
      String(people),
    ],
    { cwd: root, env: { ...process.env, DATABASE_URL: url.href }, stdio: ["ignore", "inherit", "inherit", "ipc"] },
  );
  await waitUntil("the launch waits for its last row", async () => {
    const waiting = await pool.query(
      "select 1 from pg_stat_activity where application_name = 'clicked' and wait_event_type = 'Lock'",
    );
    return waiting.rows.length > 0;
  });
  web.kill("SIGKILL");
  await once(web, "exit");
  await pool.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'clicked'");
  await client.query("commit");
  client.release();
}

inFull("a web process killed in the middle of a launch leaves a draft that can be launched", async () => {
  const run = await field.run({ people });
  await killAtLaunch(run);
  expect(await run.status()).toBe("draft");
  await pass(2000);
  expect(await run.status()).toBe("draft");
  await run.launch();
  const judged = await run.finished();
  tell("web process killed at the launch", judged, 0);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBe(0);
});
