import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { asDb, type Db, openPool, type Pool } from "#lib/db.ts";
import { monthOfId, newId } from "#lib/ids.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import { type Hit, recordHit } from "./record.ts";

const browser =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let mine: Campaign;
let theirs: Campaign;

interface Campaign {
  workspaceId: string;
  number: number;
  id: string;
  links: string[];
}

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, 8);
  db = asDb(pool);
  await pool.query("select ensure_month_partitions(now())");
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  mine = await campaign(5);
  theirs = await campaign(5);
});

async function campaign(linkCount: number): Promise<Campaign> {
  const workspaceId = newId();
  const { rows } = await pool.query("insert into workspace (id, name, slug) values ($1, 'Acme', $2) returning number", [
    workspaceId,
    workspaceId,
  ]);
  const id = newId();
  const links = Array.from({ length: linkCount }, (_, i) => `https://example.com/${id}/${i}`);
  for (const [position, url] of links.entries()) {
    await pool.query("insert into link (workspace_id, campaign_id, position, url) values ($1, $2, $3, $4)", [
      workspaceId,
      id,
      position,
      url,
    ]);
  }
  return { workspaceId, number: rows[0].number, id, links };
}

/** A mail of a campaign, accepted by the relay so many seconds ago; null = the answer is not written yet. */
async function mail(of: Campaign, sentSecondsAgo: number | null = 3600, messageId = newId()) {
  const subscriberId = newId();
  const month = monthOfId(messageId);
  await pool.query(
    `insert into message (workspace_id, launch_month, id, source_kind, source_id, subscriber_id, email, chunk)
     values ($1, $2, $3, 'campaign', $4, $5, 'ada@example.com', 0)`,
    [of.workspaceId, month, messageId, of.id, subscriberId],
  );
  if (sentSecondsAgo !== null) {
    await pool.query(
      `insert into attempt (workspace_id, launch_month, message_id, n, source_id, chunk, state, fence, settled_at)
       values ($1, $2, $3, 1, $4, 0, 'sent', 1, clock_timestamp() - make_interval(secs => $5))`,
      [of.workspaceId, month, messageId, of.id, sentSecondsAgo],
    );
  }
  return { of, messageId, subscriberId };
}

type Mail = Awaited<ReturnType<typeof mail>>;

const hit = (to: Mail, linkPosition: number | null, changes: Partial<Hit> = {}): Hit => ({
  token:
    linkPosition === null
      ? { purpose: "open", workspaceNumber: to.of.number, messageId: to.messageId }
      : { purpose: "click", workspaceNumber: to.of.number, messageId: to.messageId, linkPosition },
  method: "GET",
  isPrefetch: false,
  userAgent: browser,
  ipAddress: "192.0.2.7",
  arrivedAtMs: performance.now(),
  ...changes,
});

const events = async (of: Mail) =>
  (
    await pool.query("select * from event where workspace_id = $1 and message_id = $2 order by received_at, id", [
      of.of.workspaceId,
      of.messageId,
    ])
  ).rows;

const firstTouch = async (of: Mail) =>
  (await pool.query("select * from first_touch where subscriber_id = $1", [of.subscriberId])).rows[0];

test("a click leads to the frozen link and is kept with person, agent, address, time and verdict", async () => {
  const ada = await mail(mine);
  const before = Date.now();
  expect(await recordHit(db, hit(ada, 3))).toEqual({ url: mine.links[3], recorded: true });
  const [event] = await events(ada);
  expect(event).toMatchObject({
    workspace_id: mine.workspaceId,
    campaign_id: mine.id,
    message_id: ada.messageId,
    subscriber_id: ada.subscriberId,
    kind: "click",
    link_position: 3,
    verdict: "human",
    verdict_reason: "no_machine_sign",
    user_agent: browser,
    ip_address: "192.0.2.7",
  });
  expect(Math.abs(event.received_at.getTime() - before)).toBeLessThan(2000);
  expect((await firstTouch(ada)).human_click_at).toEqual(event.received_at);
});

