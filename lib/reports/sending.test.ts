import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import type { Db, Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { makeWorkspace, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { tellCampaign } from "#tests/support/report-fixtures.ts";
import { lanesInForce, nextRetries, runningCampaigns, sendersAtWork, sendingView, workersSeen } from "./sending.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let scope: Scope;
let other: Scope;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  scope = await makeWorkspace(pool);
  other = await makeWorkspace(pool);
  await pool.query("delete from worker");
});

const people = [
  { name: "ada", attempts: ["sent"] },
  { name: "bob", attempts: ["failed hard"] },
  { name: "cem", attempts: ["deferred greylist 5", "sent"] },
  { name: "dan", attempts: ["deferred network 5"] },
  { name: "eve" },
];

/** The next try of everybody deferred in a campaign, so long from now. */
const nextIn = (campaignId: string, reason: string, interval: string) =>
  pool.query("update attempt set next_at = now() + $3::interval where source_id = $1 and class = $2", [
    campaignId,
    reason,
    interval,
  ]);

test("what is under way is shown with its states, what ended long ago and what is elsewhere is not", async () => {
  const running = await tellCampaign(pool, scope, people, { name: "Running", status: "sending" });
  const paused = await tellCampaign(pool, scope, people, { name: "Paused", status: "paused" });
  await pool.query("update campaign set pause_reason = 'person' where id = $1", [paused]);
  const justEnded = await tellCampaign(pool, scope, people, { name: "Just ended", status: "finished" });
  const longOver = await tellCampaign(pool, scope, people, { name: "Long over", status: "finished" });
  await pool.query("update campaign set finished_at = now() - interval '5 seconds' where id = $1", [justEnded]);
  await pool.query("update campaign set finished_at = now() - interval '5 minutes' where id = $1", [longOver]);
  await tellCampaign(pool, scope, people, { name: "Draft", status: "draft" });
  await tellCampaign(pool, other, people, { name: "Elsewhere", status: "sending" });

  const shown = await runningCampaigns(db, scope);
  expect(shown.map(({ name, status, pauseReason }) => [name, status, pauseReason])).toEqual([
    ["Running", "sending", null],
    ["Paused", "paused", "person"],
    ["Just ended", "finished", null],
  ]);
  expect(shown[0]).toMatchObject({
    id: running,
    frozen: 5,
    counts: { total: 5, pending: 1, sending: 0, sent: 2, deferred: 1, failed: 1, inDoubt: 0, skipped: 0 },
  });
});

test("next tries are those of people who are deferred now, by reason and by when", async () => {
  const first = await tellCampaign(
    pool,
    scope,
    [
      { name: "a", attempts: ["deferred greylist 1"] },
      { name: "b", attempts: ["deferred greylist 1"] },
      { name: "c", attempts: ["deferred network 1"] },
      // Deferred once, and sent or failed since.
      { name: "d", attempts: ["deferred throttle 1", "sent"] },
      { name: "e", attempts: ["deferred throttle 1", "failed unknown"] },
    ],
    { status: "sending" },
  );
  const second = await tellCampaign(pool, scope, [{ name: "f", attempts: ["deferred soft 1"] }], { status: "paused" });
  const over = await tellCampaign(pool, scope, [{ name: "g", attempts: ["deferred sender 1"] }], {
    status: "cancelled",
  });
  const theirs = await tellCampaign(pool, other, [{ name: "h", attempts: ["deferred network 1"] }], {
    status: "sending",
  });
  await nextIn(first, "greylist", "10 minutes");
  await nextIn(first, "network", "40 minutes");
  await nextIn(second, "soft", "5 hours");
  for (const id of [over, theirs]) await nextIn(id, "network", "1 minute");

  const { groups, notLookedAt } = await nextRetries(db, scope);
  expect(groups.map(({ nextTryAt: _, ...group }) => group)).toEqual([
    { reason: "greylist", within15Minutes: 2, within1Hour: 0, later: 0 },
    { reason: "network", within15Minutes: 0, within1Hour: 1, later: 0 },
    { reason: "soft", within15Minutes: 0, within1Hour: 0, later: 1 },
  ]);
  expect(notLookedAt).toBe(0);
  expect(groups[0]?.nextTryAt.getTime()).toBeGreaterThan(Date.now() + 8 * 60_000);
});

test("of very many chunks the first are looked at, and how many people are left out is said", async () => {
  const id = await tellCampaign(pool, scope, [{ name: "a", attempts: ["deferred greylist 1"] }], { status: "sending" });
  await nextIn(id, "greylist", "1 minute");
  await pool.query(
    `insert into chunk (workspace_id, source_id, no, launch_month, total, deferred, due_at)
     select workspace_id, source_id, n, launch_month, 500, 3, now() + interval '1 day' from chunk, generate_series(1, 45) n
     where source_id = $1 and no = 0`,
    [id],
  );
  const { groups, notLookedAt } = await nextRetries(db, scope);
  expect(groups).toMatchObject([{ reason: "greylist", within15Minutes: 1 }]);
  expect(notLookedAt).toBe(26 * 3);
});

