import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import type { Db, Pool } from "#lib/db.ts";
import { monthOfId } from "#lib/ids.ts";
import { makeDraft, makeList, makeWorkspace, soundMjml, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { saveDraft } from "./drafts.ts";
import { getCampaign } from "./find.ts";
import { chunkSize, freezeCampaign } from "./freeze.ts";
import type { DraftPatch } from "./input.ts";
import { launch } from "./launch.ts";
import { campaignProgress } from "./progress.ts";
import { reviewCampaign } from "./review.ts";
import { startCampaign } from "./start.ts";
import { cancelCampaign, pauseCampaign, resumeCampaign } from "./steer.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Scope;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  mine = await makeWorkspace(pool);
});

async function startedCampaign(scope: Scope, listId: string, patch: DraftPatch = {}): Promise<string> {
  const draft = await makeDraft(db, scope, listId, patch);
  const { audience } = await reviewCampaign(db, scope, draft.id);
  await launch(db, scope, {
    campaignId: draft.id,
    version: draft.version,
    when: { kind: "now" },
    confirmedCount: audience.recipients,
    acceptPlainHttp: false,
  });
  await pool.query("update campaign set launch_at = clock_timestamp() where id = $1", [draft.id]);
  expect(await startCampaign(db, scope.workspaceId, draft.id)).toBe("freezing");
  return draft.id;
}

/** Everything that must hold of a frozen campaign: one row a person, chunks that count their rows, numbers without gaps. */
async function expectExact(campaignId: string, recipients: number): Promise<void> {
  const messages = await pool.query<{ rows: number; people: number; chunks: number; largest: number }>(
    `select count(*)::int as rows, count(distinct subscriber_id)::int as people, count(distinct chunk)::int as chunks,
       coalesce(max(chunk) + 1, 0) as largest from message where source_id = $1`,
    [campaignId],
  );
  const { rows = 0, people, chunks = 0, largest } = messages.rows[0] ?? {};
  expect({ rows, people, largest }).toEqual({ rows: recipients, people: recipients, largest: chunks });
  const wrong = await pool.query(
    `select c.no from chunk c where c.source_id = $1 and (c.total > $2
       or c.total <> (select count(*) from message m where m.source_id = $1 and m.chunk = c.no))`,
    [campaignId, chunkSize],
  );
  expect(wrong.rows).toEqual([]);
  expect(await getCampaign(db, mine, campaignId)).toMatchObject({ status: "sending", frozenCount: recipients });
  expect(await campaignProgress(db, mine, campaignId)).toMatchObject({
    written: recipients,
    frozen: recipients,
    pending: recipients,
    sent: 0,
  });
}

test("a freeze writes one row per recipient, in subscriber order, and only then the campaign is sending", async () => {
  const theirs = await makeWorkspace(pool);
  await makeList(pool, theirs, 40);
  const campaignId = await startedCampaign(mine, await makeList(pool, mine, 1203));
  expect(await freezeCampaign(db, mine.workspaceId, campaignId, { pageSize: 1000 })).toBe("frozen");
  await expectExact(campaignId, 1203);
  const order = await pool.query<{ fine: boolean }>(
    `select bool_and(previous is null or previous <= chunk) as fine
     from (select chunk, lag(chunk) over (order by subscriber_id) as previous from message where source_id = $1) rows`,
    [campaignId],
  );
  expect(order.rows[0]?.fine).toBe(true);
  const foreign = await pool.query("select 1 from message where workspace_id = $1", [theirs.workspaceId]);
  expect(foreign.rowCount).toBe(0);
  expect(await freezeCampaign(db, mine.workspaceId, campaignId)).toBe("stopped");
});

test("the month of every message id is the month its row is kept under", async () => {
  const campaignId = await startedCampaign(mine, await makeList(pool, mine, 5));
  // Launched in the last moments of a month, frozen in the next.
  await pool.query("update campaign set launched_at = '2031-03-31T23:59:59.990Z' where id = $1", [campaignId]);
  await freezeCampaign(db, mine.workspaceId, campaignId);
  const { rows } = await pool.query<{ id: string; month: string }>(
    "select id, launch_month::text as month from message where source_id = $1",
    [campaignId],
  );
  expect(rows.map((row) => [row.month, monthOfId(row.id)])).toEqual(Array(5).fill(["2031-03-01", "2031-03-01"]));
});

test("message ids are UUIDv7 in the order of the chunks, so that all indexes on them grow at one end", async () => {
  const campaignId = await startedCampaign(mine, await makeList(pool, mine, 1203));
  await freezeCampaign(db, mine.workspaceId, campaignId, { pageSize: 1000 });
  const { rows } = await pool.query<{ id: string; chunk: number }>(
    "select id, chunk from message where source_id = $1 order by id",
    [campaignId],
  );
  expect(rows.map(({ chunk }) => chunk)).toEqual(rows.map(({ chunk }) => chunk).toSorted((x, y) => x - y));
  expect(rows.at(-1)?.chunk).toBe(2);
  for (const { id } of rows)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("a killed freeze goes on where it was: nobody twice, nobody missing", async () => {
  const campaignId = await startedCampaign(mine, await makeList(pool, mine, 3000));
  const script = fileURLToPath(new URL("../../tests/support/freeze-process.ts", import.meta.url));
  const child = spawn(process.execPath, [script, mine.workspaceId, campaignId, "25"], { stdio: "inherit" });
  const exited = once(child, "exit");
  const written = async () =>
    (await pool.query<{ n: number }>("select count(*)::int as n from message where source_id = $1", [campaignId]))
      .rows[0]?.n ?? 0;
  while ((await written()) === 0 && child.exitCode === null) await new Promise(setImmediate);
  child.kill("SIGKILL");
  expect(await exited).toEqual([null, "SIGKILL"]);
  const afterKill = await written();
  expect(afterKill).toBeGreaterThan(0);
  expect(afterKill).toBeLessThan(3000);
  expect((await getCampaign(db, mine, campaignId)).status).toBe("freezing");

  expect(await freezeCampaign(db, mine.workspaceId, campaignId)).toBe("frozen");
  await expectExact(campaignId, 3000);
});

test("two workers at one freeze write nobody twice", async () => {
  const campaignId = await startedCampaign(mine, await makeList(pool, mine, 2000));
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => freezeCampaign(db, mine.workspaceId, campaignId, { pageSize: 100 })),
  );
  if (!outcomes.includes("frozen")) await freezeCampaign(db, mine.workspaceId, campaignId);
  await expectExact(campaignId, 2000);
});

