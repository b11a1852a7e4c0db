import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { commandLine, isAlive, signal, waitFor } from "../setup/process.mjs";
import { Refusal } from "../setup/refusal.mjs";
import { findBinaries } from "./binaries.mjs";
import { findOwner } from "./owner.mjs";

const user = "posthorn";

// For 2 cores and 4 GB or more. Written into postgresql.conf once, so whoever runs this may change them there.
const settings = {
  max_connections: "200",
  shared_buffers: "256MB",
  effective_cache_size: "1GB",
  work_mem: "16MB",
  maintenance_work_mem: "128MB",
  random_page_cost: "1.1",
  max_wal_size: "2GB",
  checkpoint_timeout: "15min",
  wal_compression: "on",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_line_prefix: "%m [%p] ",
};

// A database that is thrown away after the tests needs to survive nothing.
const throwAwaySettings = {
  ...settings,
  max_connections: "300",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  autovacuum_naptime: "20s",
};

/**
 * A throw-away PostgreSQL for tests: in the temporary folder, removed by `stop()`. It also ends and is removed when
 * this process ends in any way, `kill -9` included. Without fsync, unless it shall be `durable` as a real one, for
 * measurements that mean something.
 * @returns {Promise<{ url: string, stop(): Promise<void> }>} `url` names the maintenance database, as superuser
 */
