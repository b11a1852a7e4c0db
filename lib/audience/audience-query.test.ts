import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { list, subscriber } from "#drizzle/schema/audience.ts";
import { makeList, makePerson, makeWorkspace } from "#tests/support/audience.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import type { Scope } from "../auth/scope.ts";
import { asDb, type Db, openPool, type Pool } from "../db.ts";
import { type AudienceLists, countAudience, listRecipients } from "./audience-query.ts";
import { suppress } from "./suppression.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let here: Scope;
let there: Scope;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, 4);
  db = asDb(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  here = await makeWorkspace(db);
  there = await makeWorkspace(db);
});

const none = {
  complained: 0,
  bounced: 0,
  unsubscribed: 0,
  unconfirmed: 0,
  suppressed: 0,
  excluded_list: 0,
  invalid: 0,
};

async function everyone(lists: AudienceLists, limit = 2): Promise<string[]> {
  const emails: string[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listRecipients>> = await listRecipients(db, here.workspaceId, lists, {
      after,
      limit,
    });
    emails.push(...page.recipients.map((one) => one.email));
    after = page.next;
  } while (after);
  return emails;
}

test("each person on the included lists is a recipient or left out under one reason", async () => {
  const [a, b, x] = [await makeList(db, here, "A"), await makeList(db, here, "B"), await makeList(db, here, "X")];
  const foreign = await makeList(db, there, "A");
  await makePerson(db, there, "foreign@example.com", { [foreign]: "subscribed" });
  await makePerson(db, here, "both@example.com", { [a]: "subscribed", [b]: "subscribed" });
  await makePerson(db, here, "one@example.com", { [b]: "subscribed" });
  await makePerson(db, here, "out-of-one@example.com", { [a]: "unsubscribed", [b]: "subscribed" });
  await makePerson(db, here, "out@example.com", { [a]: "unsubscribed", [b]: "unconfirmed" });
  await makePerson(db, here, "unconfirmed@example.com", { [a]: "unconfirmed" });
  await makePerson(db, here, "bounced@example.com", { [a]: "bounced", [b]: "unsubscribed" });
  await makePerson(db, here, "complained@example.com", { [a]: "complained" });
  await makePerson(db, here, "excluded@example.com", { [a]: "subscribed", [x]: "unsubscribed" });
  await makePerson(db, here, "stopped@example.com", { [a]: "subscribed", [x]: "subscribed" });
  await makePerson(db, here, "elsewhere@example.com", { [x]: "subscribed" });
  const odd = await makePerson(db, here, "odd@example.com", { [a]: "subscribed" });
  await db.update(subscriber).set({ email: "odd@example.com,eve@example.com" }).where(eq(subscriber.id, odd));
  await suppress(db, here, { email: "stopped@example.com", reason: "manual" });
  await suppress(db, there, { email: "one@example.com", reason: "complaint" });

  const lists = { includeListIds: [a, b, foreign], excludeListIds: [x] };
  expect(await countAudience(db, here.workspaceId, lists)).toEqual({
    candidates: 10,
    recipients: 3,
    excluded: {
      complained: 1,
      bounced: 1,
      unsubscribed: 1,
      unconfirmed: 1,
      suppressed: 1,
      excluded_list: 1,
      invalid: 1,
    },
    optedOutElsewhere: 1,
  });
  // In the order of ids; those of one millisecond stand in any.
  expect((await everyone(lists)).toSorted()).toEqual(["both@example.com", "one@example.com", "out-of-one@example.com"]);
});

test("an archived list includes nobody and still excludes", async () => {
  const [a, x] = [await makeList(db, here, "A"), await makeList(db, here, "X")];
  await makePerson(db, here, "a@example.com", { [a]: "subscribed", [x]: "subscribed" });
  await db.update(list).set({ archivedAt: new Date() }).where(eq(list.id, x));
  expect(await countAudience(db, here.workspaceId, { includeListIds: [a], excludeListIds: [x] })).toEqual({
    candidates: 1,
    recipients: 0,
    excluded: { ...none, excluded_list: 1 },
    optedOutElsewhere: 0,
  });
  expect((await countAudience(db, here.workspaceId, { includeListIds: [x], excludeListIds: [] })).candidates).toBe(0);
  expect(await everyone({ includeListIds: [x], excludeListIds: [] })).toEqual([]);
});

test("no list means nobody", async () => {
  expect(await countAudience(db, here.workspaceId, { includeListIds: [], excludeListIds: [] })).toMatchObject({
    candidates: 0,
    recipients: 0,
  });
  expect(await everyone({ includeListIds: [], excludeListIds: [] })).toEqual([]);
});

test("whatever the standings, the count equals the pages and adds up to the people on the lists", async () => {
  const lists = [
    await makeList(db, here, "A"),
    await makeList(db, here, "B"),
    await makeList(db, here, "C"),
    await makeList(db, here, "D"),
  ];
  await db.execute(sql`select setseed(0.42)`);
  await db.execute(sql`
    insert into subscriber (workspace_id, email, email_key, source)
    select ${here.workspaceId}, e, e, 'import' from (select 'p' || i || '@example.com' e from generate_series(1, 2000) i) q`);
  await db.execute(sql`
    insert into subscription (workspace_id, list_id, subscriber_id, status)
    select ${here.workspaceId}, l.id, s.id,
      (array['subscribed','subscribed','subscribed','unconfirmed','unsubscribed','bounced','complained'])[1 + (random() * 6)::int]
    from subscriber s, list l where s.workspace_id = ${here.workspaceId} and l.workspace_id = ${here.workspaceId} and random() < 0.4`);
  await db.execute(sql`
    insert into suppression (workspace_id, email_key, reason)
    select workspace_id, email_key, 'manual' from subscriber where workspace_id = ${here.workspaceId} and random() < 0.1`);
  for (const [includes, excludes] of [
    [1, 0],
    [1, 1],
    [2, 1],
    [3, 0],
    [3, 1],
  ] as const) {
    const chosen = { includeListIds: lists.slice(0, includes), excludeListIds: lists.slice(3, 3 + excludes) };
    const counts = await countAudience(db, here.workspaceId, chosen);
    const left = Object.values(counts.excluded).reduce((sum, n) => sum + n, 0);
    const people = await db.execute<{ n: number }>(sql`
      select count(distinct subscriber_id)::int as n from subscription
      where workspace_id = ${here.workspaceId} and list_id = any(${`{${chosen.includeListIds.join(",")}}`}::uuid[])`);
    expect(counts.recipients + left).toBe(counts.candidates);
    expect(counts.candidates).toBe(people.rows[0]?.n);
    const paged = await everyone(chosen, 137);
    expect(paged).toHaveLength(counts.recipients);
    expect(new Set(paged).size).toBe(paged.length);
  }
});
