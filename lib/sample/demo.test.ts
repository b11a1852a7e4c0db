import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { isSetUp } from "#lib/auth/setup.ts";
import type { Db, Pool } from "#lib/db.ts";
import { useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { prepareDemo } from "./demo.ts";
import { removeSample } from "./load.ts";

let db: Db;
let pool: Pool;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ db, pool, close } = await useTestDatabase());
});
afterAll(() => close());

// An empty installation again: the process keeps the database it started with.
beforeEach(async () => {
  for (const table of ["workspace", '"user"', "instance", "campaign", "pgboss.job"])
    await pool.query(`delete from ${table}`);
});

const rowOf = async (text: string) => (await pool.query(text)).rows[0];

test("a demo start on an empty installation makes an owner, the sample and one launched campaign", async () => {
  const { ownerCreated, launched } = await prepareDemo(db);
  expect(await isSetUp(db)).toBe(true);
  expect(ownerCreated?.email).toBe("demo@example.com");
  expect(ownerCreated?.password.length).toBeGreaterThanOrEqual(16);
  expect(await rowOf("select is_sample from workspace order by created_at limit 1")).toEqual({ is_sample: true });
  const campaign = await rowOf(
    "select id, status, workspace_id from campaign where launch_at is not null and launched_at is null",
  );
  expect(campaign).toEqual({ id: launched?.campaignId, status: "scheduled", workspace_id: launched?.workspaceId });
  expect(await rowOf("select count(*)::int as jobs from pgboss.job where name = 'campaign.start'")).toEqual({
    jobs: 1,
  });
});

test("later demo starts change nothing, also when two workers start at once", async () => {
  await Promise.all([prepareDemo(db), prepareDemo(db)]);
  expect(await prepareDemo(db)).toEqual({ launched: null });
  expect(await rowOf("select count(*)::int as owners from member where role = 'owner'")).toEqual({ owners: 2 });
  expect(await rowOf("select count(*)::int as n from campaign where status = 'scheduled'")).toEqual({ n: 1 });
});

test("a demo start for an owner who removed the sample loads it again and sends once more", async () => {
  await prepareDemo(db);
  const owner = await rowOf(
    "select w.id, m.user_id from workspace w join member m on m.workspace_id = w.id where not w.is_sample",
  );
  await removeSample(db, { workspaceId: owner.id, userId: owner.user_id, role: "owner" });
  const again = await prepareDemo(db);
  expect(again.ownerCreated).toBeUndefined();
  expect(again.launched).not.toBeNull();
});
