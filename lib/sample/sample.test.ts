import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import { getCampaign } from "#lib/campaigns/find.ts";
import { launch } from "#lib/campaigns/launch.ts";
import { reviewCampaign } from "#lib/campaigns/review.ts";
import type { Db, Pool } from "#lib/db.ts";
import { countRows, stateCounts } from "#lib/delivery/counts.ts";
import { newId } from "#lib/ids.ts";
import { verifyCounts } from "#lib/reports/verify.ts";
import { resolveSender } from "#lib/senders/resolve.ts";
import { refusalCode, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { deleteWorkspaceRows, workspaceTables } from "./delete-workspace-rows.ts";
import { findSample, loadSample, removeSample } from "./load.ts";

let db: Db;
let pool: Pool;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ db, pool, close } = await useTestDatabase());
});
afterAll(() => close());

async function makeOwner(): Promise<Scope> {
  const [userId, workspaceId] = [newId(), newId()];
  await pool.query(`insert into "user" (id, name, email) values ($1, 'Olga', $2)`, [userId, `${userId}@example.com`]);
  await pool.query("insert into workspace (id, name, slug, time_zone) values ($1, 'Real', $2, 'Europe/Berlin')", [
    workspaceId,
    workspaceId,
  ]);
  await pool.query("insert into member (workspace_id, user_id, role) values ($1, $2, 'owner')", [workspaceId, userId]);
  return { workspaceId, userId, role: "owner" };
}

async function rowsOf(workspaceId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of await workspaceTables(db)) {
    const { rows } = await pool.query(`select count(*)::int as n from "${table}" where workspace_id = $1`, [
      workspaceId,
    ]);
    if (rows[0].n > 0) counts[table] = rows[0].n;
  }
  return counts;
}

async function sentCampaigns(workspaceId: string) {
  const { rows } = await pool.query<{
    id: string;
    name: string;
    frozen_count: number;
    launched_at: Date;
    finished_at: Date;
  }>(
    "select id, name, frozen_count, launched_at, finished_at from campaign where workspace_id = $1 and status = 'finished' order by launched_at",
    [workspaceId],
  );
  return rows;
}

test("the sample has 500 people, three sent campaigns, a draft and a template, and its numbers are counts of rows", async () => {
  const owner = await makeOwner();
  const { workspaceId, isNew } = await loadSample(db, owner);
  expect(isNew).toBe(true);
  expect(await rowsOf(workspaceId)).toMatchObject({ subscriber: 500, campaign: 4, template: 1, list: 2, member: 1 });
  const sent = await sentCampaigns(workspaceId);
  expect(sent).toHaveLength(3);
  for (const one of sent) {
    const counted = await countRows(db, workspaceId, one.id);
    expect(await stateCounts(db, workspaceId, one.id)).toEqual(counted);
    expect(counted.total).toBe(one.frozen_count);
    expect(counted.pending + counted.sending + counted.deferred).toBe(0);
    expect(counted.sent).toBeGreaterThan(50);
    expect(one.finished_at.getTime()).toBeGreaterThan(one.launched_at.getTime());
    expect(one.finished_at.getTime()).toBeLessThan(Date.now());
  }
  expect((await verifyCounts(db)).differences).toEqual([]);
});

test("the sample is the same every time, whatever the day", async () => {
  const summary = async (now: Date) => {
    const { workspaceId } = await loadSample(db, await makeOwner(), now);
    const { rows } = await pool.query(
      `select c.name, c.frozen_count, (select count(*)::int from first_touch f where f.campaign_id = c.id and human_open_at is not null) as opened
       from campaign c where workspace_id = $1 and frozen_count is not null order by c.name`,
      [workspaceId],
    );
    return rows;
  };
  const today = new Date();
  // The last campaign's newest hits may lie behind or ahead of an hour of the day; the older two are complete.
  const one = await summary(today);
  const other = await summary(new Date(today.getTime() - 400 * 86_400_000));
  expect(other.map((row) => row.frozen_count)).toEqual(one.map((row) => row.frozen_count));
});