test("an open is kept and leads nowhere; machine and human firsts stand apart and stay the first", async () => {
  const ada = await mail(mine);
  await recordHit(db, hit(ada, null, { userAgent: "Mozilla/5.0" }));
  await recordHit(db, hit(ada, null));
  expect(await recordHit(db, hit(ada, null))).toEqual({ url: null, recorded: true });
  await recordHit(db, hit(ada, null, { method: "HEAD" }));
  const all = await events(ada);
  expect(all.map((e) => [e.verdict, e.verdict_reason])).toEqual([
    ["machine", "apple_privacy"],
    ["human", "no_machine_sign"],
    ["human", "no_machine_sign"],
    ["machine", "head"],
  ]);
  expect(await firstTouch(ada)).toMatchObject({
    machine_open_at: all[0].received_at,
    human_open_at: all[1].received_at,
    human_click_at: null,
    machine_click_at: null,
    unsubscribed_at: null,
  });
});

test("a hit within two seconds of the hand-over, or before it is written, is judged by that", async () => {
  const early = await mail(mine, 0);
  const unsettled = await mail(mine, null);
  await recordHit(db, hit(early, null));
  await recordHit(db, hit(unsettled, null));
  expect((await events(early))[0]).toMatchObject({ verdict: "machine", verdict_reason: "too_soon" });
  expect((await events(unsettled))[0]).toMatchObject({ verdict: "human" });
});

test("following all links at once is a machine, also for what was taken for a person a moment before", async () => {
  const scanned = await mail(mine);
  const reader = await mail(mine);
  await recordHit(db, hit(scanned, null));
  await recordHit(db, hit(reader, 0));
  for (const position of [0, 1, 2]) await recordHit(db, hit(scanned, position));
  expect((await firstTouch(scanned)).human_click_at).not.toBeNull();
  await recordHit(db, hit(scanned, 3));
  const all = await events(scanned);
  expect(all.map((e) => [e.kind, e.verdict, e.verdict_reason])).toEqual([
    ["open", "machine", "burst"],
    ...Array.from({ length: 4 }, () => ["click", "machine", "burst"]),
  ]);
  expect(await firstTouch(scanned)).toMatchObject({
    human_open_at: null,
    human_click_at: null,
    machine_open_at: all[0].received_at,
    machine_click_at: all[1].received_at,
  });
  expect((await events(reader))[0]).toMatchObject({ verdict: "human" });
});

test("a burst within one group is seen, and the same link again and again is none", async () => {
  const scanned = await mail(mine);
  const eager = await mail(mine);
  await Promise.all(
    [0, 1, 2, 3, 4]
      .map((p) => recordHit(db, hit(scanned, p)))
      .concat([0, 0, 0, 0, 0, 1].map((p) => recordHit(db, hit(eager, p)))),
  );
  expect(new Set((await events(scanned)).map((e) => e.verdict_reason))).toEqual(new Set(["burst"]));
  expect(new Set((await events(eager)).map((e) => e.verdict))).toEqual(new Set(["human"]));
});

test("a person who clicked long before a scanner came keeps the human click", async () => {
  const ada = await mail(mine);
  await recordHit(db, hit(ada, 0));
  await pool.query("update event set received_at = received_at - interval '1 minute' where message_id = $1", [
    ada.messageId,
  ]);
  await Promise.all([0, 1, 2, 3].map((p) => recordHit(db, hit(ada, p))));
  const [first] = await events(ada);
  expect(first).toMatchObject({ verdict: "human" });
  expect((await firstTouch(ada)).human_click_at).toEqual(first.received_at);
});

test("unknown mail, a link that is not there, and another workspace's number lead nowhere", async () => {
  const ada = await mail(mine);
  expect(await recordHit(db, hit({ ...ada, messageId: newId() }, 0))).toEqual({ url: null, recorded: false });
  expect(await recordHit(db, hit({ ...ada, of: theirs }, 0))).toEqual({ url: null, recorded: false });
  expect((await recordHit(db, hit(ada, 5))).url).toBeNull();
  expect(await recordHit(db, hit({ ...ada, of: { ...mine, number: 4_294_967_295 } }, 0))).toEqual({
    url: null,
    recorded: false,
  });
});

