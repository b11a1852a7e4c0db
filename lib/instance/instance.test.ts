import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { confirmCopy, copyCampaigns } from "#lib/campaigns/confirm-copy.ts";
import { launch } from "#lib/campaigns/launch.ts";
import { startCampaign } from "#lib/campaigns/start.ts";
import { resumeCampaign } from "#lib/campaigns/steer.ts";
import { sendTest } from "#lib/campaigns/test-send.ts";
import { asDb, type Db, openPool, type Pool } from "#lib/db.ts";
import { sendTrialMail } from "#lib/delivery/check-sender.ts";
import { makeDraft, makeList, makeWorkspace, refusalCode, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { sendingCampaign } from "#tests/support/sending-campaign.ts";
import { raiseEpoch } from "./epoch.ts";
import { provideHostId, readHostMemory, rememberEpoch } from "./host-memory.ts";
import { lookAtInstance } from "./look.ts";
import { watchSendingLock } from "./sending-lock.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());

const folder = () => process.env.POSTHORN_DATA_DIR ?? "";
const file = () => path.join(folder(), "instance.json");
const row = async () => (await pool.query("select * from instance where id = 1")).rows[0];
const locked = async () => (await lookAtInstance(db)).locked;

beforeEach(async () => {
  rmSync(file(), { force: true });
  await pool.query("delete from instance");
  await pool.query("delete from campaign");
});

test("the first look records the database and makes the host an id, in a file for its owner only", async () => {
  expect(await locked()).toBeNull();
  const { id, epoch } = JSON.parse(readFileSync(file(), "utf8"));
  expect(epoch).toBe(0);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  const { rows } = await pool.query(
    "select system_identifier || '/' || (select oid from pg_database where datname = current_database()) as identity from pg_control_system()",
  );
  expect(await row()).toMatchObject({ instance_id: id, database_identity: rows[0].identity });
  expect(await locked()).toBeNull();
  expect(readdirSync(folder())).toEqual(["instance.json"]);
});

test("of many first looks at once one id is made and recorded, and nobody is locked", async () => {
  const views = await Promise.all(Array.from({ length: 12 }, () => lookAtInstance(db)));
  expect(views.map((view) => view.locked)).toEqual(views.map(() => null));
  expect(new Set(views.map((view) => view.host.id)).size).toBe(1);
});

test("a worker killed between making the host's id and recording it locks nobody", async () => {
  const id = await provideHostId();
  expect(await locked()).toBeNull();
  expect((await row()).instance_id).toBe(id);
});

test("a worker killed between raising the epoch and keeping it outside locks nobody", async () => {
  await raiseEpoch(db);
  await pool.query("update instance set epoch = epoch + 60");
  expect(await locked()).toBeNull();
  await raiseEpoch(db);
  expect((await readHostMemory()).epoch).toBe(Number((await row()).epoch));
});

test("a worker killed while it writes the file leaves the old one, and the half one disturbs nobody", async () => {
  await raiseEpoch(db);
  writeFileSync(`${file()}.0.part`, '{"id":"');
  expect(await locked()).toBeNull();
  rmSync(`${file()}.0.part`);
});

test("however many workers raise the epoch at once, no look between ever finds a lock", async () => {
  await raiseEpoch(db);
  let raising = true;
  const seen = new Set<string | null>();
  const looking = (async () => {
    while (raising) seen.add(await locked());
  })();
  for (let i = 0; i < 10; i++) await Promise.all(Array.from({ length: 6 }, () => raiseEpoch(db)));
  raising = false;
  await looking;
  expect([...seen]).toEqual([null]);
  expect((await readHostMemory()).epoch).toBeLessThanOrEqual(Number((await row()).epoch));
});

test("a database that was set back to an earlier moment is locked, and its epoch is not raised meanwhile", async () => {
  await raiseEpoch(db);
  await pool.query("update instance set epoch = epoch - 1");
  const before = (await row()).epoch;
  expect(await locked()).toBe("set_back");
  await raiseEpoch(db);
  expect((await row()).epoch).toBe(before);
  expect(await locked()).toBe("set_back");
});

test("a new database beside a data folder that has served another is not locked", async () => {
  await raiseEpoch(db);
  await pool.query("delete from instance");
  expect(await locked()).toBeNull();
  await raiseEpoch(db);
  expect(await locked()).toBeNull();
});

test("a backup from before there were records is locked where the host remembers later days", async () => {
  await raiseEpoch(db);
  await pool.query("update instance set set_up_at = now(), instance_id = null, database_identity = null, epoch = 0");
  expect(await locked()).toBe("set_back");
});

test.each([
  "",
  "{",
  "[]",
  '{"id":7,"epoch":1}',
  '{"id":"","epoch":1}',
  '{"id":"a","epoch":-1}',
  '{"id":"a","epoch":1e99}',
])("a damaged file (%s) counts as none: a host that cannot say who it is sends nothing", async (text) => {
  await lookAtInstance(db);
  writeFileSync(file(), text);
  expect(await locked()).toBe("unknown_host");
  // And on a database that nobody has recorded it is made anew.
  await pool.query("delete from instance");
  expect(await locked()).toBeNull();
});

test("a server that keeps its identifier to itself is known by its database's oid, and says so", async () => {
  await lookAtInstance(db);
  const full = (await row()).database_identity as string;
  await pool.query(`
    create role shy_${process.pid} login password 'shy';
    grant select, insert, update on instance to shy_${process.pid};
    revoke execute on function pg_control_system() from public`);
  const url = new URL(process.env.DATABASE_URL ?? "");
  url.username = `shy_${process.pid}`;
  url.password = "shy";
  const shy = openPool(url.href, 2);
  try {
    const view = await lookAtInstance(asDb(shy));
    expect(view).toMatchObject({ locked: null, databaseIdentity: `?/${full.split("/")[1]}` });
    await pool.query("update instance set database_identity = '?/1'");
    expect((await lookAtInstance(asDb(shy))).locked).toBe("other_database");
    await pool.query("update instance set database_identity = $1", [view.databaseIdentity]);
    await raiseEpoch(db);
    expect((await row()).database_identity).toBe(full);
  } finally {
    await shy.end();
    await pool.query("grant execute on function pg_control_system() to public");
    await pool.query(`drop owned by shy_${process.pid}`);
    await pool.query(`drop role shy_${process.pid}`);
  }
});

describe("while this looks like a copy", () => {
  beforeEach(async () => {
    await lookAtInstance(db);
  });
  const copy = () => pool.query("update instance set database_identity = '1/1'");

  test("launching, resuming, test mails and trial mails are refused, and a start starts nothing", async () => {
    const { scope, campaignId } = await sendingCampaign(db, pool);
    const draft = await makeDraft(db, scope, await makeList(pool, scope, 2));
    const due = await makeDraft(db, scope, await makeList(pool, scope, 2));
    await pool.query("update campaign set status = 'scheduled', launch_at = now() where id = $1", [due.id]);
    const { rows } = await pool.query(
      "insert into sender (workspace_id, name, kind, host) values ($1, 'x', 'smtp', '127.0.0.1') returning id",
      [scope.workspaceId],
    );
    await copy();
    const now = { kind: "now" } as const;
    const launching = {
      campaignId: draft.id,
      version: draft.version,
      when: now,
      confirmedCount: 2,
      acceptPlainHttp: true,
    };
    expect(await refusalCode(launch(db, scope, launching))).toBe("instance.locked");
    expect(await refusalCode(resumeCampaign(db, scope, campaignId))).toBe("instance.locked");
    const testing = { campaignId: draft.id, to: ["me@example.com"], subscriberId: null };
    expect(await refusalCode(sendTest(db, scope, testing))).toBe("instance.locked");
    const by = { name: "Me", email: "me@example.com" };
    expect(await refusalCode(sendTrialMail(db, scope, { senderId: rows[0].id, to: by.email }, by))).toBe(
      "instance.locked",
    );
    expect(await startCampaign(db, scope.workspaceId, due.id)).toBe("scheduled");
  });

  test("only owners and admins may see what a confirmation does, and confirm", async () => {
    const scope = await makeWorkspace(pool);
    await copy();
    for (const role of ["viewer", "editor"] as const) {
      expect(await refusalCode(confirmCopy(db, { ...scope, role }))).toBe("auth.not_allowed");
      expect(await refusalCode(copyCampaigns(db, { ...scope, role }))).toBe("auth.not_allowed");
    }
    expect(await locked()).toBe("other_database");
    await confirmCopy(db, { ...scope, role: "admin" });
    expect(await locked()).toBeNull();
  });

  test("a confirmation pauses what was under way in every workspace, and what is overdue is missed", async () => {
    const [mine, theirs] = [await sendingCampaign(db, pool), await sendingCampaign(db, pool)];
    const planned = async (at: string) => {
      const { id } = await makeDraft(db, theirs.scope, theirs.listId);
      await pool.query(`update campaign set status = 'scheduled', launch_at = ${at} where id = $1`, [id]);
      return id;
    };
    // Late by less than what a start may be late: it would start by itself.
    const [overdue, ahead] = [await planned("now() - interval '1 minute'"), await planned("now() + interval '1 day'")];
    const freezing = (await makeDraft(db, mine.scope, mine.listId)).id;
    await pool.query("update campaign set status = 'freezing', launched_at = now() where id = $1", [freezing]);
    const draft = (await makeDraft(db, mine.scope, mine.listId)).id;
    await copy();
    expect(await copyCampaigns(db, mine.scope)).toEqual({ underWay: 3, overdue: 1, ahead: 1 });
    expect(await confirmCopy(db, mine.scope)).toEqual({ paused: 3, missed: 1 });

    const { rows } = await pool.query("select id, status, pause_reason from campaign");
    const states = Object.fromEntries(rows.map((r) => [r.id, [r.status, r.pause_reason]]));
    expect(states).toEqual({
      [mine.campaignId]: ["paused", "copy"],
      [theirs.campaignId]: ["paused", "copy"],
      [freezing]: ["paused", "copy"],
      [overdue]: ["missed", null],
      [ahead]: ["scheduled", null],
      [draft]: ["draft", null],
    });
    const audited = await pool.query(
      "select action, workspace_id from audit_entry where detail->>'reason' in ('copy', 'other_database') order by id",
    );
    expect(audited.rows.map((r) => [r.action, r.workspace_id])).toEqual(
      expect.arrayContaining([
        ["campaign.paused_by_engine", mine.scope.workspaceId],
        ["campaign.paused_by_engine", theirs.scope.workspaceId],
        ["campaign.missed", theirs.scope.workspaceId],
        ["instance.confirm", mine.scope.workspaceId],
      ]),
    );
    // Pressed once more: there is nothing to confirm, and what somebody has resumed meanwhile goes on.
    await resumeCampaign(db, mine.scope, mine.campaignId);
    expect(await confirmCopy(db, mine.scope)).toEqual({ paused: 0, missed: 0 });
    expect((await pool.query("select status from campaign where id = $1", [mine.campaignId])).rows[0].status).toBe(
      "sending",
    );
  });

  test("a database that was set back may send after the confirmation, and is remembered by its new epoch", async () => {
    const scope = await makeWorkspace(pool);
    await raiseEpoch(db);
    const { id, epoch } = await readHostMemory();
    await rememberEpoch(id ?? "", epoch + 1_000_000);
    expect(await locked()).toBe("set_back");
    await confirmCopy(db, scope);
    expect(await locked()).toBeNull();
    expect((await readHostMemory()).epoch).toBe(epoch + 1_000_001);
    await raiseEpoch(db);
    expect(await locked()).toBeNull();
  });

  test("a host without an id does not take over a database that another sends with at this moment", async () => {
    const scope = await makeWorkspace(pool);
    await raiseEpoch(db);
    const { id } = await readHostMemory();
    rmSync(file());
    expect(await locked()).toBe("unknown_host");
    expect(await refusalCode(confirmCopy(db, scope))).toBe("instance.in_use");
    expect((await row()).instance_id).toBe(id);
    await pool.query("update instance set epoch = epoch - 200");
    await confirmCopy(db, scope);
    expect(await locked()).toBeNull();
    expect((await row()).instance_id).not.toBe(id);
    expect((await row()).confirmed_at).toBeInstanceOf(Date);
  });

  test("a process that watches the lock hears of it and of its end by itself", async () => {
    const scope = await makeWorkspace(pool);
    const { maySend } = watchSendingLock(db, 0);
    expect(await maySend()).toBe(true);
    await copy();
    expect(await maySend()).toBe(false);
    await confirmCopy(db, scope);
    expect(await maySend()).toBe(true);
  });

  test("a look that fails is no permission", async () => {
    const gone = openPool("postgres://nobody@127.0.0.1:1/none", 1);
    const { maySend } = watchSendingLock(asDb(gone), 0);
    await expect(maySend()).rejects.toThrow();
    await gone.end();
  });
});
