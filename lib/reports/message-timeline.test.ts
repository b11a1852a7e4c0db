import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import type { Db, Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { makeWorkspace, refusalCode, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { minutes, tellCampaign } from "#tests/support/report-fixtures.ts";
import { mailsOfPerson, messageTimeline, shownHits } from "./message-timeline.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let scope: Scope;
let other: Scope;
let campaignId: string;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
  scope = await makeWorkspace(pool);
  other = await makeWorkspace(pool);
  campaignId = await tellCampaign(
    pool,
    scope,
    [
      {
        name: "ada",
        attempts: ["deferred greylist 12", "in_doubt in_doubt 20", "sent"],
        did: ["machine open 3", "human click 30 link 1"],
        cameBack: ["bounce soft", "complaint abuse"],
      },
      { name: "bob" },
      { name: "cem", attempts: ["in_doubt in_doubt"] },
    ],
    { links: ["https://example.com/a", "https://example.com/b"], status: "finished" },
  );
});
afterAll(() => database.close());

const messageOf = async (name: string, id = campaignId) =>
  (
    await pool.query("select id, subscriber_id from message where source_id = $1 and email = $2", [
      id,
      `${name}@example.com`,
    ])
  ).rows[0] as { id: string; subscriber_id: string };

test("a message's story has every try with the server's words, and what was seen of the reader beside it", async () => {
  const { id, subscriber_id: subscriberId } = await messageOf("ada");
  const told = await messageTimeline(db, scope, campaignId, id);
  expect(told).toMatchObject({ messageId: id, subscriberId, email: "ada@example.com", name: "ada", state: "sent" });
  expect(told.attempts).toMatchObject([
    { n: 1, state: "deferred", reason: "greylist", code: 250, reply: "as told", nextTryAt: minutes(12) },
    { n: 2, state: "in_doubt", reason: "in_doubt", nextTryAt: minutes(20) },
    { n: 3, state: "sent", reason: "sent", nextTryAt: null, settledAt: minutes(3) },
  ]);
  expect(told.hits).toEqual([
    { kind: "open", verdict: "machine", at: minutes(3), url: null },
    { kind: "click", verdict: "human", at: minutes(30), url: "https://example.com/b" },
  ]);
  expect(told.moreHits).toBe(false);
});

test("what came back after it was accepted stands beside the tries, and changes none of them", async () => {
  const { id, subscriber_id: subscriberId } = await messageOf("ada");
  const told = await messageTimeline(db, scope, campaignId, id);
  expect(told.state).toBe("sent");
  expect(told.cameBack).toEqual([
    { kind: "bounce", class: "soft", enhanced: null, words: "as told", at: minutes(60) },
    { kind: "complaint", class: "abuse", enhanced: null, words: "as told", at: minutes(61) },
  ]);
  expect(await mailsOfPerson(db, scope, subscriberId)).toMatchObject([{ cameBack: ["bounce", "complaint"] }]);
  expect((await messageTimeline(db, scope, campaignId, (await messageOf("cem")).id)).cameBack).toEqual([]);
});

test("one that was never tried has no tries, one of a deleted person keeps its address", async () => {
  const { id, subscriber_id: subscriberId } = await messageOf("bob");
  await pool.query("delete from subscriber where id = $1", [subscriberId]);
  expect(await messageTimeline(db, scope, campaignId, id)).toMatchObject({
    ...{
      state: "pending",
      reason: null,
      attempts: [],
      hits: [],
      subscriberId: null,
      email: "bob@example.com",
      name: "",
    },
  });
});

test("of thousands of hits the first are shown, and it is said that there are more", async () => {
  const { id } = await messageOf("cem");
  await pool.query(
    `insert into event (workspace_id, received_at, kind, campaign_id, message_id, verdict, verdict_reason, user_agent)
     select $1, $2::timestamptz + make_interval(secs => n), 'click', $3, $4, 'machine', 'told', '' from generate_series(1, 300) n`,
    [scope.workspaceId, minutes(1), campaignId, id],
  );
  const told = await messageTimeline(db, scope, campaignId, id);
  expect(told.hits).toHaveLength(shownHits);
  expect(told.moreHits).toBe(true);
});

test("a message of another campaign or workspace is not there", async () => {
  const theirs = await tellCampaign(pool, other, [{ name: "ada", attempts: ["sent"] }]);
  const second = await tellCampaign(pool, scope, [{ name: "dan", attempts: ["sent"] }]);
  const mine = (await messageOf("ada")).id;
  for (const [who, where, which] of [
    [scope, campaignId, (await messageOf("ada", theirs)).id],
    [scope, campaignId, (await messageOf("dan", second)).id],
    [scope, theirs, (await messageOf("ada", theirs)).id],
    [other, campaignId, mine],
    [other, theirs, mine],
    [scope, campaignId, newId()],
  ] as const)
    expect(await refusalCode(messageTimeline(db, who, where, which))).toBe("not_found");
  const { subscriber_id: subscriberId } = await messageOf("ada");
  expect(await mailsOfPerson(db, other, subscriberId)).toEqual([]);
});

test("a person's mails are those of the launched campaigns they are in, the newest first", async () => {
  const { id: firstId, subscriber_id: subscriberId } = await messageOf("ada");
  const later = await tellCampaign(pool, scope, [{ name: "zoe", attempts: ["failed hard"] }], { name: "Summer" });
  await pool.query("update message set subscriber_id = $2 where source_id = $1", [later, subscriberId]);
  await pool.query("update campaign set launched_at = launched_at + interval '1 day' where id = $1", [later]);
  expect(await mailsOfPerson(db, scope, subscriberId)).toEqual([
    expect.objectContaining({ campaignId: later, campaign: "Summer", state: "failed", reason: "hard" }),
    expect.objectContaining({ campaignId, messageId: firstId, campaign: "Spring", state: "sent" }),
  ]);
});
