import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectionUrl, createCluster, newPassword, startCluster } from "../../scripts/postgres/cluster.mjs";
import { findOwner } from "../../scripts/postgres/owner.mjs";
import { acceptedCount, connections, inArena, isShort, people, type Run } from "./arena.ts";
import { tell } from "./judge.ts";
import { pass, waitUntil } from "./wait-until.ts";

/*
 * A PostgreSQL of this file's own, because it is crashed. It does not wait for the disk at a commit unless it is asked
 * to for that very one, so what survives is what delivery asked for.
 */
const folder = mkdtempSync(path.join(os.tmpdir(), "posthorn-fault-postgres-"));
const directory = path.join(folder, "cluster");
const logFile = path.join(folder, "postgres.log");
let server: Awaited<ReturnType<typeof startCluster>>;

beforeAll(async () => {
  const owner = findOwner();
  chmodSync(folder, 0o711);
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const password = newPassword();
  const conf = { max_connections: "150", fsync: "off", synchronous_commit: "off", wal_writer_delay: "10s" };
  createCluster({ directory, password, owner, conf });
  server = await startCluster({ directory, logFile });
  process.env.TEST_DATABASE_URL = connectionUrl({ password, port: server.port, database: "postgres" });
  delete process.env.TEST_DATABASE_TEMPLATE;
});
afterAll(async () => {
  await server.stop("SIGQUIT");
  rmSync(folder, { recursive: true, force: true });
});

const field = inArena();

test("a database that crashes and is away loses nobody, and no mail that went out is forgotten", async () => {
  const run = await field.run({ rules: [{ at: "dot", delayMs: 20 }] });
  await field.workers("first", "second");
  await run.launch();
  await waitUntil("the campaign is well under way", async () => (await acceptedCount(run)) > 300);
  const { port } = server;
  await server.stop("SIGQUIT");
  await pass(isShort ? 4000 : 60_000);
  const { mail } = await run.journal.counters();
  expect(mail).toBeLessThan(people);
  server = await startCluster({ directory, logFile, port });
  expect(server.port).toBe(port);
  const judged = await run.finished();
  tell("database crashed", judged, 0);
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBe(0);
  const { mail: after = 0 } = await run.journal.counters();
  expect(after).toBeLessThanOrEqual(people + 4 * connections);
});

/** Ends it in one way, and starts it again as soon as it is gone. */
async function restart(how: "SIGINT" | "SIGQUIT" | "SIGKILL"): Promise<void> {
  const { port } = server;
  if (how === "SIGKILL") {
    process.kill(server.pid, how);
    await server.exited;
  } else await server.stop(how);
  server = await startCluster({ directory, logFile, port });
  expect(server.port).toBe(port);
}

/** One server process out of many: PostgreSQL then ends all others and recovers, for memory they share may be broken. */
async function killBackend(run: Run): Promise<void> {
  const { rows } = await field
    .arena()
    .pool.query(
      "select pid from pg_stat_activity where application_name = 'first' order by backend_start desc limit 1",
    );
  process.kill(rows[0].pid, "SIGKILL");
  await waitUntil("the server has ended all sessions", async () => {
    try {
      const { rows: still } = await field
        .arena()
        .pool.query("select 1 from pg_stat_activity where pid = $1", [rows[0].pid]);
      return still.length === 0;
    } catch {
      return false;
    }
  });
  expect(await run.status()).toBe("sending");
}

const restarts = [
  { how: "restarted (fast)", inflict: () => restart("SIGINT") },
  { how: "restarted (immediate)", inflict: () => restart("SIGQUIT") },
  { how: "killed (kill -9)", inflict: () => restart("SIGKILL") },
  { how: "without one of its processes (kill -9)", inflict: killBackend },
];

test.each(isShort ? [] : restarts)(
  "a database that is $how loses nobody and doubles nobody",
  async ({ how, inflict }) => {
    const some = 900;
    const run = await field.run({ people: some, rules: [{ at: "dot", delayMs: 60 }] });
    await field.workers("first", "second");
    await run.launch();
    await waitUntil("the campaign is well under way", async () => (await acceptedCount(run)) > 100);
    await inflict(run);
    const judged = await run.finished();
    tell(`database ${how}`, judged, 0);
    expect(judged.counts.sent).toBe(some);
    expect(judged.duplicates).toBe(0);
  },
);
