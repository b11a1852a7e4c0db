import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import type { Db, Pool } from "#lib/db.ts";
import { countRows, stateCounts } from "#lib/delivery/counts.ts";
import { newId } from "#lib/ids.ts";
import { refusalCode, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { attemptsOf, sendingCampaign } from "#tests/support/sending-campaign.ts";
import { carryOutDecision } from "./carry-out-decision.ts";
import { decide, previewDecision } from "./decide.ts";
import { type DecisionInput, decisionInput, decisionQuestion } from "./decision-input.ts";
import { finishIfDrained } from "./finish.ts";
import { cancelCampaign } from "./steer.ts";
import { sweepCampaigns } from "./sweep.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Awaited<ReturnType<typeof sendingCampaign>>;
let other: Awaited<ReturnType<typeof sendingCampaign>>;
/** In the order in which they were frozen. */
let messages: string[];

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  mine = await sendingCampaign(db, pool, 6);
  other = await sendingCampaign(db, pool, 6);
  messages = await messagesOf(mine.campaignId);
});

async function messagesOf(campaignId: string): Promise<string[]> {
  const { rows } = await pool.query("select id from message where source_id = $1 order by subscriber_id", [campaignId]);
  return rows.map((row) => row.id);
}

/** Writes what delivery would have left: one attempt for each message named, and the rollup of its chunk. */
async function left(
  campaignId: string,
  told: ReadonlyArray<[messageId: string, state: string, cause: string, nextInSeconds?: number]>,
  status = "finished",
): Promise<void> {
  for (const [id, state, cause, next] of told) {
    await pool.query(
      `insert into attempt (workspace_id, launch_month, message_id, n, source_id, chunk, state, fence, class, tries, settled_at, next_at)
       select workspace_id, launch_month, id, 1, source_id, chunk, $2, 1, $3, 5, now(), now() + make_interval(secs => $4)
       from message where id = $1`,
      [id, state, cause, next ?? null],
    );
  }
  await pool.query(
    `update chunk c set state = case when $2 in ('finished', 'cancelled') then 'done' else 'waiting' end, fence = 1,
       sent = t.sent, failed = t.failed, deferred = t.deferred, in_doubt = t.in_doubt, skipped = t.skipped
     from (select count(*) filter (where state = 'sent') as sent, count(*) filter (where state = 'failed') as failed,
       count(*) filter (where state = 'deferred') as deferred, count(*) filter (where state = 'in_doubt') as in_doubt,
       count(*) filter (where state = 'skipped') as skipped from message_state where source_id = $1) t
     where c.source_id = $1`,
    [campaignId, status],
  );
  await pool.query(
    "update campaign set status = $2, finished_at = case when $2 in ('finished', 'cancelled') then now() end where id = $1",
    [campaignId, status],
  );
}

const at = (i: number) => messages[i] as string;
const sent = (...which: number[]) => which.map((i) => [at(i), "sent", "sent"] as [string, string, string]);

const decided = (input: Partial<DecisionInput> & Pick<DecisionInput, "decision">, scope: Scope = mine.scope) =>
  decide(db, scope, decisionInput.parse({ campaignId: mine.campaignId, confirmed: 100, ...input }));
const preview = (decision: DecisionInput["decision"], scope: Scope = mine.scope) =>
  previewDecision(db, scope, decisionQuestion.parse({ campaignId: mine.campaignId, decision }));

const stateOf = async (messageId: string) =>
  (await pool.query("select state from message_state where id = $1", [messageId])).rows[0].state as string;
const campaignRow = async (id = mine.campaignId) =>
  (await pool.query("select status, finished_at, ends_at, frozen_at from campaign where id = $1", [id])).rows[0];
const chunkRow = async (id = mine.campaignId) =>
  (
    await pool.query(
      "select state, owner, fence::int, due_at <= clock_timestamp() as due from chunk where source_id = $1",
      [id],
    )
  ).rows[0];
const auditOf = async (scope: Scope) =>
  (await pool.query("select action, detail from audit_entry where workspace_id = $1 order by id", [scope.workspaceId]))
    .rows as Array<{ action: string; detail: Record<string, unknown> }>;

async function rollupsHold(): Promise<void> {
  for (const { scope, campaignId } of [mine, other])
    expect(await stateCounts(db, scope.workspaceId, campaignId)).toEqual(
      await countRows(db, scope.workspaceId, campaignId),
    );
}

