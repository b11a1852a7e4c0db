import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePort } from "../../scripts/postgres/cluster.mjs";
import { createTestDatabase } from "./postgres.ts";

const root = path.join(import.meta.dirname, "../..");
const watchParent = path.join(root, "scripts/watch-parent.mjs");
const readySeconds = 60;
const stopSeconds = 30;

/** One running process of Posthorn. */
export interface StackProcess {
  readonly name: string;
  readonly pid: number;
  /** Resolves with the exit code or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** All it has printed so far. */
  output(): string;
  /** Sends any signal, also SIGKILL, SIGSTOP and SIGCONT. */
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL when it takes longer than it may. */
  stop(): Promise<void>;
}

export interface Stack {
  readonly baseUrl: string;
  readonly databaseUrl: string;
  readonly inboxPort: number;
  /** The environment of its processes: what a test needs to read their tokens or start something beside them. */
  readonly env: NodeJS.ProcessEnv;
  readonly web: StackProcess | null;
  readonly inbox: StackProcess | null;
  readonly workers: readonly StackProcess[];
  /** Starts one more worker; resolves when it takes work. */
  spawnWorker(env?: Record<string, string>): Promise<StackProcess>;
  /** Everything the processes printed, for a failing test to show. */
  output(): string;
  /** Ends all processes and drops the database and the data folder. */
  stop(): Promise<void>;
}

export interface StackOptions {
  /** The built web application (default true). `npm test` builds it before. */
  web?: boolean;
  /** How many workers to begin with (default 1). */
  workers?: number;
  /** The built-in inbox (default true). */
  inbox?: boolean;
  /** Where the processes reach the database instead, given its own address: a pooler. The direct one is set beside it. */
  through?: (databaseUrl: string) => Promise<string>;
  /** More settings for every process. */
  env?: Record<string, string>;
}

/**
 * A whole Posthorn in real processes on free ports, with a fresh database and data folder. It is ready when this
 * resolves. Its processes end with the test's, whatever becomes of that.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const database = await createTestDatabase();
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), "posthorn-stack-"));
  const [webPort, inboxPort] = [await freePort(), await freePort()];
  const baseUrl = `http://localhost:${webPort}`;
  const through = await options.through?.(database.url);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: "production",
    DATABASE_URL: through ?? database.url,
    DATABASE_DIRECT_URL: through ? database.url : "",
    POSTHORN_SECRET: randomBytes(32).toString("base64url"),
    POSTHORN_DATA_DIR: dataFolder,
    PUBLIC_URL: baseUrl,
    PORT: String(webPort),
    HOST: "127.0.0.1",
    INBOX_SMTP_PORT: String(inboxPort),
    POSTHORN_DIST_DIR: builtFolder(),
    NEXT_TELEMETRY_DISABLED: "1",
    // Tests ask nobody outside: nothing answers here.
    DNS_SERVERS: "127.0.0.1:9",
    ...options.env,
  };
  const running: StackProcess[] = [];
  const workers: StackProcess[] = [];

  const launch = async (name: string, args: string[], more: Record<string, string> = {}): Promise<StackProcess> => {
    const { child, process: started } = startProcess(name, args, { ...env, ...more });
    running.push(started);
    const ready = name === "web" ? answers(`http://127.0.0.1:${webPort}/api/health`) : saysReady(child);
    await withinReason(ready, started);
    return started;
  };
  const spawnWorker = async (more?: Record<string, string>): Promise<StackProcess> => {
    const worker = await launch("worker", ["workers/index.ts"], more);
    workers.push(worker);
    return worker;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((one) => one.stop()));
    await database.drop();
    rmSync(dataFolder, { recursive: true, force: true });
  };
  const output = (): string => running.map((one) => `--- ${one.name} ${one.pid}\n${one.output()}`).join("\n");

  try {
    const [web, inbox] = await Promise.all([
      options.web === false ? null : launch("web", ["scripts/web.ts"]),
      options.inbox === false ? null : launch("inbox", ["workers/inbox.ts"]),
      ...Array.from({ length: options.workers ?? 1 }, () => spawnWorker()),
    ]);
    const parts = { web: web ?? null, inbox: inbox ?? null, workers };
    return { baseUrl, databaseUrl: database.url, inboxPort, env, ...parts, spawnWorker, output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startProcess(
  name: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): { child: ChildProcess; process: StackProcess } {
  const child = spawn(process.execPath, ["--import", watchParent, ...args], {
    cwd: root,
    env: { ...env, POSTHORN_PARENT: String(process.pid) },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  let ended = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  const exited = once(child, "exit").then(([code, signal]) => {
    ended = true;
    return (signal ?? code) as number | NodeJS.Signals;
  });
  const signal = (which: NodeJS.Signals): void => {
    child.kill(which);
  };
  const stop = async (): Promise<void> => {
    if (ended) return;
    // A stopped process does not hear SIGTERM.
    signal("SIGCONT");
    signal("SIGTERM");
    const timer = setTimeout(() => signal("SIGKILL"), stopSeconds * 1000);
    await exited;
    clearTimeout(timer);
  };
  return { child, process: { name, pid: child.pid as number, exited, output: () => output, signal, stop } };
}

async function withinReason(ready: Promise<void>, started: StackProcess): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The ${started.name} is not ready after ${readySeconds} s.`)),
      readySeconds * 1000,
    );
  });
  const died = started.exited.then((how) => {
    throw new Error(`The ${started.name} ended while starting (${how}).`);
  });
  // One that ends later is nobody's unhandled rejection.
  died.catch(() => {});
  try {
    await Promise.race([ready, late, died]);
  } catch (error) {
    throw new Error(`${(error as Error).message} It said:\n${started.output()}`);
  } finally {
    clearTimeout(timer);
  }
}

async function saysReady(child: ChildProcess): Promise<void> {
  for (;;) {
    const [message] = await once(child, "message");
    if ((message as { ready?: boolean }).ready) return;
  }
}

async function answers(url: string): Promise<void> {
  for (const deadline = Date.now() + readySeconds * 1000; Date.now() < deadline; ) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

// npm test builds beside the build of an installation that may be running from this folder.
function builtFolder(): string {
  if (process.env.POSTHORN_DIST_DIR) return process.env.POSTHORN_DIST_DIR;
  return existsSync(path.join(root, ".next-test/BUILD_ID")) ? ".next-test" : ".next";
}
