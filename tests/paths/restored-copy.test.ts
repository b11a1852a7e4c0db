import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import { confirmCopy } from "#lib/campaigns/confirm-copy.ts";
import { resumeCampaign } from "#lib/campaigns/steer.ts";
import { asDb, closeDb, type Db, db, openPool, type Pool, pool } from "#lib/db.ts";
import { raiseEpoch } from "#lib/instance/epoch.ts";
import { closeQueue } from "#lib/queue.ts";
import { makeDraft } from "#tests/support/campaign-fixtures.ts";
import { type JournalSmtp, startJournalSmtp } from "#tests/support/journal-smtp-controller.ts";
import { sendingCampaign } from "#tests/support/sending-campaign.ts";
import { type Stack, startStack } from "#tests/support/stack.ts";
import { pass, waitUntil } from "../faults/wait-until.ts";

const root = path.join(import.meta.dirname, "../..");
const people = 700;
const settings = { PUBLIC_URL: "https://news.example.com", LOG_LEVEL: "warn", CAMPAIGN_UNDO_SECONDS: "0" };
let stack: Stack;
let journal: JournalSmtp;
let folder: string;
let scope: Scope;
let campaignId: string;
let overdueId: string;
let copyUrl: string;
let copyPool: Pool;
let copyDb: Db;

/** A copy of the database and of the data folder, taken while a campaign was being sent and another was about to start. */
beforeAll(async () => {
  stack = await startStack({ web: false, inbox: false, workers: 0, env: settings });
  const { POSTHORN_SECRET, POSTHORN_DATA_DIR } = stack.env;
  Object.assign(process.env, settings, { DATABASE_URL: stack.databaseUrl, POSTHORN_SECRET, POSTHORN_DATA_DIR });
  journal = await startJournalSmtp({ rules: [] });
  ({ scope, campaignId } = await sendingCampaign(db(), pool(), people));
  overdueId = (await makeDraft(db(), scope, null)).id;
  await pool().query("update campaign set status = 'scheduled', launch_at = now() where id = $1", [overdueId]);
  await pool().query(
    `with made as (insert into sender (workspace_id, name, kind, host, port, tls_mode, connections)
       values ($1, 'journal', 'smtp', '127.0.0.1', $2, 'none', 4) returning id)
     update campaign set sender_id = made.id from made where workspace_id = $1`,
    [scope.workspaceId, journal.port],
  );
  await raiseEpoch(db());
  await closeQueue();
  await closeDb();
  copyUrl = await copyOf(stack.databaseUrl);
  copyPool = openPool(copyUrl, 4);
  copyDb = asDb(copyPool);
  folder = mkdtempSync(path.join(os.tmpdir(), "posthorn-copy-"));
  cpSync(path.join(POSTHORN_DATA_DIR ?? "", "instance.json"), path.join(folder, "instance.json"));
});
afterAll(async () => {
  await Promise.all(stack.workers.map((worker) => worker.stop()));
  await closeQueue();
  await closeDb();
  await copyPool.end();
  await administer(`drop database ${new URL(copyUrl).pathname.slice(1)} with (force)`);
  await journal.stop();
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function copyOf(url: string): Promise<string> {
  const copy = new URL(url);
  const name = copy.pathname.slice(1);
  copy.pathname = `/${name}_copy`;
  await waitUntil("nobody uses the original", () =>
    administer(`create database ${name}_copy template ${name}`).then(
      () => true,
      () => false,
    ),
  );
  return copy.href;
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

const statusOf = async (id: string) =>
  (await copyPool.query("select status from campaign where id = $1", [id])).rows[0]?.status;

test("workers on a copied database send nothing until a person confirms, and then everything exactly once", async () => {
  const onCopy = { DATABASE_URL: copyUrl, POSTHORN_DATA_DIR: folder };
  const workers = [await stack.spawnWorker(onCopy), await stack.spawnWorker(onCopy)];
  await waitUntil("both say that they are locked", () =>
    workers.every((worker) => worker.output().includes("this looks like a copy")),
  );
  // A claim comes each second, a sweep each ten: time for several of the first.
  await pass(3500);
  expect(await journal.accepted()).toEqual([]);
  expect(await statusOf(campaignId)).toBe("sending");
  expect(await statusOf(overdueId)).toBe("scheduled");
  const { rows } = await copyPool.query("select 1 from chunk where fence > 0");
  expect(rows).toEqual([]);

  expect(await confirmCopy(copyDb, scope)).toEqual({ paused: 1, missed: 1 });
  expect(await statusOf(overdueId)).toBe("missed");
  expect(await journal.accepted()).toEqual([]);
  await resumeCampaign(copyDb, scope, campaignId);
  await waitUntil("it is sent", async () => (await statusOf(campaignId)) === "finished");
  const accepted = await journal.accepted();
  expect(accepted).toHaveLength(people);
  expect(new Set(accepted.map(({ to }) => to)).size).toBe(people);
}, 120_000);

test("npm run instance tells a further host how to join, and that it has joined", () => {
  const host = path.join(folder, "further-host");
  mkdirSync(host);
  const ask = (env: Record<string, string> = {}) =>
    spawnSync(process.execPath, ["scripts/instance.ts"], {
      cwd: root,
      env: { ...stack.env, DATABASE_URL: copyUrl, POSTHORN_DATA_DIR: host, ...env },
      encoding: "utf8",
    });
  const alone = ask();
  expect(alone.status).toBe(1);
  const id = /POSTHORN_INSTANCE_ID=(\S+)/.exec(alone.stdout)?.[1] ?? "";
  expect(alone.stdout).toContain(`The database belongs to: ${id}`);
  const joined = ask({ POSTHORN_INSTANCE_ID: id });
  expect(joined.stdout).toContain("Sending is not locked on this host.");
  expect(joined.status).toBe(0);
  expect(ask({ POSTHORN_INSTANCE_ID: "another" }).status).toBe(1);
});
