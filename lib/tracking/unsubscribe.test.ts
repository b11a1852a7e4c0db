import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { asDb, type Db, openPool, type Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import { type UnsubscribeRequest, type UnsubscribeToken, unsubscribeByLink, viewUnsubscribe } from "./unsubscribe.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let mine: Awaited<ReturnType<typeof campaignToAda>>;

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
  mine = await campaignToAda();
});

/** Ada is on three lists; the campaign went to the first two. */
async function campaignToAda(language: string | null = null) {
  const workspaceId = newId();
  const { rows } = await pool.query("insert into workspace (id, name, slug) values ($1, 'Acme', $2) returning number", [
    workspaceId,
    workspaceId,
  ]);
  const [campaignId, ada] = [newId(), newId()];
  await pool.query(
    "insert into subscriber (workspace_id, id, email, email_key, language, source) values ($1, $2, 'ada@example.com', 'ada@example.com', $3, 'manual')",
    [workspaceId, ada, language],
  );
  await pool.query(
    "insert into campaign (workspace_id, id, name, status, launched_at) values ($1, $2, 'c', 'sending', now())",
    [workspaceId, campaignId],
  );
  const lists: string[] = [];
  for (const name of ["News", "Offers", "Staff"]) {
    const listId = newId();
    lists.push(listId);
    await pool.query("insert into list (workspace_id, id, name) values ($1, $2, $3)", [workspaceId, listId, name]);
    await pool.query(
      "insert into subscription (workspace_id, list_id, subscriber_id, status) values ($1, $2, $3, 'subscribed')",
      [workspaceId, listId, ada],
    );
    if (name !== "Staff")
      await pool.query(
        "insert into campaign_list (workspace_id, campaign_id, list_id, mode) values ($1, $2, $3, 'include')",
        [workspaceId, campaignId, listId],
      );
  }
  const token: UnsubscribeToken = {
    purpose: "unsubscribe",
    workspaceNumber: rows[0].number,
    subscriberId: ada,
    campaignId,
  };
  return { workspaceId, campaignId, ada, lists, token };
}

const oneClick: UnsubscribeRequest = {
  scope: "campaign_lists",
  method: "one_click",
  ipAddress: "192.0.2.9",
  userAgent: "Gmail",
};

const standings = async (of: typeof mine) =>
  (
    await pool.query(
      "select name, status from subscription join list on list.id = list_id where subscriber_id = $1 order by name",
      [of.ada],
    )
  ).rows.map((row) => `${row.name} ${row.status}`);

const events = async (of: typeof mine) =>
  (
    await pool.query(
      "select kind, verdict, verdict_reason, ip_address, user_agent, received_at from event where campaign_id = $1",
      [of.campaignId],
    )
  ).rows;

test("looking at the link says who leaves which lists, and changes nothing", async () => {
  expect(await viewUnsubscribe(db, mine.token)).toEqual({
    workspaceName: "Acme",
    languages: ["en"],
    person: { email: "ada@example.com", lists: ["News", "Offers"], isOff: false, isOffEverything: false },
  });
  expect(await standings(mine)).toEqual(["News subscribed", "Offers subscribed", "Staff subscribed"]);
  expect(await events(mine)).toEqual([]);
});

test("one click leaves the lists of the campaign and no other; it is recorded once however often it comes", async () => {
  for (let i = 0; i < 3; i++) await unsubscribeByLink(db, mine.token, oneClick);
  await Promise.all([1, 2, 3].map(() => unsubscribeByLink(db, mine.token, oneClick)));
  expect(await standings(mine)).toEqual(["News unsubscribed", "Offers unsubscribed", "Staff subscribed"]);
  const all = await events(mine);
  expect(all).toHaveLength(1);
  expect(all[0]).toMatchObject({
    kind: "unsubscribe",
    verdict: "human",
    verdict_reason: "one_click",
    ip_address: "192.0.2.9",
    user_agent: "Gmail",
  });
  const { rows } = await pool.query("select unsubscribed_at from first_touch where campaign_id = $1", [
    mine.campaignId,
  ]);
  expect(rows).toEqual([{ unsubscribed_at: all[0].received_at }]);
  expect((await viewUnsubscribe(db, mine.token))?.person).toMatchObject({ isOff: true, isOffEverything: false });
});

test("everything means every list, for ever", async () => {
  await unsubscribeByLink(db, mine.token, { ...oneClick, scope: "everything", method: "unsubscribe_page" });
  expect(await standings(mine)).toEqual(["News unsubscribed", "Offers unsubscribed", "Staff unsubscribed"]);
  expect((await viewUnsubscribe(db, mine.token))?.person).toMatchObject({ isOff: true, isOffEverything: true });
});

test("it works when campaign and lists are deleted", async () => {
  await pool.query("delete from campaign where id = $1", [mine.campaignId]);
  await pool.query("delete from campaign_list where campaign_id = $1", [mine.campaignId]);
  await unsubscribeByLink(db, mine.token, oneClick);
  expect(await standings(mine)).toEqual(["News unsubscribed", "Offers unsubscribed", "Staff unsubscribed"]);
});

test("when the person or even the workspace is gone there is nothing to leave, and no error", async () => {
  const other = await campaignToAda();
  await pool.query("delete from subscriber where id = $1", [mine.ada]);
  await unsubscribeByLink(db, mine.token, oneClick);
  expect((await viewUnsubscribe(db, mine.token))?.person ?? null).toBeNull();
  const gone = { ...mine.token, workspaceNumber: 2_000_000_000 };
  await unsubscribeByLink(db, gone, oneClick);
  expect(await viewUnsubscribe(db, gone)).toBeNull();
  expect(await standings(other)).toEqual(["News subscribed", "Offers subscribed", "Staff subscribed"]);
});

test("the link of a test mail is nobody's: it takes nobody off and counts for nothing", async () => {
  const nobody = "00000000-0000-0000-0000-000000000000";
  await unsubscribeByLink(db, { ...mine.token, subscriberId: nobody }, oneClick);
  await unsubscribeByLink(db, { ...mine.token, subscriberId: nobody }, { ...oneClick, scope: "everything" });
  expect(await standings(mine)).toEqual(["News subscribed", "Offers subscribed", "Staff subscribed"]);
  expect(await events(mine)).toEqual([]);
  const { rowCount } = await pool.query("select from first_touch where campaign_id = $1", [mine.campaignId]);
  expect(rowCount).toBe(0);
});

test("a link of one workspace cannot reach a person of another", async () => {
  const other = await campaignToAda();
  await unsubscribeByLink(db, { ...other.token, subscriberId: mine.ada }, oneClick);
  expect(await standings(mine)).toEqual(["News subscribed", "Offers subscribed", "Staff subscribed"]);
});

test("the opt-out holds even when it cannot be recorded", async () => {
  await pool.query("alter table first_touch rename to first_touch_away");
  await unsubscribeByLink(db, mine.token, oneClick);
  await pool.query("alter table first_touch_away rename to first_touch");
  expect(await standings(mine)).toEqual(["News unsubscribed", "Offers unsubscribed", "Staff subscribed"]);
});

test("the person's own language comes before the workspace's", async () => {
  const { token } = await campaignToAda("de");
  expect((await viewUnsubscribe(db, token))?.languages).toEqual(["de", "en"]);
});
