import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import type { Db, Pool } from "#lib/db.ts";
import { makeDraft, makeList, makeWorkspace, refusalCode, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { getCampaign } from "./find.ts";
import { freezeCampaign } from "./freeze.ts";
import { launch, undoLaunch } from "./launch.ts";
import { campaignProgress } from "./progress.ts";
import { cancelCampaign, pauseCampaign, resumeCampaign } from "./steer.ts";
import { sweepCampaigns } from "./sweep.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Scope;
let theirs: Scope;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  await pool.query("delete from campaign");
  mine = await makeWorkspace(pool);
  theirs = await makeWorkspace(pool);
});

async function scheduled(scope: Scope, lateSeconds: number, people = 3): Promise<string> {
  const draft = await makeDraft(db, scope, await makeList(pool, scope, people));
  await launch(db, scope, {
    campaignId: draft.id,
    version: draft.version,
    when: { kind: "now" },
    acceptPlainHttp: false,
  });
  await pool.query("update campaign set launch_at = clock_timestamp() - make_interval(secs => $2) where id = $1", [
    draft.id,
    lateSeconds,
  ]);
  return draft.id;
}

async function sending(scope: Scope, people = 3): Promise<string> {
  const id = await scheduled(scope, 1, people);
  await sweepCampaigns(db);
  expect(await freezeCampaign(db, scope.workspaceId, id)).toBe("frozen");
  return id;
}

const statusOf = async (scope: Scope, id: string) => (await getCampaign(db, scope, id)).status;

/** Settles every message as delivery would: one attempt each, chunks done. */
async function settleAll(id: string, state: "sent" | "in_doubt"): Promise<void> {
  await pool.query(
    `insert into attempt (workspace_id, launch_month, message_id, n, source_id, chunk, state, fence)
     select workspace_id, launch_month, id, 1, source_id, chunk, $2, 1 from message where source_id = $1`,
    [id, state],
  );
  const column = state === "sent" ? "sent" : "in_doubt";
  await pool.query(`update chunk set state = 'done', ${column} = total where source_id = $1`, [id]);
}

async function queued(name: string, id?: string): Promise<number> {
  const { rowCount } = await pool.query(
    "select 1 from pgboss.job where name = $1 and state = 'created' and ($2::text is null or data->>'campaignId' = $2)",
    [name, id ?? null],
  );
  return rowCount ?? 0;
}

test("the sweep starts what is due, in every workspace, and leaves what is not", async () => {
  const due = await scheduled(mine, 1);
  const foreignDue = await scheduled(theirs, 1);
  const later = await scheduled(mine, -3600);
  await sweepCampaigns(db);
  expect([await statusOf(mine, due), await statusOf(theirs, foreignDue), await statusOf(mine, later)]).toEqual([
    "freezing",
    "freezing",
    "scheduled",
  ]);
  expect(await queued("campaign.freeze", due)).toBe(1);
  await sweepCampaigns(db);
  expect(await queued("campaign.freeze", due)).toBe(1);
});

test("a start missed by more than its limit waits for a click, and then goes out or back to draft", async () => {
  const missed = await scheduled(mine, 7300);
  const late = await scheduled(mine, 7100);
  await sweepCampaigns(db);
  expect([await statusOf(mine, missed), await statusOf(mine, late)]).toEqual(["missed", "freezing"]);
  await sweepCampaigns(db);
  expect(await statusOf(mine, missed)).toBe("missed");

  const { version } = await getCampaign(db, mine, missed);
  await launch(db, mine, { campaignId: missed, version, when: { kind: "now" }, acceptPlainHttp: false });
  expect(await statusOf(mine, missed)).toBe("scheduled");
  await undoLaunch(db, mine, missed);
  expect(await statusOf(mine, missed)).toBe("draft");
});

test("a campaign that is no longer fit to be sent when its time comes waits with the reason", async () => {
  const id = await scheduled(mine, 1);
  await pool.query("update workspace set postal_address = '' where id = $1", [mine.workspaceId]);
  await sweepCampaigns(db);
  expect(await getCampaign(db, mine, id)).toMatchObject({
    status: "missed",
    pauseReason: "campaign.workspace_address_empty",
  });
  expect((await pool.query("select 1 from frozen_content where campaign_id = $1", [id])).rowCount).toBe(0);
});