test.each([
  ["javascript:alert(1)", null],
  ["data:text/html,x", null],
  ["//example.com", null],
  ["not an address", null],
  ["https://bücher.example/ä b", "https://xn--bcher-kva.example/%C3%A4%20b"],
])("a link table that holds %s leads to %s", async (frozen, expected) => {
  const odd = await campaign(0);
  await pool.query("insert into link (workspace_id, campaign_id, position, url) values ($1, $2, 0, $3)", [
    odd.workspaceId,
    odd.id,
    frozen,
  ]);
  expect((await recordHit(db, hit(await mail(odd), 0))).url).toBe(expected);
});

test("a click is answered with its link even when it cannot be recorded", async () => {
  const ada = await mail(mine);
  await pool.query("alter table first_touch rename to first_touch_away");
  const answer = await recordHit(db, hit(ada, 1));
  await pool.query("alter table first_touch_away rename to first_touch");
  expect(answer).toEqual({ url: mine.links[1], recorded: false });
  expect(await events(ada)).toEqual([]);
  expect(await recordHit(db, hit(ada, 1))).toEqual({ url: mine.links[1], recorded: true });
});

test("the look-up itself failing is an error for the caller to word", async () => {
  const ada = await mail(mine);
  await pool.query("alter table message rename to message_away");
  await expect(recordHit(db, hit(ada, 1))).rejects.toThrow();
  await pool.query("alter table message_away rename to message");
});

test("the first hit of a new month makes the month's partitions", async () => {
  const { rows } = await pool.query(
    `select new_id(lastmonth) as id, to_char(now() at time zone 'UTC', 'YYYY_MM') as this_month, ensure_month_partitions(lastmonth)
     from (select now() - interval '1 month' as lastmonth) as t`,
  );
  const ada = await mail(mine, 3600, rows[0].id);
  for (const table of ["event", "message", "attempt"]) await pool.query(`drop table ${table}_${rows[0].this_month}`);
  expect(await recordHit(db, hit(ada, 0))).toEqual({ url: mine.links[0], recorded: true });
  expect(await events(ada)).toHaveLength(1);
});

test("an agent that is far too long, or holds what the database refuses, is kept shortened", async () => {
  const ada = await mail(mine);
  expect(
    (await recordHit(db, hit(ada, null, { userAgent: `${browser} \0\ud800${"🤖".repeat(100_000)}` }))).recorded,
  ).toBe(true);
  expect((await events(ada))[0].user_agent).toHaveLength(500);
  expect((await recordHit(db, hit(ada, null, { ipAddress: null }))).recorded).toBe(true);
});

test("2,000 hits at once, on the same people from many sides, are all kept and first touches agree with them", async () => {
  const mails = await Promise.all(Array.from({ length: 20 }, () => mail(mine)));
  const hits = Array.from({ length: 2000 }, (_, i) => hit(mails[i % 20] as Mail, i % 2 ? null : 0));
  // A second pool stands for a second process.
  const otherPool = openPool(database.url, 4);
  const other = asDb(otherPool);
  const answers = await Promise.all(hits.map((h, i) => recordHit(i % 3 ? db : other, h)));
  await otherPool.end();
  expect(answers.every((a) => a.recorded)).toBe(true);
  const { rows } = await pool.query(
    `select count(*)::int as events,
       bool_and(t.human_open_at is not distinct from e.open_at and t.human_click_at is not distinct from e.click_at) as agree
     from event, lateral (
       select min(received_at) filter (where kind = 'open') as open_at, min(received_at) filter (where kind = 'click') as click_at
       from event e where e.subscriber_id = event.subscriber_id) e
     join first_touch t on true
     where event.campaign_id = $1 and t.subscriber_id = event.subscriber_id and t.campaign_id = $1`,
    [mine.id],
  );
  expect(rows[0]).toEqual({ events: 2000, agree: true });
});
