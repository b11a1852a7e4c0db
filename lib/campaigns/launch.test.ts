import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import { config } from "#lib/config.ts";
import type { Db, Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import {
  makeDraft,
  makeList,
  makeWorkspace,
  refusalCode,
  soundMjml,
  useTestDatabase,
} from "#tests/support/campaign-fixtures.ts";
import { isLocal } from "./checks.ts";
import { getCampaign } from "./find.ts";
import type { DraftPatch, LaunchInput } from "./input.ts";
import { launch, planStart, undoLaunch } from "./launch.ts";
import { reviewCampaign } from "./review.ts";
import { startCampaign } from "./start.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Scope;
let listId: string;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  mine = await makeWorkspace(pool);
  listId = await makeList(pool, mine, 3);
});
const publicUrl = config;
afterEach(() => {
  publicUrl().PUBLIC_URL = "http://localhost:3000";
});

const now = { kind: "now" } as const;

async function tryLaunch(patch: DraftPatch = {}, changes: Partial<LaunchInput> = {}) {
  const draft = await makeDraft(db, mine, listId, patch);
  return launch(db, mine, {
    campaignId: draft.id,
    version: draft.version,
    when: now,
    acceptPlainHttp: false,
    ...changes,
  });
}

const withMjml = (source: string): DraftPatch => ({ content: { kind: "mjml", v: 1, source } });

async function addSmtpSender(): Promise<string> {
  const id = newId();
  await pool.query(
    "insert into sender (workspace_id, id, name, kind, host, is_default) values ($1, $2, 'Relay', 'smtp', 'smtp.example.com', false)",
    [mine.workspaceId, id],
  );
  return id;
}

test("a launch is scheduled a moment ahead, rings for its start, and can be undone until then", async () => {
  const draft = await makeDraft(db, mine, listId);
  const { launchAt, recipients } = await launch(db, mine, {
    campaignId: draft.id,
    version: draft.version,
    when: now,
    acceptPlainHttp: false,
  });
  expect(recipients).toBe(3);
  const ahead = (launchAt.getTime() - Date.now()) / 1000;
  expect(ahead).toBeGreaterThan(8);
  expect(ahead).toBeLessThanOrEqual(10.5);
  const jobs = await pool.query(
    "select data, start_after from pgboss.job where name = 'campaign.start' and data->>'campaignId' = $1",
    [draft.id],
  );
  expect(jobs.rows).toMatchObject([
    { data: { workspaceId: mine.workspaceId, campaignId: draft.id }, start_after: launchAt },
  ]);

  expect(await startCampaign(db, mine.workspaceId, draft.id)).toBe("scheduled");
  await undoLaunch(db, mine, draft.id);
  expect(await getCampaign(db, mine, draft.id)).toMatchObject({ status: "draft", launchAt: null });
  await undoLaunch(db, mine, draft.id);
  expect(await startCampaign(db, mine.workspaceId, draft.id)).toBe("draft");
});

test("once a campaign has started it cannot be undone", async () => {
  const draft = await makeDraft(db, mine, listId);
  await launch(db, mine, { campaignId: draft.id, version: draft.version, when: now, acceptPlainHttp: false });
  await pool.query("update campaign set launch_at = now() where id = $1", [draft.id]);
  expect(await startCampaign(db, mine.workspaceId, draft.id)).toBe("freezing");
  expect(await refusalCode(undoLaunch(db, mine, draft.id))).toBe("campaign.too_late");
});

test("of two launches of one draft one wins", async () => {
  const draft = await makeDraft(db, mine, listId);
  const input: LaunchInput = { campaignId: draft.id, version: draft.version, when: now, acceptPlainHttp: false };
  const results = await Promise.allSettled([launch(db, mine, input), launch(db, mine, input)]);
  expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
  expect(results.find((r) => r.status === "rejected")?.reason).toMatchObject({ code: "campaign.already_launched" });
  expect(await refusalCode(launch(db, mine, input))).toBe("campaign.already_launched");
});