test("a freeze that lost its worker is rung for again, a living one is not", async () => {
  const id = await scheduled(mine, 1);
  await sweepCampaigns(db);
  await pool.query("delete from pgboss.job where name = 'campaign.freeze'");
  await sweepCampaigns(db);
  expect(await queued("campaign.freeze", id)).toBe(0);
  await pool.query("update campaign set updated_at = now() - interval '1 minute' where id = $1", [id]);
  await sweepCampaigns(db);
  expect(await queued("campaign.freeze", id)).toBe(1);
});

test("a campaign is finished only when nothing can still be sent and the states add up", async () => {
  const id = await sending(mine);
  await sweepCampaigns(db);
  expect(await statusOf(mine, id)).toBe("sending");

  await pool.query("update chunk set state = 'done' where source_id = $1", [id]);
  await sweepCampaigns(db);
  expect(await statusOf(mine, id), "drained by its chunks, but nobody's outcome is known").toBe("sending");

  await settleAll(id, "sent");
  await sweepCampaigns(db);
  expect(await getCampaign(db, mine, id)).toMatchObject({ status: "finished", frozenCount: 3 });
  expect(await campaignProgress(db, mine, id)).toMatchObject({ status: "finished", sent: 3, pending: 0, written: 3 });
});

test("cancelling skips what was not handed over and then closes the campaign", async () => {
  const id = await sending(mine, 600);
  await cancelCampaign(db, mine, id);
  expect(await queued("campaign.sweep")).toBeGreaterThan(0);
  await sweepCampaigns(db);
  expect(await statusOf(mine, id)).toBe("cancelled");
  const states = await pool.query(
    "select state, class, count(*)::int as people from message_state where source_id = $1 group by 1, 2",
    [id],
  );
  expect(states.rows).toEqual([{ state: "skipped", class: "cancelled", people: 600 }]);
});

test("cancelling leaves messages in doubt as they are", async () => {
  const id = await sending(mine);
  await pool.query(
    `insert into attempt (workspace_id, launch_month, message_id, n, source_id, chunk, state, fence, next_at)
     select workspace_id, launch_month, id, 1, source_id, chunk, 'in_doubt', 1, now() from message where source_id = $1 limit 1`,
    [id],
  );
  await pool.query("update chunk set in_doubt = 1 where source_id = $1", [id]);
  await cancelCampaign(db, mine, id);
  await sweepCampaigns(db);
  expect(await campaignProgress(db, mine, id)).toMatchObject({ status: "cancelled", inDoubt: 1, skipped: 2 });
});

test("a campaign cancelled while its rows were being written counts those that are there", async () => {
  const id = await scheduled(mine, 1);
  await sweepCampaigns(db);
  await cancelCampaign(db, mine, id);
  await sweepCampaigns(db);
  expect(await getCampaign(db, mine, id)).toMatchObject({ status: "cancelled", frozenCount: 0 });
});

test("a paused campaign is not finished, and goes on when resumed", async () => {
  const id = await sending(mine);
  await pauseCampaign(db, mine, id);
  expect(await getCampaign(db, mine, id)).toMatchObject({ status: "paused", pauseReason: "person" });
  await sweepCampaigns(db);
  expect(await statusOf(mine, id)).toBe("paused");
  await resumeCampaign(db, mine, id);
  expect(await getCampaign(db, mine, id)).toMatchObject({ status: "sending", pauseReason: null, pausedAt: null });
  expect(await queued("delivery.wake")).toBeGreaterThan(0);
});

test("steps that do not fit the state are refused, as are strangers and viewers", async () => {
  const id = await sending(mine);
  expect(await refusalCode(resumeCampaign(db, mine, id))).toBe("campaign.not_possible_now");
  expect(await refusalCode(pauseCampaign(db, theirs, id))).toBe("not_found");
  expect(await refusalCode(cancelCampaign(db, theirs, id))).toBe("not_found");
  expect(await refusalCode(cancelCampaign(db, { ...mine, role: "viewer" }, id))).toBe("auth.not_allowed");
  await settleAll(id, "sent");
  await sweepCampaigns(db);
  expect(await refusalCode(cancelCampaign(db, mine, id))).toBe("campaign.not_possible_now");
});
