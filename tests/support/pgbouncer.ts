import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../../scripts/postgres/cluster.mjs";
import { findOwner } from "../../scripts/postgres/owner.mjs";
import { waitUntil } from "../faults/wait-until.ts";

/** PgBouncer, and the environment it runs in. */
export interface PgBouncerProgram {
  program: string;
  env: NodeJS.ProcessEnv;
}

/**
 * PgBouncer: an installed one, or Debian's package with the libraries it needs, downloaded and unpacked into a folder
 * for temporary files; nothing is installed. Null where there is no apt or the package cannot be had.
 */
export function findPgBouncer(): PgBouncerProgram | null {
  try {
    const folder = path.join(tmpdir(), "posthorn-pgbouncer");
    const program = path.join(folder, "usr/sbin/pgbouncer");
    if (!existsSync(program)) {
      const download = mkdtempSync(path.join(tmpdir(), "posthorn-apt-"));
      execFileSync("apt-get", ["download", "pgbouncer", "libc-ares2", "libevent-2.1-7"], {
        cwd: download,
        stdio: "ignore",
      });
      mkdirSync(folder, { recursive: true });
      for (const archive of readdirSync(download).filter((name) => name.endsWith(".deb")))
        execFileSync("dpkg", ["-x", path.join(download, archive), folder]);
    }
    const libraries = readdirSync(path.join(folder, "usr/lib")).map((name) => path.join(folder, "usr/lib", name));
    const env = { ...process.env, LD_LIBRARY_PATH: libraries.join(":") };
    execFileSync(program, ["--version"], { env, stdio: "ignore" });
    return { program, env };
  } catch {
    return null;
  }
}

export interface PgBouncer {
  /** The same database through it. */
  url: string;
  stop(): Promise<void>;
}

/**
 * PgBouncer in transaction mode before the database of `url`. It has few server connections and hands them out in turn
 * (the one that rested longest first), so that whoever counts on a session is soon in the wrong one.
 */
export async function startPgBouncer({ program, env }: PgBouncerProgram, url: string): Promise<PgBouncer> {
  const server = new URL(url);
  const database = server.pathname.slice(1);
  const folder = mkdtempSync(path.join(tmpdir(), "posthorn-pgbouncer-run-"));
  const owner = findOwner();
  const port = await freePort();
  const file = path.join(folder, "pgbouncer.ini");
  writeFileSync(
    file,
    `[databases]
${database} = host=${server.hostname} port=${server.port} dbname=${database} user=${server.username} password=${decodeURIComponent(server.password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 8
min_pool_size = 4
server_round_robin = 1
max_client_conn = 200
`,
    { mode: 0o600 },
  );
  chmodSync(folder, 0o700);
  if (owner) for (const one of [folder, file]) chownSync(one, owner.uid, owner.gid);
  const child: ChildProcess = spawn(program, [file], {
    env,
    cwd: "/",
    stdio: ["ignore", "ignore", "pipe"],
    ...(owner && { uid: owner.uid, gid: owner.gid }),
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-10_000);
  });
  const exited = once(child, "exit");
  await waitUntil(
    "PgBouncer listens",
    () => {
      if (child.exitCode !== null) throw new Error(`PgBouncer ended:\n${said}`);
      return accepts(port);
    },
    10_000,
  );
  const through = new URL(url);
  through.port = String(port);
  return {
    url: through.href,
    async stop() {
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), 5000).unref();
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