test("a freeze ends between pages when asked to, and when it is paused or cancelled", async () => {
  const campaignId = await startedCampaign(mine, await makeList(pool, mine, 30));
  expect(await freezeCampaign(db, mine.workspaceId, campaignId, { signal: AbortSignal.abort() })).toBe("interrupted");
  await pauseCampaign(db, mine, campaignId);
  expect(await freezeCampaign(db, mine.workspaceId, campaignId)).toBe("stopped");
  await resumeCampaign(db, mine, campaignId);
  expect((await getCampaign(db, mine, campaignId)).status).toBe("freezing");
  await cancelCampaign(db, mine, campaignId);
  expect(await freezeCampaign(db, mine.workspaceId, campaignId)).toBe("stopped");
  expect((await pool.query("select 1 from message where source_id = $1", [campaignId])).rowCount).toBe(0);
});

test("everybody left out is counted by reason, and recipients and left out add up to everybody on the lists", async () => {
  const listId = await makeList(pool, mine, 20);
  const excludedList = await makeList(pool, mine, 0);
  const people = await pool.query<{ subscriber_id: string; email_key: string }>(
    `select n.subscriber_id, s.email_key from subscription n join subscriber s on s.id = n.subscriber_id
     where n.list_id = $1 order by n.subscriber_id`,
    [listId],
  );
  const person = (n: number) => people.rows[n]?.subscriber_id;
  const setStatus = (n: number, status: string) =>
    pool.query("update subscription set status = $3 where list_id = $1 and subscriber_id = $2", [
      listId,
      person(n),
      status,
    ]);
  await setStatus(0, "unsubscribed");
  await setStatus(1, "unsubscribed");
  await setStatus(2, "bounced");
  await setStatus(3, "complained");
  await setStatus(4, "unconfirmed");
  await pool.query("insert into suppression (workspace_id, email_key, reason) values ($1, $2, 'manual')", [
    mine.workspaceId,
    people.rows[5]?.email_key,
  ]);
  await pool.query(
    "insert into subscription (workspace_id, list_id, subscriber_id, status) values ($1, $2, $3, 'subscribed')",
    [mine.workspaceId, excludedList, person(6)],
  );
  const campaignId = await startedCampaign(mine, listId, { lists: { include: [listId], exclude: [excludedList] } });
  await freezeCampaign(db, mine.workspaceId, campaignId, { pageSize: 4 });
  const { excludedCounts, frozenCount } = await getCampaign(db, mine, campaignId);
  expect(excludedCounts).toMatchObject({
    unsubscribed: 2,
    bounced: 1,
    complained: 1,
    unconfirmed: 1,
    suppressed: 1,
    excluded_list: 1,
  });
  const leftOut = Object.values(excludedCounts ?? {}).reduce((sum, n) => sum + n, 0);
  expect([frozenCount, leftOut]).toEqual([13, 7]);
  await pool.query("select 1");
  const rows = await pool.query("select 1 from message where source_id = $1", [campaignId]);
  expect(rows.rowCount).toBe(13);
});

test("content and links are frozen at the start: later edits change nothing launched", async () => {
  const campaignId = await startedCampaign(mine, await makeList(pool, mine, 1));
  await pool.query("update workspace set postal_address = 'Elsewhere' where id = $1", [mine.workspaceId]);
  await pool.query("update revision set source = 'broken'");
  const frozen = await pool.query<{ subject: string; compiled: unknown }>(
    "select subject, compiled from frozen_content where campaign_id = $1",
    [campaignId],
  );
  expect(JSON.stringify(frozen.rows[0]?.compiled)).toContain("1 Harbour Street");
  const links = await pool.query("select position, url from link where campaign_id = $1 order by position", [
    campaignId,
  ]);
  expect(links.rows).toEqual([{ position: 0, url: "https://example.com/news" }]);
  await expect(saveDraft(db, mine, { campaignId, version: 3, patch: { subject: "Other" } })).rejects.toMatchObject({
    code: "campaign.not_draft",
  });
  await pool.query("update revision set source = $1", [soundMjml]);
});

test("without click tracking no link table is kept", async () => {
  const campaignId = await startedCampaign(mine, await makeList(pool, mine, 1), {
    trackClicks: false,
    trackOpens: false,
  });
  expect((await pool.query("select 1 from link where campaign_id = $1", [campaignId])).rowCount).toBe(0);
});