/** Everything of the other workspace's campaign, to see that it was left alone. */
async function othersRows(): Promise<unknown> {
  const of = async (table: string, key: string) =>
    (await pool.query(`select t::text from "${table}" t where ${key} = $1 order by 1`, [other.campaignId])).rows;
  return [await of("attempt", "source_id"), await of("chunk", "source_id"), await of("campaign", "id")];
}

test("doubts that are resent go out again at once, and a finished campaign is sending again", async () => {
  await left(mine.campaignId, [
    ...sent(0, 1, 2, 3),
    [at(4), "in_doubt", "in_doubt"],
    [at(5), "in_doubt", "lease_lost"],
  ]);
  expect(await preview("resend_doubts")).toEqual({ messages: 2, optedOut: 0, busy: 0, endHasPassed: false });
  expect(await decided({ decision: "resend_doubts" })).toEqual({ messages: 2, optedOut: 0, busy: 0 });

  const attempts = await attemptsOf(pool, at(4));
  expect(attempts).toMatchObject([
    { n: 1, state: "in_doubt" },
    { n: 2, state: "deferred", class: "person", tries: 0 },
  ]);
  expect(attempts[1]?.next_at?.getTime()).toBeLessThanOrEqual(Date.now());
  expect(await campaignRow()).toMatchObject({ status: "sending", finished_at: null });
  expect(await chunkRow()).toMatchObject({ state: "waiting", owner: null, due: true });
  await rollupsHold();
  expect((await auditOf(mine.scope)).at(-1)).toEqual({
    action: "campaign.resend_doubts",
    detail: { name: "Spring", messages: 2 },
  });
});

test("a decision taken twice is taken once, also when both come at the same moment", async () => {
  await left(mine.campaignId, [...sent(0, 1, 2, 3), [at(4), "in_doubt", "in_doubt"], [at(5), "in_doubt", "in_doubt"]]);
  const answers = await Promise.allSettled([
    decided({ decision: "resend_doubts" }),
    decided({ decision: "doubts_sent" }),
    decided({ decision: "resend_doubts" }),
  ]);
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const id of [at(4), at(5)]) expect(await attemptsOf(pool, id)).toHaveLength(2);
  await rollupsHold();
  expect(await refusalCode(decided({ decision: "resend_doubts" }))).toBe("campaign.nothing_to_decide");
});

test("a doubt is called sent or given up by name, and the campaign stays finished", async () => {
  await left(
    mine.campaignId,
    [...sent(0, 1, 2), ...[3, 4, 5].map((i) => [at(i), "in_doubt", "in_doubt"] as const)].map((one) => [...one]),
  );
  await decided({ decision: "doubts_sent", messageId: at(3) });
  await decided({ decision: "doubts_given_up", messageId: at(4) });
  expect(await attemptsOf(pool, at(3))).toMatchObject([
    { state: "in_doubt" },
    { n: 2, state: "sent", class: "person", tries: 5 },
  ]);
  expect(await attemptsOf(pool, at(4))).toMatchObject([
    { state: "in_doubt" },
    { n: 2, state: "skipped", class: "given_up" },
  ]);
  expect(await stateOf(at(5))).toBe("in_doubt");
  expect((await campaignRow()).status).toBe("finished");
  expect(await chunkRow()).toMatchObject({ state: "done" });
  await rollupsHold();
  expect((await auditOf(mine.scope)).at(-1)?.detail).toEqual({ name: "Spring", messages: 1, messageId: at(4) });
});

test("failed people get another try, except hard bounces, and whoever has opted out or is suppressed since", async () => {
  await left(mine.campaignId, [
    [at(0), "failed", "hard"],
    [at(1), "failed", "block"],
    [at(2), "failed", "network"],
    [at(3), "failed", "unknown"],
    [at(4), "failed", "unknown"],
    [at(5), "sent", "sent"],
  ]);
  const person = (i: number) => `(select subscriber_id from message where id = '${at(i)}')`;
  await pool.query(`update subscription set status = 'unsubscribed' where subscriber_id = ${person(2)}`);
  await pool.query(
    `insert into suppression (workspace_id, email_key, reason) select workspace_id, email_key, 'manual' from subscriber where id = ${person(3)}`,
  );
  await pool.query(`delete from subscriber where id = ${person(4)}`);
  expect(await preview("retry_failed")).toMatchObject({ messages: 1, optedOut: 3 });
  expect(await decided({ decision: "retry_failed" })).toEqual({ messages: 1, optedOut: 3, busy: 0 });
  expect(await Promise.all(messages.map(stateOf))).toEqual([
    "failed",
    "deferred",
    "failed",
    "failed",
    "failed",
    "sent",
  ]);
  await rollupsHold();
});