export async function startThrowAwayCluster({ durable = false } = {}) {
  const owner = findOwner();
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "posthorn-test-postgres-"));
  if (owner) fs.chownSync(directory, owner.uid, owner.gid);
  fs.chmodSync(directory, 0o711);
  const password = newPassword();
  const cluster = path.join(directory, "cluster");
  createCluster({ directory: cluster, password, owner, conf: durable ? settings : throwAwaySettings });
  const running = await startCluster({
    directory: cluster,
    logFile: path.join(directory, "postgres.log"),
    removeAfterwards: directory,
  });
  return {
    url: connectionUrl({ password, port: running.port, database: "postgres" }),
    async stop() {
      await running.stop("SIGQUIT");
      fs.rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * Makes a new cluster in `directory`, or leaves nothing behind. UTF-8 with PostgreSQL's own C.UTF-8 rules, which are
 * the same on every system and need no locale installed.
 */
export function createCluster({ directory, password, owner, conf = settings }) {
  const { initdb } = findBinaries(owner);
  const half = `${directory}.half-made`;
  fs.rmSync(half, { recursive: true, force: true });
  fs.mkdirSync(half, { recursive: true, mode: 0o700 });
  const passwordFile = path.join(half, "..", `.initdb-${process.pid}`);
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner) for (const entry of [half, passwordFile]) fs.chownSync(entry, owner.uid, owner.gid);
  const args = [
    `--pgdata=${half}`,
    `--username=${user}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--data-checksums",
    "--no-instructions",
    ...Object.entries(conf).map(([name, value]) => `--set=${name}=${value}`),
  ];
  try {
    const made = spawnSync(initdb, args, { ...ids(owner), cwd: "/", env: cleanEnvironment(), encoding: "utf8" });
    if (made.status !== 0) {
      throw new Refusal(`The database could not be created in ${directory}.`, {
        details: made.error?.message ?? made.stderr,
      });
    }
    fs.renameSync(half, directory);
  } finally {
    fs.rmSync(passwordFile, { force: true });
    fs.rmSync(half, { recursive: true, force: true });
  }
}

/**
 * Starts the cluster of `directory` on loopback and waits until it takes connections. A server that an earlier,
 * killed run left on the same folder is stopped first. The server ends when this process does, even by `kill -9`.
 * @param {{ directory: string, logFile: string, port?: number, removeAfterwards?: string }} options
 * @returns {Promise<{ port: number, pid: number, exited: Promise<string>, stop(name?: string): Promise<void> }>}
 *   `exited` tells how it ended
 */
export async function startCluster({ directory, logFile, port, removeAfterwards }) {
  const owner = ownerOf(directory);
  const { postgres, version } = findBinaries(owner);
  refuseOtherMajorVersion(directory, version);
  await stopLeftOver(directory);
  let wanted = port && (await isFree(port)) ? port : await freePort();
  // Another program may take the port between our look and the start, and after a kill -9 of the server its memory
  // takes a moment to go: both are gone with another try.
  for (let attempt = 1; ; attempt += 1) {
    const running = await launch({ postgres, owner, directory, logFile, port: wanted, removeAfterwards });
    if (!("failure" in running)) return running;
    const again = /could not bind|Address already in use|shared memory block .* in use/.test(running.failure);
    if (!again || attempt === 20) {
      throw new Refusal("The embedded PostgreSQL did not start.", { details: running.failure });
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (/could not bind|Address already/.test(running.failure)) wanted = await freePort();
  }
}

/** Stops a server that still runs on `directory` although nobody looks after it any more. */
export async function stopLeftOver(directory) {
  const file = path.join(directory, "postmaster.pid");
  if (!fs.existsSync(file)) return;
  const pid = Number(fs.readFileSync(file, "utf8").split("\n")[0]);
  const ours = isAlive(pid) && commandLine(pid).includes(`-D ${directory} `);
  if (!ours) {
    // The number may belong to another program by now; the server would then refuse to start.
    if (isAlive(pid)) fs.rmSync(file, { force: true });
    return;
  }
  signal(pid, "SIGINT");
  if (await waitFor(() => !isAlive(pid), 30)) return;
  signal(pid, "SIGQUIT");
  if (await waitFor(() => !isAlive(pid), 10)) return;
  throw new Refusal(`A PostgreSQL of an earlier run (process ${pid}) holds ${directory} and does not stop.`);
}

export function connectionUrl({ password, port, database }) {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
}

export function newPassword() {
  return randomBytes(24).toString("base64url");
}

async function launch({ postgres, owner, directory, logFile, port, removeAfterwards }) {
  const log = fs.openSync(logFile, "a", 0o600);
  const logStart = fs.fstatSync(log).size;
  const args = ["-D", directory, "-p", String(port), "-c", "listen_addresses=127.0.0.1"];
  if (process.platform !== "win32") args.push("-c", "unix_socket_directories=");
  const child =
    process.platform === "win32"
      ? spawn(postgres, args, { cwd: directory, env: cleanEnvironment(), stdio: ["ignore", log, log, "pipe"] })
      : // Detached: Ctrl-C reaches every program of the terminal, and the database has to go last.
        spawn("/bin/sh", ["-c", guarded, "sh", removeAfterwards ?? "", postgres, ...args], {
          ...ids(owner),
          cwd: "/",
          env: cleanEnvironment(),
          detached: true,
          stdio: ["ignore", log, log, "pipe"],
        });
  fs.closeSync(log);
  child.stdio[3].on("error", () => {});
  let gone = false;
  const exited = new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, name) => resolve(name ? `signal ${name}` : `exit code ${code}`));
  }).then((how) => {
    gone = true;
    // Lets the watching shell go: the number of the server may soon be another process's.
    child.stdio[3].destroy();
    return how;
  });
  const pidFile = path.join(directory, "postmaster.pid");
  const ready = await waitFor(() => gone || saysReady(pidFile, child.pid), 120);
  const stop = async (name = "SIGINT") => {
    await stopServer(child, name, postgres, directory, () => gone);
  };
  if (gone || !ready) {
    if (!gone) await stop("SIGQUIT");
    return { failure: fs.readFileSync(logFile).subarray(logStart).toString("utf8") };
  }
  child.unref();
  child.stdio[3].unref?.();
  return { port, pid: child.pid, exited, stop };
}

// The shell becomes the server (exec), so the process we started is the server itself. Beside it waits a small shell
// for the pipe from us to close, which happens even when we are killed: then the server is asked to finish the clients
// it has, and told to stop five seconds later. A throw-away one stops at once and takes its folder along.
const guarded = `
remove="$1"; shift
( (
  exec >/dev/null 2>&1 </dev/null
  trap '' INT HUP TERM
  cat <&3
  if [ -n "$remove" ]; then
    kill -QUIT $$ && while kill -0 $$; do sleep 0.1; done
    rm -rf "$remove"/*
    rmdir "$remove"
  elif kill -TERM $$; then
    for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 $$ || exit; sleep 0.5; done
    kill -INT $$
  fi
) & )
exec 3<&-
exec "$@"
`;

async function stopServer(child, name, postgres, directory, isGone) {
  if (isGone()) return;
  if (process.platform === "win32") {
    const pgCtl = path.join(path.dirname(postgres), "pg_ctl.exe");
    spawnSync(pgCtl, ["stop", "-D", directory, "-m", "fast", "-w", "-t", "30"], { env: cleanEnvironment() });
  } else {
    signal(child.pid, name);
  }
  if (await waitFor(isGone, 30)) return;
  signal(child.pid, "SIGQUIT");
  if (await waitFor(isGone, 10)) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

// The eighth line of postmaster.pid is how pg_ctl, too, learns that the server is ready.
function saysReady(file, pid) {
  try {
    const lines = fs.readFileSync(file, "utf8").split("\n");
    return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
  } catch {
    return false;
  }
}

function refuseOtherMajorVersion(directory, version) {
  const made = fs.readFileSync(path.join(directory, "PG_VERSION"), "utf8").trim();
  const ours = version.split(".")[0];
  if (made === ours) return;
  throw new Refusal(
    `The database in ${directory} was made by PostgreSQL ${made}, and this Posthorn brings PostgreSQL ${ours}.\n` +
      "Make a backup with the Posthorn that made it, move the folder away, start, and restore.",
  );
}

function ownerOf(directory) {
  if (process.platform === "win32" || process.getuid() !== 0) return null;
  const { uid, gid } = fs.statSync(directory);
  return { name: String(uid), uid, gid };
}

function ids(owner) {
  return owner ? { uid: owner.uid, gid: owner.gid } : {};
}

// PGDATA, PGPORT and the like are meant for somebody else's server.
function cleanEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("PG"));
  return { ...Object.fromEntries(kept), LC_ALL: "C", TZ: "UTC" };
}

export async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function isFree(port) {
  const server = net.createServer().listen(port, "127.0.0.1");
  const free = await Promise.race([
    once(server, "listening").then(() => true),
    once(server, "error").then(() => false),
  ]);
  if (free) {
    server.close();
    await once(server, "close");
  }
  return free;
}