test("what somebody changed after the review is not sent unseen", async () => {
  expect(await refusalCode(tryLaunch({}, { version: 1 }))).toBe("campaign.version_conflict");
});

test.each<[string, DraftPatch]>([
  ["campaign.subject_empty", { subject: "  " }],
  ["campaign.from_missing", { fromEmail: "" }],
  ["campaign.from_invalid", { fromEmail: "a@example.com, b@example.com" }],
  ["campaign.reply_to_invalid", { replyTo: "nobody" }],
  ["campaign.no_lists", { lists: { include: [], exclude: [] } }],
  ["campaign.content_broken", withMjml(soundMjml.replace("</mj-text>", ""))],
  ["campaign.content_broken", withMjml(soundMjml.replace("{{ subscriber.first_name", "{% if subscriber.first_name"))],
  ["campaign.content_broken", { subject: "Hello {{ subscriber.first_name" }],
  ["campaign.unsubscribe_missing", withMjml(soundMjml.replace("{{ unsubscribe_url }}", "https://example.com/"))],
  ["campaign.postal_address_missing", withMjml(soundMjml.replace("{{ workspace.postal_address }}", ""))],
])("a launch is refused with %s", async (code, patch) => {
  expect(await refusalCode(tryLaunch(patch))).toBe(code);
});

test("broken content is refused with its line", async () => {
  const broken = `${soundMjml}\n`.replace("see <a", "see {% nonsense %}<a");
  await expect(tryLaunch(withMjml(broken))).rejects.toMatchObject({
    code: "campaign.content_broken",
    detail: { line: 2, where: "content" },
  });
});

test("a launch to nobody is refused", async () => {
  await pool.query("update subscription set status = 'unsubscribed' where list_id = $1", [listId]);
  expect(await refusalCode(tryLaunch())).toBe("campaign.no_recipients");
});

test("a workspace without a postal address launches nothing", async () => {
  await pool.query("update workspace set postal_address = '' where id = $1", [mine.workspaceId]);
  expect(await refusalCode(tryLaunch())).toBe("campaign.workspace_address_empty");
});

test("an archived sender is no sender", async () => {
  const senderId = await addSmtpSender();
  const draft = await makeDraft(db, mine, listId, { senderId });
  await pool.query("update sender set archived_at = now() where id = $1", [senderId]);
  const input: LaunchInput = { campaignId: draft.id, version: draft.version, when: now, acceptPlainHttp: false };
  expect(await refusalCode(launch(db, mine, input))).toBe("campaign.no_sender");
});

test("with a real sender, links to this machine are refused and plain http needs a yes", async () => {
  const senderId = await addSmtpSender();
  expect(await refusalCode(tryLaunch({ senderId }))).toBe("campaign.public_url_localhost");
  publicUrl().PUBLIC_URL = "http://news.example.com";
  expect(await refusalCode(tryLaunch({ senderId }))).toBe("campaign.plain_http");
  expect((await tryLaunch({ senderId }, { acceptPlainHttp: true })).recipients).toBe(3);
  publicUrl().PUBLIC_URL = "https://news.example.com";
  expect((await tryLaunch({ senderId })).recipients).toBe(3);
});

test("a sample workspace goes to its inbox whatever sender is chosen", async () => {
  mine = await makeWorkspace(pool, { isSample: true });
  listId = await makeList(pool, mine, 2);
  const senderId = await addSmtpSender();
  const draft = await makeDraft(db, mine, listId, { senderId });
  expect((await reviewCampaign(db, mine, draft.id)).sender).toMatchObject({ kind: "inbox" });
  await launch(db, mine, { campaignId: draft.id, version: draft.version, when: now, acceptPlainHttp: false });
  expect((await getCampaign(db, mine, draft.id)).senderId).not.toBe(senderId);
});

test("a big launch needs the count typed, and the count has to hold", async () => {
  listId = await makeList(pool, mine, 1500);
  expect(await refusalCode(tryLaunch())).toBe("campaign.confirm_count");
  expect(await refusalCode(tryLaunch({}, { confirmedCount: 1200 }))).toBe("campaign.count_changed");
  expect((await tryLaunch({}, { confirmedCount: 1498 })).recipients).toBe(1500);
});

