import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import type { Db, Pool } from "#lib/db.ts";
import { makeWorkspace, refusalCode, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { launchedAt, minutes, type ToldPerson, tellCampaign } from "#tests/support/report-fixtures.ts";
import { activity } from "./activity.ts";
import { cameBack } from "./came-back.ts";
import { deliveryReport } from "./delivery.ts";
import { engagement } from "./engagement.ts";
import { inDoubt } from "./in-doubt.ts";
import { linkClicks } from "./link-clicks.ts";
import { liveReport } from "./live.ts";
import { listRecipients } from "./recipients.ts";
import { exportRecipients } from "./recipients-csv.ts";
import { reportHead } from "./report-head.ts";
import { verifyCounts } from "./verify.ts";

let db: Db;
let pool: Pool;
let close: () => Promise<void>;
let scope: Scope;
let other: Scope;
let campaignId: string;

const links = ["https://example.com/a", "https://example.com/b", "https://example.com/c"];

/* Fourteen people. What each table below expects can be counted here by hand. */
const people: ToldPerson[] = [
  {
    name: "ann",
    attempts: ["sent"],
    did: ["human open 5", "human open 200", "human click 6 link 0", "human click 7 link 1"],
  },
  { name: "bob", attempts: ["deferred greylist 9", "sent"], did: ["human open 70"] },
  {
    name: "cid",
    attempts: ["sent"],
    did: ["machine open 1", "human open 90", "human click 91 link 0", "unsubscribe 95"],
  },
  {
    name: "dot",
    attempts: ["sent"],
    did: ["machine open 1", "machine click 1 link 0", "machine click 1 link 1", "machine click 1 link 2"],
    cameBack: ["bounce soft", "complaint abuse"],
  },
  { name: "eve", attempts: ["sent"], did: ["machine open 3"], cameBack: ["bounce hard"] },
  { name: "fay", attempts: ["sent"] },
  { name: "gus", attempts: ["deferred greylist 15"] },
  { name: "hal", attempts: ["deferred greylist 4", "deferred soft 12"] },
  { name: "ida", attempts: ["failed hard"] },
  { name: "jon", attempts: ["deferred network 5", "failed block"] },
  { name: "kim", attempts: ["in_doubt in_doubt 8"] },
  { name: "leo", attempts: ["in_doubt in_doubt 8", "in_doubt in_doubt"] },
  { name: "mia", attempts: ["skipped unsubscribed"] },
  { name: "ned" },
];

beforeAll(async () => {
  ({ db, pool, close } = await useTestDatabase());
  scope = await makeWorkspace(pool);
  other = await makeWorkspace(pool);
  campaignId = await tellCampaign(pool, scope, people, { links });
  // The same names and deeds next door: nothing of it may be counted.
  await tellCampaign(pool, other, people, { links, name: "Next door" });
  await tellCampaign(pool, scope, people.slice(0, 3), { links, name: "Another of ours" });
});
afterAll(() => close());

test("the head names who was frozen and who was left out, by reason", async () => {
  expect(await reportHead(db, scope, campaignId)).toMatchObject({
    name: "Spring",
    subject: "Hello",
    frozen: 14,
    excluded: [
      { reason: "unsubscribed", people: 3 },
      { reason: "suppressed", people: 1 },
    ],
    launchMonth: "2026-03-01",
  });
});

test("every message is counted in one state, with the reason of its newest attempt", async () => {
  expect(await deliveryReport(db, scope, campaignId)).toEqual({
    counts: { total: 14, pending: 1, sending: 0, sent: 6, deferred: 2, failed: 2, inDoubt: 2, skipped: 1 },
    failed: [
      { reason: "block", messages: 1 },
      { reason: "hard", messages: 1 },
    ],
    skipped: [{ reason: "unsubscribed", messages: 1 }],
    deferred: [
      { reason: "greylist", messages: 1 },
      { reason: "soft", messages: 1 },
    ],
    nextTryAt: minutes(12),
    doubtsToResend: 1,
  });
});

test("people are counted once and hits each time, human and machine apart", async () => {
  expect(await engagement(db, scope, campaignId)).toEqual({
    //  human: ann bob cid   machine: cid dot eve   any: ann bob cid dot eve
    openedBy: { human: 3, machine: 3, any: 5 },
    //  human: ann cid       machine: dot
    clickedBy: { human: 2, machine: 1, any: 3 },
    unsubscribed: 1,
    opens: { human: 4, machine: 3 },
    clicks: { human: 3, machine: 3 },
  });
});

test("every link is listed with its people and its clicks", async () => {
  expect(await linkClicks(db, scope, campaignId)).toEqual([
    { position: 0, url: links[0], clickedBy: { human: 2, machine: 1, any: 3 }, clicks: { human: 2, machine: 1 } },
    { position: 1, url: links[1], clickedBy: { human: 1, machine: 1, any: 2 }, clicks: { human: 1, machine: 1 } },
    { position: 2, url: links[2], clickedBy: { human: 0, machine: 1, any: 1 }, clicks: { human: 0, machine: 1 } },
  ]);
});

test("hours are those of the workspace's zone, hold first touches only and add up to the people", async () => {
  const options = { unit: "hour", timeZone: "Asia/Kolkata", now: minutes(150) } as const;
  const buckets = await activity(db, scope, { id: campaignId, launchedAt }, options);
  const told = buckets.map((b) => [b.at.toISOString(), b.humanOpens, b.machineOpens, b.humanClicks, b.machineClicks]);
  // 09:30 UTC is 15:00 in Kolkata.
  expect(told).toEqual([
    ["2026-03-10T09:30:00.000Z", 1, 3, 1, 1],
    ["2026-03-10T10:30:00.000Z", 2, 0, 1, 0],
    ["2026-03-10T11:30:00.000Z", 0, 0, 0, 0],
  ]);
});

test("days follow the zone's calendar over the change of the clocks", async () => {
  const id = await tellCampaign(
    pool,
    scope,
    // Launched on 10 March; the clocks go forward on the 29th. 22:30 UTC is the 30th already by then.
    [
      {
        name: "zoe",
        attempts: ["sent"],
        did: [`human open ${(new Date("2026-03-29T22:30:00Z").getTime() - launchedAt.getTime()) / 60_000}`],
      },
    ],
    { name: "Clocks" },
  );
  const buckets = await activity(
    db,
    scope,
    { id, launchedAt },
    { unit: "day", timeZone: "Europe/Berlin", now: minutes(60) },
  );
  expect(buckets).toHaveLength(21);
  expect(buckets.at(-1)).toMatchObject({ at: new Date("2026-03-29T22:00:00Z"), humanOpens: 1 });
  expect(buckets[0]?.at).toEqual(new Date("2026-03-09T23:00:00Z"));
});

test("live numbers are the same as those of the report", async () => {
  const live = await liveReport(db, scope, campaignId);
  const { counts } = await deliveryReport(db, scope, campaignId);
  expect(live).toMatchObject({
    status: "sending",
    frozen: 14,
    counts,
    people: { openedBy: { human: 3, machine: 3, any: 5 } },
  });
});

test("messages in doubt are listed by name, with what happens next", async () => {
  const { recipients, more } = await inDoubt(db, scope, campaignId);
  expect(recipients.map(({ name, email, nextTryAt, attempts }) => ({ name, email, nextTryAt, attempts }))).toEqual([
    { name: "kim", email: "kim@example.com", nextTryAt: minutes(8), attempts: 1 },
    { name: "leo", email: "leo@example.com", nextTryAt: null, attempts: 2 },
  ]);
  expect(more).toBe(false);
});

const namesOf = async (filter: Parameters<typeof listRecipients>[3]) =>
  (await listRecipients(db, scope, campaignId, filter)).rows.map((row) => row.name).join(" ");

test.each([
  [{}, "ann bob cid dot eve fay gus hal ida jon kim leo mia ned"],
  [{ state: "sent" }, "ann bob cid dot eve fay"],
  [{ state: "pending" }, "ned"],
  [{ state: "deferred" }, "gus hal"],
  [{ state: "deferred", reason: "greylist" }, "gus"],
  [{ state: "failed" }, "ida jon"],
  [{ state: "failed", reason: "block" }, "jon"],
  [{ state: "in_doubt" }, "kim leo"],
  [{ state: "skipped" }, "mia"],
  [{ did: "opened" }, "ann bob cid"],
  [{ did: "not_opened" }, "dot eve fay"],
  [{ did: "clicked" }, "ann cid"],
  [{ did: "not_clicked" }, "bob dot eve fay"],
  [{ did: "machine_only" }, "dot eve"],
  [{ did: "unsubscribed" }, "cid"],
  [{ did: "complained" }, "dot"],
  [{ did: "bounced" }, "dot eve"],
  [{ q: "EVE@" }, "eve"],
  [{ q: "%" }, ""],
] as const)("recipients narrowed to %j are %s", async (filter, names) => {
  expect(await namesOf(filter)).toBe(names);
});

test("what came back is counted by message, of this campaign and workspace only", async () => {
  expect(await cameBack(db, scope, campaignId)).toEqual({ complaints: 1, bounces: 2, hardBounces: 1 });
  expect((await deliveryReport(db, scope, campaignId)).counts.sent, "it still counts as sent").toBe(6);
  const quiet = await tellCampaign(pool, scope, [{ name: "pia", attempts: ["sent"] }], { name: "Quiet" });
  expect(await cameBack(db, scope, quiet)).toEqual({ complaints: 0, bounces: 0, hardBounces: 0 });
  expect(await refusalCode(cameBack(db, other, campaignId))).toBe("not_found");
});

test("pages of recipients follow each other without a gap, forwards and back", async () => {
  const many = Array.from({ length: 120 }, (_, i) => ({ name: `p${String(i).padStart(3, "0")}`, attempts: ["sent"] }));
  const id = await tellCampaign(pool, scope, many, { name: "Many" });
  const first = await listRecipients(db, scope, id, {});
  const second = await listRecipients(db, scope, id, { after: first.next ?? undefined });
  const third = await listRecipients(db, scope, id, { after: second.next ?? undefined });
  const names = [first, second, third].flatMap((page) => page.rows.map((row) => row.name));
  expect(names).toEqual(many.map((person) => person.name));
  expect([first.previous, third.next]).toEqual([null, null]);
  const back = await listRecipients(db, scope, id, { before: third.previous ?? undefined });
  expect(back.rows).toEqual(second.rows);
});

test("the export has every row of the filter, and no cell that a spreadsheet would run", async () => {
  const id = await tellCampaign(
    pool,
    scope,
    [
      { name: "=cmd|'/c calc'!a1", attempts: ["sent"] },
      { name: 'fine,"quoted"', attempts: ["sent"], did: ["human open 5"] },
      { name: "left", attempts: ["skipped unsubscribed"] },
    ],
    { name: "Hostile" },
  );
  let text = "";
  for await (const piece of await exportRecipients(db, scope, id, { state: "sent" })) text += piece;
  const rows = parse(text, { bom: true, columns: true }) as Array<Record<string, string>>;
  expect(rows.map((row) => [row.email, row.name, row.state, row.opened_at])).toEqual([
    ["'=cmd|'/c calc'!a1@example.com", "'=cmd|'/c calc'!a1", "sent", ""],
    ['fine,"quoted"@example.com', 'fine,"quoted"', "sent", minutes(5).toISOString()],
  ]);
  const noted = await pool.query(
    "select detail from audit_entry where action = 'campaign.export_recipients' and subject_id = $1",
    [id],
  );
  expect(noted.rows).toEqual([{ detail: { filter: { state: "sent" } } }]);
});

test("a viewer reads reports and exports nothing", async () => {
  const viewer: Scope = { ...scope, role: "viewer" };
  expect((await deliveryReport(db, viewer, campaignId)).counts.total).toBe(14);
  expect(await refusalCode(exportRecipients(db, viewer, campaignId, {}))).toBe("auth.not_allowed");
});

test("a campaign of another workspace is not found by any report", async () => {
  const asks: Array<() => Promise<unknown>> = [
    () => reportHead(db, other, campaignId),
    () => deliveryReport(db, other, campaignId),
    () => listRecipients(db, other, campaignId, {}),
    () => exportRecipients(db, other, campaignId, {}),
    () => liveReport(db, other, campaignId),
  ];
  for (const ask of asks) expect(await refusalCode(ask())).toBe("not_found");
  expect((await engagement(db, other, campaignId)).opens).toEqual({ human: 0, machine: 0 });
  expect(await linkClicks(db, other, campaignId)).toEqual([]);
});

test("verify finds nothing to say here, and names a rollup, a refusal, a frozen count and a first touch that are wrong", async () => {
  expect((await verifyCounts(db)).differences).toEqual([]);
  const id = await tellCampaign(pool, scope, people, { links, name: "Tampered" });
  await pool.query("update chunk set sent = sent - 1, blocked = blocked + 2 where source_id = $1", [id]);
  await pool.query("update campaign set frozen_count = 15 where id = $1", [id]);
  await pool.query("update first_touch set human_open_at = null where campaign_id = $1 and human_click_at is null", [
    id,
  ]);
  const { differences } = await verifyCounts(db);
  expect(differences.map(({ name, what, shown, counted }) => ({ name, what, shown, counted }))).toEqual([
    { name: "Tampered", what: "pending", shown: 2, counted: 1 },
    { name: "Tampered", what: "sent", shown: 5, counted: 6 },
    { name: "Tampered", what: "refused as spam", shown: 3, counted: 1 },
    { name: "Tampered", what: "frozen", shown: 15, counted: 14 },
    { name: "Tampered", what: "opened by people", shown: 2, counted: 3 },
  ]);
});
