import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import type { Db, Pool } from "#lib/db.ts";
import { claimChunk } from "#lib/delivery/claim.ts";
import { countRows, stateCounts } from "#lib/delivery/counts.ts";
import { type Dispatcher, startDispatcher } from "#lib/delivery/dispatcher.ts";
import { retrySchedule } from "#lib/delivery/retry-schedule.ts";
import { newId } from "#lib/ids.ts";
import { makeDraft, makeList, makeWorkspace, refusalCode, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { type JournalSmtp, startJournalSmtp } from "#tests/support/journal-smtp-controller.ts";
import type { Rule } from "#tests/support/journal-smtp-rules.ts";
import { duplicateCampaign } from "./drafts.ts";
import { getCampaign } from "./find.ts";
import { freezeCampaign } from "./freeze.ts";
import { draftPatch } from "./input.ts";
import { launch } from "./launch.ts";
import { campaignProgress } from "./progress.ts";
import { reviewCampaign } from "./review.ts";
import { startCampaign } from "./start.ts";
import { cancelCampaign, goOnNow, pauseCampaign, resumeCampaign } from "./steer.ts";
import { sweepCampaigns } from "./sweep.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let server: JournalSmtp | undefined;
const dispatchers: Dispatcher[] = [];

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
afterEach(async () => {
  await Promise.all(dispatchers.splice(0).map((one) => one.stop()));
  await server?.stop();
  server = undefined;
  await pool.query("update campaign set status = 'cancelled'");
});

interface Frozen {
  scope: Scope;
  id: string;
}

/** A campaign with a canary that is frozen and sending. */
async function frozen(people: number, count: number, pageSize = 20_000): Promise<Frozen> {
  const scope = await makeWorkspace(pool);
  const draft = await makeDraft(db, scope, await makeList(pool, scope, people), { canary: { count, minutes: 30 } });
  await launch(db, scope, {
    ...{ campaignId: draft.id, version: draft.version, confirmedCount: people, acceptPlainHttp: true },
    when: { kind: "now" },
  });
  await pool.query("update campaign set launch_at = clock_timestamp() where id = $1", [draft.id]);
  await startCampaign(db, scope.workspaceId, draft.id);
  expect(await freezeCampaign(db, scope.workspaceId, draft.id, { pageSize })).toBe("frozen");
  return { scope, id: draft.id };
}

/** A scripted server as its sender, and two workers. */
async function send({ scope, id }: Frozen, rules: Rule[] = []): Promise<JournalSmtp> {
  server = await startJournalSmtp({ rules });
  await pool.query(
    `with made as (insert into sender (workspace_id, name, kind, host, port, tls_mode, connections, messages_per_connection)
       values ($1, 'journal', 'smtp', '127.0.0.1', $2, 'none', 3, 1000) returning id)
     update campaign set sender_id = made.id from made where campaign.id = $3`,
    [scope.workspaceId, server.port, id],
  );
  const nothing = async () => {};
  for (let i = 0; i < 2; i++)
    dispatchers.push(
      startDispatcher(
        db,
        {
          ...{ leaseSeconds: 5, timeouts: {}, chunksAtOnce: 2, stopGraceMs: 5000, maySend: async () => true },
          schedule: retrySchedule("bulk", { delaysSeconds: [3600] }),
        },
        {
          onCampaignTrouble: nothing,
          onTripped: nothing,
          onLimit: nothing,
          onSenderTrouble: nothing,
          onChunkDone: nothing,
        },
      ),
    );
  return server;
}

const until = (condition: () => Promise<void>) => vi.waitFor(condition, { timeout: 20_000, interval: 30 });
const progress = ({ scope, id }: Frozen) => campaignProgress(db, scope, id);
const waitBegan = (one: Frozen) =>
  until(async () => {
    await sweepCampaigns(db);
    expect((await progress(one)).canary?.until).toBeInstanceOf(Date);
  });
const claimable = async () => (await claimChunk(db, newId(), 60, 60, true)) !== null;
const accepted = async () => ((await server?.accepted()) ?? []).map(({ to }) => to).sort();
const firstPeople = async ({ scope }: Frozen, count: number) =>
  (
    await pool.query<{ email: string }>("select email from subscriber where workspace_id = $1 order by id limit $2", [
      scope.workspaceId,
      count,
    ])
  ).rows
    .map(({ email }) => email)
    .sort();

/** The half hour passes. */
async function timePasses({ id }: Frozen): Promise<void> {
  await pool.query("update campaign set canary_until = canary_until - interval '31 minutes' where id = $1", [id]);
  await pool.query("update chunk set due_at = due_at - interval '31 minutes' where source_id = $1 and fence = 0", [id]);
}

test.each([
  [1, 1203, 20_000],
  [499, 1203, 20_000],
  [500, 1203, 20_000],
  [501, 1203, 20_000],
  [750, 1203, 1000],
  [1100, 1203, 1000],
  [450, 1203, 200],
  [1202, 1203, 20_000],
])("a canary of %i of %i people holds exactly, in pages of %i", async (count, people, pageSize) => {
  const one = await frozen(people, count, pageSize);
  const { rows } = await pool.query(
    `select sum(total) filter (where due_at < 'infinity')::int as first, sum(total)::int as all, max(total)::int as largest,
       bool_and(total = (select count(*) from message m where m.source_id = chunk.source_id and m.chunk = chunk.no)) as exact
     from chunk where source_id = $1`,
    [one.id],
  );
  expect(rows[0]).toMatchObject({ first: count, all: people, exact: true });
  expect(rows[0].largest).toBeLessThanOrEqual(500);
  const first = await pool.query<{ email: string }>(
    `select m.email from message m join chunk c on c.source_id = m.source_id and c.no = m.chunk
     where m.source_id = $1 and c.due_at < 'infinity'`,
    [one.id],
  );
  expect(first.rows.map(({ email }) => email).sort()).toEqual(await firstPeople(one, count));
  expect((await progress(one)).canary).toEqual({ held: people - count, until: null });
});

test.each([1203, 1204])("a canary of %i of an audience of 1203 holds nobody back", async (count) => {
  const one = await frozen(1203, count);
  await sweepCampaigns(db);
  expect(await progress(one)).toMatchObject({ canary: null, status: "sending" });
  expect((await getCampaign(db, one.scope, one.id)).canaryUntil).toBeNull();
});

test("the first people get it, then it waits, and the rest follows by itself", async () => {
  const one = await frozen(1300, 620);
  const other = await frozen(10, 5);
  await send(one);
  await waitBegan(one);
  expect(await accepted()).toEqual(await firstPeople(one, 620));
  const { canary, pending } = await progress(one);
  expect([canary?.held, pending]).toEqual([680, 680]);
  const waits = ((canary?.until?.getTime() ?? 0) - Date.now()) / 60_000;
  expect(waits).toBeGreaterThan(29);
  expect(waits).toBeLessThanOrEqual(30);

  await sweepCampaigns(db);
  expect((await progress(one)).canary?.until, "a second sweep does not begin it again").toEqual(canary?.until);
  expect((await progress(other)).canary, "nor anybody else's").toEqual({ held: 5, until: null });

  await timePasses(one);
  expect((await progress(one)).canary).toBeNull();
  await until(async () => expect((await stateCounts(db, one.scope.workspaceId, one.id)).sent).toBe(1300));
  expect(new Set(await accepted()).size).toBe(1300);
  expect(await accepted()).toHaveLength(1300);
  expect(await countRows(db, one.scope.workspaceId, one.id)).toEqual(
    await stateCounts(db, one.scope.workspaceId, one.id),
  );
  await until(async () => {
    await sweepCampaigns(db);
    expect((await progress(one)).status).toBe("finished");
  });
});

test("it does not wait for those a server puts off, and does for those that are not tried yet", async () => {
  const one = await frozen(30, 20);
  await sweepCampaigns(db);
  expect((await progress(one)).canary).toEqual({ held: 10, until: null });
  await send(one, [{ at: "rcpt", to: "-23@", do: { reply: "451 4.3.0 try later" } }]);
  await waitBegan(one);
  expect(await progress(one)).toMatchObject({ sent: 19, deferred: 1, pending: 10, sending: 0 });
});

test("somebody goes on before the time, and only somebody who may", async () => {
  const one = await frozen(30, 20);
  const other = await frozen(30, 20);
  await send(one);
  await waitBegan(one);
  expect(await refusalCode(goOnNow(db, { ...one.scope, role: "viewer" }, one.id))).toBe("auth.not_allowed");
  expect(await refusalCode(goOnNow(db, other.scope, one.id))).toBe("not_found");
  await goOnNow(db, one.scope, one.id);
  await until(async () => expect((await progress(one)).sent).toBe(30));
  expect(await refusalCode(goOnNow(db, one.scope, one.id)), "twice").toBe("campaign.not_possible_now");
  const audit = await pool.query("select action from audit_entry where subject_id = $1 order by id desc limit 1", [
    one.id,
  ]);
  expect(audit.rows).toEqual([{ action: "campaign.go_on" }]);
  expect((await progress(other)).canary).toEqual({ held: 10, until: null });
});

test("a campaign without a canary has nothing to go on with", async () => {
  const scope = await makeWorkspace(pool);
  const draft = await makeDraft(db, scope, await makeList(pool, scope, 3));
  expect(await refusalCode(goOnNow(db, scope, draft.id))).toBe("campaign.not_possible_now");
});

test("paused in the canary it sends nobody more, and resumed it is the canary still", async () => {
  const one = await frozen(1200, 600);
  await send(one, [{ at: "dot", delayMs: 5 }]);
  await until(async () => expect((await progress(one)).sent).toBeGreaterThan(20));
  await pauseCampaign(db, one.scope, one.id);
  await until(async () => expect((await progress(one)).sending).toBe(0));
  await sweepCampaigns(db);
  expect(await progress(one)).toMatchObject({ status: "paused", canary: { held: 600, until: null } });
  expect(await refusalCode(goOnNow(db, one.scope, one.id))).toBe("campaign.not_possible_now");
  await resumeCampaign(db, one.scope, one.id);
  await waitBegan(one);
  expect(await accepted()).toEqual(await firstPeople(one, 600));
});

test("resumed after the wait was over, the rest follows at once; resumed before, it waits on", async () => {
  const one = await frozen(30, 20);
  await send(one);
  await waitBegan(one);
  await pauseCampaign(db, one.scope, one.id);
  await resumeCampaign(db, one.scope, one.id);
  expect(await claimable()).toBe(false);
  await pauseCampaign(db, one.scope, one.id);
  await timePasses(one);
  expect(await claimable()).toBe(false);
  await resumeCampaign(db, one.scope, one.id);
  await until(async () => expect((await progress(one)).sent).toBe(30));
});

test("stopped in the wait, the rest is skipped and nobody more gets it", async () => {
  const one = await frozen(900, 20);
  await send(one);
  await waitBegan(one);
  await cancelCampaign(db, one.scope, one.id);
  await sweepCampaigns(db);
  expect(await progress(one)).toMatchObject({ status: "cancelled", sent: 20, skipped: 880, canary: null });
  expect(await accepted()).toEqual(await firstPeople(one, 20));
});

test("a breaker pauses it in the canary, and the rest is held still when it is overruled", async () => {
  const one = await frozen(30, 20);
  await pool.query("update chunk set content = 3, failed = 3 where source_id = $1 and no = 0", [one.id]);
  await sweepCampaigns(db);
  expect(await progress(one)).toMatchObject({ status: "paused", pauseReason: "content 3/3: " });
  await resumeCampaign(db, one.scope, one.id, "content");
  await sweepCampaigns(db);
  expect(await progress(one)).toMatchObject({ status: "sending", canary: { held: 10, until: null } });
});

test("an end that comes before the rest would go keeps the launch back, a canary for everybody is only said", async () => {
  const scope = await makeWorkspace(pool);
  const listId = await makeList(pool, scope, 3);
  const endsAt = new Date(Date.now() + 20 * 60_000).toISOString();
  const { id } = await makeDraft(db, scope, listId, { canary: { count: 2, minutes: 30 }, endsAt });
  const find = async (of: string) =>
    (await reviewCampaign(db, scope, of)).checks
      .filter(({ area }) => area === "time")
      .map(({ code, state }) => [code, state]);
  expect(await find(id)).toEqual([["campaign.ends_before_rest", "blocked"]]);
  const everybody = await makeDraft(db, scope, listId, { canary: { count: 3, minutes: 30 } });
  expect(await find(everybody.id)).toEqual([["campaign.canary_everybody", "warning"]]);
});

test("a copy keeps the canary and not its state; numbers outside the bounds are refused", async () => {
  const one = await frozen(30, 20);
  await pool.query("update campaign set canary_until = now(), overruled = '{hard}', ends_at = now() where id = $1", [
    one.id,
  ]);
  const copy = await getCampaign(db, one.scope, await duplicateCampaign(db, one.scope, one.id, "Copy"));
  expect(copy).toMatchObject({ canaryCount: 20, canaryMinutes: 30, canaryUntil: null, overruled: [], endsAt: null });
  const fits = (canary: unknown) => draftPatch.safeParse({ canary }).success;
  for (const [count, minutes] of [
    [0, 5],
    [-1, 5],
    [1.5, 5],
    [20_001, 5],
    [5, 0],
    [5, 1441],
    ["5", 5],
    [5, Number.NaN],
  ])
    expect([count, minutes, fits({ count, minutes })]).toEqual([count, minutes, false]);
  expect([fits(null), fits({ count: 1, minutes: 1 }), fits({ count: 20_000, minutes: 1440 })]).toEqual([
    true,
    true,
    true,
  ]);
  expect(fits({ count: 5 })).toBe(false);
});