test("a planned launch keeps wall time, zone and instant; a skipped hour is refused", async () => {
  const year = new Date().getUTCFullYear() + 1;
  const lastSunday = new Date(Date.UTC(year, 2, 31));
  lastSunday.setUTCDate(31 - lastSunday.getUTCDay());
  const gap = `${lastSunday.toISOString().slice(0, 10)}T02:30`;
  expect(await refusalCode(tryLaunch({}, { when: { kind: "at", wallTime: gap, zone: "Europe/Paris" } }))).toBe(
    "campaign.schedule_gap",
  );
  expect(await refusalCode(tryLaunch({}, { when: { kind: "at", wallTime: "2020-01-01T10:00", zone: "UTC" } }))).toBe(
    "campaign.schedule_past",
  );

  const draft = await makeDraft(db, mine, listId);
  const when = { kind: "at", wallTime: `${year}-07-01T09:30`, zone: "Europe/Berlin" } as const;
  const { launchAt } = await launch(db, mine, {
    campaignId: draft.id,
    version: draft.version,
    when,
    acceptPlainHttp: false,
  });
  expect(launchAt.toISOString()).toBe(`${year}-07-01T07:30:00.000Z`);
  expect(await getCampaign(db, mine, draft.id)).toMatchObject({
    scheduledWallTime: when.wallTime,
    scheduledZone: when.zone,
    launchAt,
  });
});

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

test("an end before the start keeps the launch back, a short time to send is said", async () => {
  const timeChecks = async (endsAt: string | null) => {
    const draft = await makeDraft(db, mine, listId, { endsAt });
    const { checks } = await reviewCampaign(db, mine, draft.id);
    return checks.filter(({ area }) => area === "time").map(({ code, state }) => `${code} ${state}`);
  };
  expect(await timeChecks(inMinutes(-1))).toEqual(["campaign.ends_before_start blocked"]);
  expect(await timeChecks(inMinutes(58))).toEqual(["campaign.ends_soon warning"]);
  expect(await timeChecks(inMinutes(62))).toEqual([]);
  expect(await timeChecks(null)).toEqual([]);
  expect(await refusalCode(tryLaunch({ endsAt: inMinutes(-1) }))).toBe("campaign.ends_before_start");
  expect((await tryLaunch({ endsAt: inMinutes(5) })).recipients).toBe(3);
});

test("a start planned for after the end is refused when it is picked and when it is launched", async () => {
  const tomorrow = new Date(Date.now() + 24 * 3_600_000).toISOString().slice(0, 16);
  const draft = await makeDraft(db, mine, listId, { endsAt: inMinutes(120) });
  const pick = { campaignId: draft.id, wallTime: tomorrow, zone: "UTC" };
  expect(await refusalCode(planStart(db, mine, pick))).toBe("campaign.ends_before_start");
  expect(
    await refusalCode(tryLaunch({ endsAt: inMinutes(120) }, { when: { kind: "at", wallTime: tomorrow, zone: "UTC" } })),
  ).toBe("campaign.ends_before_start");
  const inAnHour = inMinutes(90).slice(0, 16);
  expect(await planStart(db, mine, { ...pick, wallTime: inAnHour })).toMatchObject({
    at: new Date(`${inAnHour}:00Z`),
    warning: { code: "campaign.ends_soon" },
  });
  expect(await refusalCode(planStart(db, await makeWorkspace(pool), pick))).toBe("not_found");
});

test("a campaign whose end passed before it could start waits with the reason, and nothing is sent", async () => {
  const draft = await makeDraft(db, mine, listId, { endsAt: inMinutes(5) });
  await launch(db, mine, { campaignId: draft.id, version: draft.version, when: now, acceptPlainHttp: false });
  await pool.query(
    "update campaign set launch_at = now() - interval '1 hour', ends_at = now() - interval '1 minute' where id = $1",
    [draft.id],
  );
  expect(await startCampaign(db, mine.workspaceId, draft.id)).toBe("missed");
  expect((await getCampaign(db, mine, draft.id)).pauseReason).toBe("campaign.ends_before_start");
});