test("senders in trouble come first, with the connections that living workers hold and what is used of their limits", async () => {
  const make = async (owner: Scope, name: string) => {
    const { rows } = await pool.query(
      `insert into sender (workspace_id, name, kind, host, connections, rate_per_second, rate_per_hour)
       values ($1, $2, 'smtp', 'x', 8, 100, 500) returning id`,
      [owner.workspaceId, name],
    );
    return rows[0].id as string;
  };
  const good = await make(scope, "Good");
  const bad = await make(scope, "Troubled");
  await make(other, "Elsewhere");
  await pool.query(
    "update sender set health = 'down', health_detail = '535 no', health_failures = 3, retry_at = now() + interval '1 minute' where id = $1",
    [bad],
  );
  const share = (id: string, held: number, lease: string) =>
    pool.query("insert into sender_share values ($1, $2, $3, $4, now() + $5::interval)", [
      scope.workspaceId,
      id,
      newId(),
      held,
      lease,
    ]);
  await share(good, 3, "1 minute");
  await share(good, 2, "1 minute");
  await share(good, 4, "-1 second");
  // As lib/senders/allowance.ts keeps it: slots of 30 seconds, newest first, an hour and one slot more.
  const window = (id: string, begun: string, granted: number[]) =>
    pool.query("insert into sender_window values ($1, $2, 'hour', now() - $3::interval, $4)", [
      scope.workspaceId,
      id,
      begun,
      [...granted, ...Array<number>(121 - granted.length).fill(0)],
    ]);
  await window(good, "10 seconds", [7, 0, 5]);
  // Granted two hours ago: nothing of it counts any more.
  await window(bad, "2 hours", [9]);

  const shown = await sendersAtWork(db, scope);
  expect(shown).toMatchObject([
    { id: bad, health: "down", healthDetail: "535 no", healthFailures: 3, connectionsHeld: 0 },
    { id: good, health: "up", connections: 8, connectionsHeld: 5 },
  ]);
  expect(shown[1]?.quotas).toEqual([
    { unit: "second", used: 0, most: 100 },
    { unit: "hour", used: 12, most: 500 },
  ]);
  expect(shown[0]?.quotas[1]).toEqual({ unit: "hour", used: 0, most: 500 });
});

test("a warm-up plan counts as the limit of the day while it is the lower one", async () => {
  const make = async (of: typeof scope, name: string, ratePerDay: number | null, firstDay: number) => {
    const plan = { startsOn: new Date().toISOString().slice(0, 10), firstDay, growthPercent: 0, days: 3 };
    const { rows } = await pool.query(
      `insert into sender (workspace_id, name, kind, host, connections, rate_per_day, warmup)
       values ($1, $2, 'smtp', 'x', 1, $3, $4) returning id`,
      [of.workspaceId, name, ratePerDay, JSON.stringify(plan)],
    );
    await pool.query("insert into sender_window values ($1, $2, 'day', now(), $3)", [
      of.workspaceId,
      rows[0].id,
      [8, ...Array<number>(144).fill(0)],
    ]);
  };
  await make(scope, "A: only a plan", null, 50);
  await make(scope, "B: a lower plan", 2000, 50);
  await make(scope, "C: a higher plan", 20, 50);
  await make(other, "Elsewhere", 9, 5);
  const shown = (await sendersAtWork(db, scope)).filter(({ name }) => /^[ABC]:/.test(name));
  expect(shown.map(({ quotas }) => quotas)).toEqual([
    [{ unit: "warmup", used: 8, most: 50 }],
    [{ unit: "warmup", used: 8, most: 50 }],
    [{ unit: "day", used: 8, most: 20 }],
  ]);
});

test("lanes that are slowed come first, and one without any limit is not shown", async () => {
  await pool.query(
    `insert into lane (workspace_id, name, connections, rate_per_second, slowed_rate, detail) values
       ($1, 'capped.example', 2, null, null, null), ($1, 'slowed.example', null, null, 0.5, '421 slow down'),
       ($1, 'free.example', null, null, null, null), ($2, 'elsewhere.example', 1, null, null, null)`,
    [scope.workspaceId, other.workspaceId],
  );
  expect(await lanesInForce(db, scope)).toMatchObject([
    { name: "slowed.example", slowedRate: 0.5, detail: "421 slow down", connections: null },
    { name: "capped.example", slowedRate: null, connections: 2 },
  ]);
});

test("a worker that was not seen for a minute is gone, and after a day it is forgotten", async () => {
  await pool.query(
    `insert into worker (id, host, pid, seen_at, messages_per_second) values
       (new_id(), 'living', 1, now() - interval '55 seconds', 120), (new_id(), 'gone', 2, now() - interval '65 seconds', 80),
       (new_id(), 'forgotten', 3, now() - interval '25 hours', 0)`,
  );
  expect(await workersSeen(db, scope)).toMatchObject([
    { host: "living", isAlive: true, messagesPerSecond: 120 },
    { host: "gone", isAlive: false },
  ]);
});

test("everything at once is for everybody who may read, and takes known tries as they are", async () => {
  const known = { groups: [], notLookedAt: 3 };
  const view = await sendingView(db, { ...scope, role: "viewer" }, known);
  expect(view).toEqual({ campaigns: [], retries: known, senders: [], lanes: [], workers: [] });
});