test("the rest of a cancelled campaign is sent to, and a hard look is had at its end", async () => {
  await left(
    mine.campaignId,
    [
      ...sent(0, 1),
      [at(2), "skipped", "cancelled"],
      [at(3), "skipped", "cancelled"],
      [at(4), "skipped", "unsubscribed"],
      [at(5), "skipped", "expired"],
    ],
    "cancelled",
  );
  await pool.query("update campaign set ends_at = now() - interval '1 hour', frozen_at = null where id = $1", [
    mine.campaignId,
  ]);
  expect(await preview("send_rest")).toEqual({ messages: 3, optedOut: 0, busy: 0, endHasPassed: true });
  expect(await refusalCode(decided({ decision: "send_rest" }))).toBe("campaign.end_passed");
  const past = { kind: "at", wallTime: "2020-01-01T10:00", zone: "Europe/Berlin" } as const;
  expect(await refusalCode(decided({ decision: "send_rest", end: past }))).toBe("campaign.schedule_past");
  expect((await campaignRow()).status).toBe("cancelled");
  await rollupsHold();

  const later = { kind: "at", wallTime: `${new Date().getUTCFullYear() + 1}-01-01T10:00`, zone: "UTC" } as const;
  expect(await decided({ decision: "send_rest", end: later })).toMatchObject({ messages: 3 });
  const row = await campaignRow();
  expect(row).toMatchObject({ status: "sending", finished_at: null });
  expect(row.ends_at.toISOString()).toBe(`${new Date().getUTCFullYear() + 1}-01-01T10:00:00.000Z`);
  expect(row.frozen_at, "a freeze that was cancelled does not go on").not.toBeNull();
  expect(await stateOf(at(4))).toBe("skipped");
  await rollupsHold();
});

