import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import type { Db, Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { makeList, makeWorkspace, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { suppressFullMailboxes } from "./full-mailboxes.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Scope;
let ann: { id: string; email: string };

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
  await pool.query(
    "select ensure_month_partitions(now() - interval '1 month'), ensure_month_partitions(now() - interval '2 months')",
  );
});
afterAll(() => database.close());
beforeEach(async () => {
  await pool.query("delete from campaign");
  mine = await makeWorkspace(pool);
  ann = await firstPerson(mine);
});

/** One person on a list who has been subscribed for a year. */
async function firstPerson(scope: Scope): Promise<{ id: string; email: string }> {
  await makeList(pool, scope, 1);
  const { rows } = await pool.query("select id, email from subscriber where workspace_id = $1", [scope.workspaceId]);
  return rows[0];
}

interface Past {
  daysAgo: number;
  answers: Array<{ state: string; class: string }>;
}

/** A campaign of the past that a person was mailed by, with what came of it. */
async function mailed(scope: Scope, person: { id: string; email: string }, { daysAgo, answers }: Past): Promise<void> {
  const [campaignId, messageId] = [newId(), newId()];
  await pool.query(
    `insert into campaign (workspace_id, id, name, status, launched_at)
     values ($1, $2, 'Past', 'finished', now() - make_interval(days => $3))`,
    [scope.workspaceId, campaignId, daysAgo],
  );
  const month = "date_trunc('month', (now() - make_interval(days => $3)) at time zone 'UTC')::date";
  await pool.query(
    `insert into message (workspace_id, id, launch_month, source_kind, source_id, subscriber_id, email, chunk)
     values ($1, $2, ${month}, 'campaign', $4, $5, $6, 0)`,
    [scope.workspaceId, messageId, daysAgo, campaignId, person.id, person.email],
  );
  for (const [index, answer] of answers.entries())
    await pool.query(
      `insert into attempt (workspace_id, message_id, launch_month, n, source_id, chunk, state, class, reply, fence, settled_at)
       values ($1, $2, ${month}, $5, $4, 0, $6, $7, 'mailbox full', 1, now() - make_interval(days => $3))`,
      [scope.workspaceId, messageId, daysAgo, campaignId, index + 1, answer.state, answer.class],
    );
}

const full = [
  { state: "deferred", class: "soft" },
  { state: "failed", class: "soft" },
];
const week = [1, 3, 8, 15, 22];
const suppressions = async (scope: Scope) =>
  (await pool.query("select reason, detail from suppression where workspace_id = $1", [scope.workspaceId])).rows;

test("a mailbox that was full in five campaigns within 30 days gets no more mail, in its workspace only", async () => {
  const theirs = await makeWorkspace(pool);
  const bob = await firstPerson(theirs);
  for (const daysAgo of week) await mailed(mine, ann, { daysAgo, answers: full });
  for (const daysAgo of week.slice(1)) await mailed(theirs, bob, { daysAgo, answers: full });
  expect(await suppressFullMailboxes(db)).toBe(1);
  expect(await suppressions(mine)).toEqual([
    { reason: "hard_bounce", detail: "The mailbox was full in 5 campaigns within 30 days. mailbox full" },
  ]);
  expect(await suppressions(theirs)).toEqual([]);
  const standing = await pool.query("select status from subscription where workspace_id = $1", [mine.workspaceId]);
  expect(standing.rows).toEqual([{ status: "bounced" }]);
  expect(await suppressFullMailboxes(db), "the next night").toBe(0);
});

test("many tries of one campaign are one campaign", async () => {
  await mailed(mine, ann, {
    daysAgo: 2,
    answers: Array.from({ length: 12 }, () => ({ state: "deferred", class: "soft" })),
  });
  expect(await suppressFullMailboxes(db)).toBe(0);
});

test("a mail that was taken meanwhile keeps the person", async () => {
  for (const daysAgo of week) await mailed(mine, ann, { daysAgo, answers: full });
  await mailed(mine, ann, {
    daysAgo: 5,
    answers: [
      { state: "deferred", class: "soft" },
      { state: "sent", class: "sent" },
    ],
  });
  expect(await suppressFullMailboxes(db)).toBe(0);
});

test("what is older than 30 days, and refusals of other kinds, do not count", async () => {
  for (const daysAgo of week.slice(1)) await mailed(mine, ann, { daysAgo, answers: full });
  await mailed(mine, ann, { daysAgo: 31, answers: full });
  await mailed(mine, ann, { daysAgo: 4, answers: [{ state: "failed", class: "block" }] });
  expect(await suppressFullMailboxes(db)).toBe(0);
});

test("who was subscribed anew after it is judged anew", async () => {
  for (const daysAgo of week) await mailed(mine, ann, { daysAgo, answers: full });
  const [list] = (await pool.query("select list_id from subscription where workspace_id = $1", [mine.workspaceId]))
    .rows;
  await pool.query(
    "insert into consent (workspace_id, subscriber_id, list_id, status, method, at) values ($1, $2, $3, 'subscribed', 'manual', now() - interval '2 days')",
    [mine.workspaceId, ann.id, list.list_id],
  );
  expect(await suppressFullMailboxes(db)).toBe(0);
});
