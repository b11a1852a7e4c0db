import { appendFileSync, chmodSync, chownSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Db, Pool } from "#lib/db.ts";
import { asDb, openPool } from "#lib/db.ts";
import { replicaReader } from "#lib/replica.ts";
import { listRecipients } from "#lib/reports/recipients.ts";
import { makeWorkspace } from "#tests/support/campaign-fixtures.ts";
import { tellCampaign } from "#tests/support/report-fixtures.ts";
import { connectionUrl, createCluster, newPassword, startCluster } from "../../scripts/postgres/cluster.mjs";
import { findOwner } from "../../scripts/postgres/owner.mjs";
import { waitUntil } from "../faults/wait-until.ts";

/* A primary and a streaming standby of this file's own: the standby begins as a copy of the stopped primary. */
const folder = mkdtempSync(path.join(os.tmpdir(), "posthorn-replica-"));
const at = (name: string) => path.join(folder, name);
const database = "posthorn_replica_test";
const limits = { maxLagSeconds: 1, lookEveryMs: 0, restMs: 0 };
const password = newPassword();
let primaryServer: Awaited<ReturnType<typeof startCluster>>;
let standbyServer: Awaited<ReturnType<typeof startCluster>>;
let primary: Pool;
let standby: Pool;

beforeAll(async () => {
  const owner = findOwner();
  chmodSync(folder, 0o711);
  if (owner) chownSync(folder, owner.uid, owner.gid);
  createCluster({ directory: at("primary"), password, owner, conf: { fsync: "off", max_connections: "40" } });
  primaryServer = await startCluster({ directory: at("primary"), logFile: at("primary.log") });
  const { port } = primaryServer;
  await primaryServer.stop();
  cpSync(at("primary"), at("standby"), { recursive: true });
  const { username } = new URL(connectionUrl({ password, port, database }));
  appendFileSync(
    path.join(at("standby"), "postgresql.conf"),
    `primary_conninfo = 'host=127.0.0.1 port=${port} user=${username} password=${password}'\n`,
  );
  writeFileSync(path.join(at("standby"), "standby.signal"), "");
  chmodSync(at("standby"), 0o700);
  if (owner) own(at("standby"), owner);
  primaryServer = await startCluster({ directory: at("primary"), logFile: at("primary.log"), port });
  standbyServer = await startCluster({ directory: at("standby"), logFile: at("standby.log") });

  const administer = openPool(connectionUrl({ password, port, database: "postgres" }), 1);
  await administer.query(`create database ${database}`);
  await administer.end();
  const url = connectionUrl({ password, port, database });
  const { migrateDatabase } = await import("#drizzle/migrate.ts");
  await migrateDatabase(url);
  primary = openPool(url, 4);
  standby = openPool(connectionUrl({ password, port: standbyServer.port, database }), 4, 2000);
  await caughtUp();
});
afterAll(async () => {
  await Promise.all([primary.end(), standby.end()]);
  await standbyServer.stop("SIGQUIT");
  await primaryServer.stop("SIGQUIT");
  rmSync(folder, { recursive: true, force: true });
});

function own(directory: string, { uid, gid }: { uid: number; gid: number }): void {
  chownSync(directory, uid, gid);
  for (const name of readdirSync(directory, { recursive: true }))
    chownSync(path.join(directory, String(name)), uid, gid);
}

async function caughtUp(): Promise<void> {
  const { rows } = await primary.query("select pg_current_wal_lsn()::text as lsn");
  await waitUntil("the standby has caught up", async () => {
    const there = await standby
      .query("select pg_last_wal_replay_lsn() >= $1::pg_lsn as ok", [rows[0].lsn])
      .catch(() => null);
    return there?.rows[0]?.ok;
  });
}

/** Which server answers. */
const whoAnswers = async (db: Db) => {
  const { rows } = await db.execute<{ standby: boolean }>("select pg_is_in_recovery() as standby");
  return rows[0]?.standby ? "standby" : "primary";
};
const reader = () => replicaReader(standby, primary, limits);

test("reports are read from the standby, and are the same there; the other workspace sees nothing", async () => {
  const scope = await makeWorkspace(primary);
  const other = await makeWorkspace(primary);
  const id = await tellCampaign(primary, scope, [{ name: "ada", attempts: ["sent"] }, { name: "bob" }]);
  await caughtUp();
  const { read } = reader();
  expect(await read(whoAnswers)).toBe("standby");
  const there = await read((db) => listRecipients(db, scope, id, {}));
  expect(there).toEqual(await listRecipients(asDb(primary), scope, id, {}));
  expect(there.rows).toHaveLength(2);
  await expect(read((db) => listRecipients(db, other, id, {}))).rejects.toMatchObject({ code: "not_found" });
});

test("a standby that falls behind is not asked until it has caught up; one that merely has nothing to do is", async () => {
  const { read } = reader();
  // However long ago the last thing came: it has all there is.
  const impatient = replicaReader(standby, primary, { ...limits, maxLagSeconds: 0 });
  await waitUntil("it is asked although it got nothing lately", async () => {
    return (await impatient.read(whoAnswers)) === "standby";
  });
  await standby.query("select pg_wal_replay_pause()");
  await primary.query("create table if not exists something (n int); insert into something values (1)");
  await waitUntil("it counts as behind", async () => (await read(whoAnswers)) === "primary");
  await standby.query("select pg_wal_replay_resume()");
  await caughtUp();
  await waitUntil("it is asked again", async () => (await read(whoAnswers)) === "standby");
});

test("a standby that goes away in the middle of a read, and stays away, costs nobody a report", async () => {
  const { read } = reader();
  let runs = 0;
  const reading = read(async (db) => {
    runs++;
    const who = await whoAnswers(db);
    if (who === "standby") await db.execute("select pg_sleep(30)");
    return who;
  });
  await waitUntil("it is reading", async () => {
    const { rows } = await standby.query("select 1 from pg_stat_activity where query = 'select pg_sleep(30)'");
    return rows.length > 0;
  });
  await standbyServer.stop("SIGQUIT");
  expect(await reading).toBe("primary");
  expect(runs).toBe(2);
  expect(await read(whoAnswers)).toBe("primary");
  standbyServer = await startCluster({
    directory: at("standby"),
    logFile: at("standby.log"),
    port: standbyServer.port,
  });
  await waitUntil("it is asked again", async () => (await read(whoAnswers)) === "standby");
});

test("what is wrong with the read itself is told, and not tried on the primary as well", async () => {
  let runs = 0;
  const { read } = reader();
  const reading = read(async (db) => {
    runs++;
    await db.execute("select 1 / 0");
  });
  await expect(reading).rejects.toThrow();
  expect(runs).toBe(1);
});

test("a write that is sent to the standby by mistake is refused there", async () => {
  await expect(reader().read((db) => db.execute("create table oops (n int)"))).rejects.toThrow();
});