test("a start that was missed says so, and of many that ring for it at once only one starts it", async () => {
  const begin = async (lateSeconds: number) => {
    const draft = await makeDraft(db, mine, listId);
    await launch(db, mine, { campaignId: draft.id, version: draft.version, when: now, acceptPlainHttp: false });
    await pool.query("update campaign set launch_at = clock_timestamp() - make_interval(secs => $2) where id = $1", [
      draft.id,
      lateSeconds,
    ]);
    const answers = await Promise.all(Array.from({ length: 6 }, () => startCampaign(db, mine.workspaceId, draft.id)));
    const { rows } = await pool.query(
      "select action from audit_entry where subject_id = $1 and action = 'campaign.missed'",
      [draft.id],
    );
    const jobs = await pool.query(
      "select 1 from pgboss.job where name = 'campaign.freeze' and data->>'campaignId' = $1",
      [draft.id],
    );
    return { answers: new Set(answers), missed: rows.length, freezes: jobs.rowCount };
  };
  expect(await begin(1)).toEqual({ answers: new Set(["freezing"]), missed: 0, freezes: 1 });
  expect(await begin(8000)).toEqual({ answers: new Set(["missed"]), missed: 1, freezes: 0 });
  // The clock of the database was set back by an hour: the start is not due any more, and waits.
  expect(await begin(-3600)).toEqual({ answers: new Set(["scheduled"]), missed: 0, freezes: 0 });
});

test("what is changed after a start has compiled is what is sent", async () => {
  const draft = await makeDraft(db, mine, listId);
  await launch(db, mine, { campaignId: draft.id, version: draft.version, when: now, acceptPlainHttp: false });
  await pool.query("update campaign set launch_at = clock_timestamp() where id = $1", [draft.id]);
  const holder = await pool.connect();
  await holder.query("begin");
  await holder.query("select from campaign where id = $1 for update", [draft.id]);
  const starting = startCampaign(db, mine.workspaceId, draft.id);
  try {
    // It waits for the campaign's row.
    await vi.waitFor(async () => {
      const { rows } = await pool.query(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      expect(rows).toHaveLength(1);
    });
    await pool.query("update workspace set postal_address = '2 Quay Lane' where id = $1", [mine.workspaceId]);
    await holder.query("update variant set subject = 'Changed' where campaign_id = $1", [draft.id]);
    await holder.query("update campaign set version = version + 1 where id = $1", [draft.id]);
  } finally {
    await holder.query("commit");
    holder.release();
  }
  expect(await starting).toBe("freezing");
  const { rows } = await pool.query("select subject, compiled::text from frozen_content where campaign_id = $1", [
    draft.id,
  ]);
  expect(rows).toEqual([{ subject: "Changed", compiled: expect.stringContaining("2 Quay Lane") }]);
  expect(rows[0].compiled).not.toContain("Harbour");
});

test("nobody of another workspace, and no viewer, launches or undoes", async () => {
  const theirs = await makeWorkspace(pool);
  const draft = await makeDraft(db, mine, listId);
  const input: LaunchInput = { campaignId: draft.id, version: draft.version, when: now, acceptPlainHttp: false };
  expect(await refusalCode(launch(db, theirs, input))).toBe("not_found");
  expect(await refusalCode(launch(db, { ...mine, role: "viewer" }, input))).toBe("auth.not_allowed");
  await launch(db, mine, input);
  expect(await refusalCode(undoLaunch(db, theirs, draft.id))).toBe("not_found");
  expect(await refusalCode(undoLaunch(db, { ...mine, role: "viewer" }, draft.id))).toBe("auth.not_allowed");
});

test("names of this machine are told from names of the network", () => {
  for (const name of ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.8.8.8", "[::1]", "0.0.0.0"])
    expect(isLocal(name)).toBe(true);
  for (const name of ["news.example.com", "localhost.example.com", "10.0.0.1"]) expect(isLocal(name)).toBe(false);
});