test("nobody finishes a campaign over the heads of people who were just given another try", async () => {
  await left(mine.campaignId, [...sent(0, 1, 2, 3, 4), [at(5), "failed", "network"]], "sending");
  await pool.query("update chunk set state = 'done' where source_id = $1", [mine.campaignId]);
  let finishing: Promise<boolean> = Promise.resolve(true);
  await db.transaction(async (tx) => {
    await tx.execute(sql`select from campaign where id = ${mine.campaignId} for update`);
    finishing = finishIfDrained(db, mine.scope.workspaceId, mine.campaignId);
    // It has seen that everything is done, and waits for the campaign's row.
    await vi.waitFor(async () => {
      const { rows } = await pool.query(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      expect(rows).toHaveLength(1);
    });
    const input = { campaignId: mine.campaignId, decision: "retry_failed", confirmed: 1 };
    await decide(tx, mine.scope, decisionInput.parse(input));
  });
  expect(await finishing).toBe(false);
  expect(await chunkRow()).toMatchObject({ state: "waiting" });
  expect((await campaignRow()).status).toBe("sending");
});

test("a chunk that a worker holds stays its own, and what the worker may be sending is not decided", async () => {
  await left(
    mine.campaignId,
    [
      [at(0), "in_doubt", "in_doubt", 0],
      [at(1), "in_doubt", "in_doubt"],
      [at(2), "failed", "network"],
      ...sent(3, 4, 5),
    ],
    "sending",
  );
  const owner = newId();
  await pool.query(
    "update chunk set state = 'leased', owner = $2, fence = 7, lease_until = now() + interval '1 minute' where source_id = $1",
    [mine.campaignId, owner],
  );
  expect(await preview("resend_doubts")).toMatchObject({ messages: 1, busy: 1 });
  expect(await refusalCode(decided({ decision: "doubts_sent", messageId: at(0) }))).toBe("campaign.message_busy");
  expect(await decided({ decision: "doubts_sent" })).toEqual({ messages: 1, optedOut: 0, busy: 1 });
  expect(await decided({ decision: "retry_failed" })).toMatchObject({ messages: 1 });
  expect(await stateOf(at(0))).toBe("in_doubt");
  // Under the fence of the claim: what was marked under it counts as answered, if the worker dies now.
  expect((await attemptsOf(pool, at(2))).at(-1)).toMatchObject({ n: 2, state: "deferred", fence: "7" });
  expect(await chunkRow()).toMatchObject({ state: "leased", owner, fence: 7 });
  await rollupsHold();
});

test("while a chunk's lock cannot be had, it says so and changes nothing", async () => {
  await left(mine.campaignId, [...sent(0, 1, 2, 3, 4), [at(5), "failed", "network"]], "sending");
  const holder = await pool.connect();
  try {
    await holder.query("begin");
    await holder.query("select from chunk where source_id = $1 for update", [mine.campaignId]);
    expect(await refusalCode(decided({ decision: "retry_failed" }))).toBe("campaign.busy_now");
  } finally {
    await holder.query("rollback");
    holder.release();
  }
  expect(await stateOf(at(5))).toBe("failed");
  await rollupsHold();
});

test("a paused campaign stays paused, and one that is being frozen or cancelled is left alone", async () => {
  await left(mine.campaignId, [...sent(0, 1, 2, 3, 4), [at(5), "failed", "network"]], "paused");
  await decided({ decision: "retry_failed" });
  expect((await campaignRow()).status).toBe("paused");
  for (const status of ["draft", "scheduled", "freezing", "cancelling"]) {
    await pool.query("update campaign set status = $2 where id = $1", [mine.campaignId, status]);
    for (const decision of ["resend_doubts", "doubts_sent", "retry_failed", "send_rest"] as const)
      expect(await refusalCode(decided({ decision })), `${decision} while ${status}`).toBe("campaign.not_possible_now");
  }
  await pool.query("update campaign set status = 'sending' where id = $1", [mine.campaignId]);
  expect(await refusalCode(decided({ decision: "send_rest" }))).toBe("campaign.not_possible_now");
});

test("far more people than somebody said yes to are not mailed", async () => {
  await left(mine.campaignId, [
    ...sent(0, 1, 2),
    ...[3, 4, 5].map((i) => [at(i), "failed", "network"] as [string, string, string]),
  ]);
  expect(await refusalCode(decided({ decision: "retry_failed", confirmed: 2 }))).toBe("campaign.decision_changed");
  expect(await Promise.all(messages.slice(3).map(stateOf))).toEqual(["failed", "failed", "failed"]);
  expect((await campaignRow()).status).toBe("finished");
  expect((await auditOf(mine.scope)).map(({ action }) => action)).not.toContain("campaign.retry_failed");
});

/** A finished campaign of 1,203 people in three chunks, all of them failed. */
async function manyFailed(): Promise<{ key: [string, string]; taken: () => ReturnType<typeof decide> }> {
  mine = await sendingCampaign(db, pool, 1203);
  messages = await messagesOf(mine.campaignId);
  await pool.query(
    `insert into attempt (workspace_id, launch_month, message_id, n, source_id, chunk, state, fence, class, tries, settled_at)
     select workspace_id, launch_month, id, 1, source_id, chunk, 'failed', 1, 'network', 5, now()
     from message where source_id = $1`,
    [mine.campaignId],
  );
  await pool.query("update chunk set state = 'done', fence = 1, failed = total where source_id = $1", [
    mine.campaignId,
  ]);
  await pool.query("update campaign set status = 'finished', finished_at = now() where id = $1", [mine.campaignId]);
  const input = decisionInput.parse({ campaignId: mine.campaignId, decision: "retry_failed", confirmed: 1203 });
  return { key: [mine.scope.workspaceId, mine.campaignId], taken: () => decide(db, mine.scope, input, 500) };
}
const decidingOf = async () =>
  (await pool.query("select deciding from campaign where id = $1", [mine.campaignId])).rows[0].deciding;
const statesOf = async () =>
  (
    await pool.query(
      "select state, count(*)::int from message_state where source_id = $1 group by state order by state",
      [mine.campaignId],
    )
  ).rows.map(({ state, count }) => [state, count]);

test("a decision about many is carried out in batches; interrupted it goes on, and decides nobody twice", async () => {
  const { key, taken } = await manyFailed();
  expect(await taken()).toEqual({ messages: 1203, optedOut: 0, busy: 0, isUnderWay: true });
  expect(await decidingOf()).toMatchObject({ decision: "retry_failed", of: 1203, done: 0 });
  expect((await campaignRow()).status).toBe("sending");
  expect(await finishIfDrained(db, ...key), "not while it is under way").toBe(false);
  expect(await refusalCode(taken())).toBe("campaign.deciding");
  expect(await refusalCode(preview("retry_failed"))).toBe("campaign.deciding");

  // Two at once, each of which is stopped after its first batch.
  const stopAfterOne = () => {
    let asked = 0;
    return {
      get aborted() {
        return asked++ > 0;
      },
    } as AbortSignal;
  };
  const both = await Promise.all([1, 2].map(() => carryOutDecision(db, ...key, { most: 500, signal: stopAfterOne() })));
  expect(both).toEqual(["interrupted", "interrupted"]);
  expect(await statesOf()).toEqual([
    ["deferred", 1000],
    ["failed", 203],
  ]);
  expect(await decidingOf()).toMatchObject({ done: 1000, upTo: 1 });
  await rollupsHold();

  // What fails after the decision was not decided about.
  const late = messages.at(-1) as string;
  await pool.query("update attempt set settled_at = clock_timestamp() + interval '1 minute' where message_id = $1", [
    late,
  ]);
  expect(await carryOutDecision(db, ...key, { most: 500 })).toBe("done");
  expect(await statesOf()).toEqual([
    ["deferred", 1202],
    ["failed", 1],
  ]);
  expect(await stateOf(late)).toBe("failed");
  expect(await decidingOf()).toBeNull();
  expect((await auditOf(mine.scope)).slice(-2).map(({ action, detail }) => [action, detail.messages])).toEqual([
    ["campaign.retry_failed", 1203],
    ["campaign.decided", 1202],
  ]);
  await rollupsHold();
  expect(await carryOutDecision(db, ...key)).toBe("nothing");
});

test("a cancellation has the last word about a decision under way, and the sweep rings for one that stands still", async () => {
  const { key, taken } = await manyFailed();
  await taken();
  await pool.query("update campaign set updated_at = now() - interval '1 minute' where id = $1", [mine.campaignId]);
  await pool.query("delete from pgboss.job where name = 'campaign.decide'");
  await sweepCampaigns(db);
  const { rows } = await pool.query("select data from pgboss.job where name = 'campaign.decide'");
  expect(rows).toEqual([{ data: { workspaceId: key[0], campaignId: key[1] } }]);

  await cancelCampaign(db, mine.scope, mine.campaignId);
  expect(await carryOutDecision(db, ...key)).toBe("nothing");
  expect(await statesOf()).toEqual([["failed", 1203]]);
  expect(await decidingOf()).toBeNull();
});

test("a batch that cannot have its chunks changes nothing and waits for the next ring", async () => {
  const { key, taken } = await manyFailed();
  await taken();
  const holder = await pool.connect();
  try {
    await holder.query("begin");
    await holder.query("select from chunk where source_id = $1 and no = 0 for update", [mine.campaignId]);
    expect(await carryOutDecision(db, ...key, { most: 500 })).toBe("busy");
  } finally {
    await holder.query("rollback");
    holder.release();
  }
  expect(await decidingOf()).toMatchObject({ done: 0 });
  expect(await carryOutDecision(db, ...key, { most: 500 })).toBe("done");
  expect(await statesOf()).toEqual([["deferred", 1203]]);
});

test("decisions are for those who may launch, and about messages of the campaign and the workspace", async () => {
  await left(mine.campaignId, [...sent(0, 1, 2, 3, 4), [at(5), "in_doubt", "in_doubt"]]);
  const theirs = await messagesOf(other.campaignId);
  await left(other.campaignId, [[theirs[0] as string, "in_doubt", "in_doubt"]], "sending");
  const before = await othersRows();
  const viewer: Scope = { ...mine.scope, role: "viewer" };
  expect(await refusalCode(decided({ decision: "resend_doubts" }, viewer))).toBe("auth.not_allowed");
  expect(await refusalCode(preview("resend_doubts", viewer))).toBe("auth.not_allowed");
  expect(await refusalCode(decided({ decision: "resend_doubts" }, other.scope))).toBe("not_found");
  expect(await refusalCode(preview("resend_doubts", other.scope))).toBe("not_found");
  expect(await refusalCode(decided({ decision: "doubts_sent", messageId: theirs[0] as string }))).toBe(
    "campaign.nothing_to_decide",
  );
  expect(await refusalCode(decided({ decision: "doubts_sent", messageId: newId() }))).toBe(
    "campaign.nothing_to_decide",
  );
  await decided({ decision: "doubts_given_up" });
  expect(await othersRows()).toEqual(before);
  await rollupsHold();
});
