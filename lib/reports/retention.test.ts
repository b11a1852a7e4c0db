import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import type { Db, Pool } from "#lib/db.ts";
import { stateCounts } from "#lib/delivery/counts.ts";
import { dropOldMessages } from "#lib/delivery/drop-old-messages.ts";
import { dropOldEvents } from "#lib/tracking/drop-old-events.ts";
import { makeWorkspace, refusalCode, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { minutes, tellCampaign } from "#tests/support/report-fixtures.ts";
import { activity } from "./activity.ts";
import { engagedPeople } from "./engagement.ts";
import { keptDetails } from "./kept-details.ts";
import { linkClicks } from "./link-clicks.ts";
import { listRecipients } from "./recipients.ts";
import { verifyCounts } from "./verify.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let scope: Scope;
let other: Scope;
let id: string;
let theirs: string;

const launchMonth = "2026-03-01";
/** 31 March 2027 is a year after the last day of the launch's month; the events of April stay one month longer. */
const aYearLater = new Date("2027-04-01T00:00:00Z");
const april = 23 * 24 * 60;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  await pool.query("delete from campaign");
  [scope, other] = [await makeWorkspace(pool), await makeWorkspace(pool)];
  for (const table of ["message", "attempt", "feedback", "event"])
    await pool.query(`drop table if exists ${table}_2026_03`);
  await pool.query("select ensure_month_partitions($1)", [minutes(april)]);
  const people = [
    { name: "ann", attempts: ["sent"], did: ["human open 5", "human click 6 link 0", `machine open ${april}`] },
    { name: "bob", attempts: ["sent"], did: ["machine open 1", `human open ${april}`, `unsubscribe ${april + 1}`] },
    { name: "cid", attempts: ["failed hard"] },
    { name: "dot", attempts: ["sent"], cameBack: ["complaint abuse"] },
  ];
  const told = { links: ["https://example.com/"], status: "finished" };
  id = await tellCampaign(pool, scope, people, told);
  theirs = await tellCampaign(pool, other, people.slice(0, 1), told);
});

const monthsOf = async (table: string) => {
  const { rows } = await pool.query("select relname from pg_class where relname ~ $1 and relkind = 'r' order by 1", [
    `^${table}_\\d{4}_\\d{2}$`,
  ]);
  return rows.map((row) => row.relname);
};

test("a month is kept until its last day is old enough, and for ever where that is asked for", async () => {
  expect(await dropOldEvents(db, 12, new Date("2027-03-31T23:59:59Z"))).toEqual([]);
  expect(await dropOldEvents(db, 0, new Date("2099-01-01T00:00:00Z"))).toEqual([]);
  expect(await dropOldMessages(db, 0, new Date("2099-01-01T00:00:00Z"))).toEqual([]);
  expect(await keptDetails(db, scope, launchMonth)).toEqual({ recipients: true, hits: true });
  expect(await dropOldEvents(db, 12, aYearLater)).toEqual([launchMonth]);
  expect(await monthsOf("event")).toContain("event_2026_04");
  expect(await dropOldEvents(db, 12, aYearLater)).toEqual([]);
});

test("when single opens and clicks are gone, people are still counted, and the report can tell what is gone", async () => {
  const before = await engagedPeople(db, scope, id);
  const buckets = await activity(db, scope, { id, launchedAt: minutes(0) }, { unit: "day", timeZone: "UTC" });
  await dropOldEvents(db, 12, aYearLater);
  expect(await engagedPeople(db, scope, id)).toEqual(before);
  expect(await activity(db, scope, { id, launchedAt: minutes(0) }, { unit: "day", timeZone: "UTC" })).toEqual(buckets);
  expect((await linkClicks(db, scope, id))[0]?.clicks.human).toBe(0);
  expect(await keptDetails(db, scope, launchMonth)).toEqual({ recipients: true, hits: false });
  expect((await listRecipients(db, scope, id, {})).rows).toHaveLength(4);
});

test("when recipients are gone, their counts are still there, in either workspace", async () => {
  const before = await stateCounts(db, scope.workspaceId, id);
  expect(await dropOldMessages(db, 12, aYearLater)).toEqual([launchMonth]);
  expect(await stateCounts(db, scope.workspaceId, id)).toEqual(before);
  expect((await stateCounts(db, other.workspaceId, theirs)).sent).toBe(1);
  expect((await pool.query("select count(*)::int as n from feedback")).rows[0].n, "goes with its message").toBe(0);
  expect((await listRecipients(db, scope, id, {})).rows).toEqual([]);
  expect(await keptDetails(db, other, launchMonth)).toEqual({ recipients: false, hits: true });
  expect(await refusalCode(listRecipients(db, other, id, {}))).toBe("not_found");
});

test("verify has nothing to say about what was dropped, and still finds what is wrong with what was kept", async () => {
  expect((await verifyCounts(db)).differences).toEqual([]);
  await dropOldEvents(db, 12, aYearLater);
  await dropOldMessages(db, 12, aYearLater);
  expect((await verifyCounts(db)).differences).toEqual([]);
  await pool.query("update first_touch set unsubscribed_at = null where campaign_id = $1", [id]);
  expect((await verifyCounts(db)).differences).toMatchObject([{ what: "unsubscribed", shown: 0, counted: 1 }]);
});

test.each(["sending", "paused", "freezing", "cancelling"])(
  "nothing of a month is dropped while a campaign that was launched in it is %s",
  async (status) => {
    await pool.query("update campaign set status = $2 where id = $1", [theirs, status]);
    expect(await dropOldMessages(db, 12, aYearLater)).toEqual([]);
    expect(await dropOldEvents(db, 12, aYearLater)).toEqual([]);
    expect(await keptDetails(db, scope, launchMonth)).toEqual({ recipients: true, hits: true });
  },
);

test("a month that somebody is reading is left for the next night, and holds nobody up", async () => {
  const reader = await pool.connect();
  try {
    await reader.query("begin; select count(*) from event_2026_03");
    expect(await dropOldEvents(db, 12, aYearLater)).toEqual([]);
    await reader.query("commit");
  } finally {
    reader.release();
  }
  expect(await dropOldEvents(db, 12, aYearLater)).toEqual([launchMonth]);
});