test("every address is at example.com and everybody has a consent record", async () => {
  const { workspaceId } = await loadSample(db, await makeOwner());
  const outside = await pool.query("select from subscriber where workspace_id = $1 and email !~ '@example[.]com$'", [
    workspaceId,
  ]);
  expect(outside.rowCount).toBe(0);
  const unproved = await pool.query(
    `select from subscription n where n.workspace_id = $1 and not exists (select from consent c
       where c.workspace_id = n.workspace_id and c.subscriber_id = n.subscriber_id and c.list_id = n.list_id
         and c.status = n.status)`,
    [workspaceId],
  );
  expect(unproved.rowCount).toBe(0);
});

test("loading twice, also at once, makes one sample", async () => {
  const owner = await makeOwner();
  const both = await Promise.all([loadSample(db, owner), loadSample(db, owner)]);
  expect(both.map((one) => one.isNew).sort()).toEqual([false, true]);
  expect(new Set(both.map((one) => one.workspaceId)).size).toBe(1);
});

test("only an owner loads or removes the sample", async () => {
  const owner = await makeOwner();
  for (const role of ["admin", "editor", "viewer"] as const) {
    expect(await refusalCode(loadSample(db, { ...owner, role }))).toBe("auth.not_allowed");
    expect(await refusalCode(removeSample(db, { ...owner, role }))).toBe("auth.not_allowed");
  }
});

test("removing the sample leaves no row of it in any table, and touches no other workspace", async () => {
  const [owner, other] = [await makeOwner(), await makeOwner()];
  const { workspaceId } = await loadSample(db, owner);
  const { workspaceId: othersSample } = await loadSample(db, other);
  const before = [await rowsOf(other.workspaceId), await rowsOf(othersSample)];
  await removeSample(db, owner);
  expect(await rowsOf(workspaceId)).toEqual({});
  expect((await pool.query("select from workspace where id = $1", [workspaceId])).rowCount).toBe(0);
  expect([await rowsOf(other.workspaceId), await rowsOf(othersSample)]).toEqual(before);
  expect(await findSample(db, owner.userId ?? "")).toBeNull();
  await removeSample(db, owner);
});

test("a new table with a workspace_id is emptied, too", async () => {
  await pool.query("create table later_feature (workspace_id uuid not null, note text)");
  const owner = await makeOwner();
  const { workspaceId } = await loadSample(db, owner);
  await pool.query("insert into later_feature values ($1, 'gone'), ($2, 'stays')", [workspaceId, owner.workspaceId]);
  await removeSample(db, owner);
  expect((await pool.query("select note from later_feature")).rows).toEqual([{ note: "stays" }]);
  await pool.query("drop table later_feature");
});

test("a workspace that is no sample cannot be deleted whole", async () => {
  const { workspaceId } = await makeOwner();
  await expect(deleteWorkspaceRows(db, workspaceId)).rejects.toThrow("only a sample workspace");
  expect(await rowsOf(workspaceId)).toMatchObject({ member: 1 });
});

test("a campaign of the sample goes to the built-in inbox whatever sender it names", async () => {
  const owner = await makeOwner();
  const { workspaceId } = await loadSample(db, owner);
  const sample: Scope = { ...owner, workspaceId };
  const outside = newId();
  await pool.query("update sender set is_default = false where workspace_id = $1", [workspaceId]);
  await pool.query(
    `insert into sender (workspace_id, id, name, kind, host, is_default) values ($1, $2, 'Outside', 'smtp', 'smtp.example.net', true)`,
    [workspaceId, outside],
  );
  const { rows } = await pool.query("select id from campaign where workspace_id = $1 and status = 'draft'", [
    workspaceId,
  ]);
  const { id } = rows[0];
  await pool.query("update campaign set sender_id = $3 where workspace_id = $1 and id = $2", [
    workspaceId,
    id,
    outside,
  ]);
  const { campaign } = await reviewCampaign(db, sample, id);
  await launch(db, sample, {
    campaignId: id,
    version: campaign.version,
    when: { kind: "now" },
    acceptPlainHttp: false,
  });
  const launched = await getCampaign(db, sample, id);
  expect(launched.senderId).not.toBe(outside);
  // What a worker would open a connection to, for the campaign's own sender and for any other.
  for (const senderId of [launched.senderId, outside, null]) {
    expect(await resolveSender(db, workspaceId, senderId)).toMatchObject({ kind: "inbox", host: "127.0.0.1" });
  }
});
