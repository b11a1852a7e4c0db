import fs from "node:fs";
import path from "node:path";
import { startEmbeddedDatabase, stopLeftOverDatabase } from "./postgres/embedded.mjs";
import { buildWhenChanged } from "./setup/build.mjs";
import { loadEnvFile, prepareDataFolder, provideSecret } from "./setup/environment.mjs";
import { lockDataFolder } from "./setup/lock.mjs";
import { refuseOldNode } from "./setup/node.mjs";
import { chooseInboxPort, refuseTakenPort, webAddress } from "./setup/ports.mjs";
import { parentOf, waitFor } from "./setup/process.mjs";
import { stopPrograms } from "./setup/program.mjs";
import { step } from "./setup/progress.mjs";
import { explain, Refusal } from "./setup/refusal.mjs";
import { checkConfiguredDatabase, migrate, prepareTools, programEnvironment, root } from "./setup/setup.mjs";
import { endLeftOverProcesses, LogFile, launchProgram, Supervisor } from "./supervisor.mjs";

/*
 * npm start [-- --demo] [--logs], and npm run dev (--dev). Runs on a bare Node 20 with nothing installed, so this file
 * and what it imports need no dependency until prepareTools() is through. It then stays as the one supervisor.
 */

const options = { dev: flag("--dev"), demo: flag("--demo"), logs: flag("--logs") };
const command = options.dev ? "npm run dev" : "npm start";
const say = (line) => process.stdout.write(`${line}\n`);

let workers = [];
let supervisor;
let startingDatabase;
let stopped;
let unlock = () => {};

const interrupted = new Promise((resolve) => {
  let count = 0;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(name, () => {
      count += 1;
      if (count > 1 && name === "SIGINT") forceStop();
      resolve(null);
    });
  }
  // Killed with -9, npm cannot pass that on. What it started would go on without a terminal.
  if (process.env.npm_lifecycle_event) watchStarter(() => resolve(null));
});

try {
  refuseOldNode();
  const reason = await Promise.race([interrupted, main()]);
  await stop();
  if (reason) throw new Refusal(reason);
  process.exit(0);
} catch (error) {
  explain(error);
  await stop();
  process.exit(1);
}

/** Resolves with a reason when the parts cannot be kept running; otherwise never. */
async function main() {
  loadEnvFile(root);
  workers = workerNames();
  const dataFolder = prepareDataFolder(root);
  unlock = await lockDataFolder(dataFolder, command);
  await endLeftOverProcesses(dataFolder, say);
  const web = webAddress();
  await refuseTakenPort(web);
  const inboxPort = await chooseInboxPort();
  const node = await prepareTools();
  provideSecret(dataFolder);
  supervisor = new Supervisor({ dataFolder, say });
  await provideDatabase(dataFolder);
  await migrate(node);
  const address = process.env.PUBLIC_URL || `http://localhost:${web.port}`;
  const env = programEnvironment(node, {
    NODE_ENV: options.dev ? "development" : "production",
    PORT: String(web.port),
    HOST: web.host,
    PUBLIC_URL: address,
    INBOX_SMTP_PORT: String(inboxPort),
  });
  if (!options.dev) await buildWhenChanged({ root, node, env });
  // From here on files hold people's data: nobody else's business.
  process.umask(0o077);
  await step("Starting web, worker and inbox", () => startPrograms({ node, env, web }));
  if (options.dev) restartOnChange();
  say(`Posthorn is ready: ${address}`);
  return supervisor.gaveUp;
}

async function provideDatabase(dataFolder) {
  if (process.env.DATABASE_URL) {
    await step("Checking the database of DATABASE_URL", checkConfiguredDatabase);
    return;
  }
  await step("Starting the database", async () => {
    await stopLeftOverDatabase(dataFolder);
    startingDatabase = startEmbeddedDatabase(dataFolder, say);
    const { url, running, restart } = await startingDatabase;
    process.env.DATABASE_URL = url;
    await supervisor.add({ name: "database", launch: restart }, running);
  });
}

async function startPrograms({ node, env, web }) {
  const next = path.join(root, "node_modules/next/dist/bin/next");
  const address = ["-p", String(web.port), "-H", web.host];
  const parts = [
    { name: "inbox", args: ["workers/inbox.ts"], stopSeconds: 5 },
    ...workers.map((name, i) => ({
      ...{ name, args: ["workers/index.ts"], stopSeconds: 25 },
      env: options.demo && i === 0 ? { POSTHORN_DEMO: "1" } : {},
    })),
    { name: "web", args: options.dev ? [next, "dev", ...address] : ["scripts/web.ts"], stopSeconds: 5 },
  ];
  for (const { name, args, stopSeconds, env: own } of parts) {
    const log = new LogFile(logFile(name), (line) => echo(name, line));
    const launch = () => launchProgram({ node, args, env: { ...env, ...own }, cwd: root, log, stopSeconds });
    await supervisor.add({ name, launch, lastWords: () => log.lastWords() });
  }
  const gaveUp = supervisor.gaveUp.then((reason) => {
    throw new Refusal(reason);
  });
  await Promise.race([
    gaveUp,
    Promise.all([waitUntilHealthy(web), ...["inbox", ...workers].map((name) => supervisor.ready(name))]),
  ]);
}

async function waitUntilHealthy({ host, port }) {
  const reach = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "[::1]" : host.includes(":") ? `[${host}]` : host;
  const url = `http://${reach}:${port}/api/health`;
  let last = "no answer";
  const healthy = await waitFor(
    async () => {
      try {
        const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
        last = `status ${answer.status}`;
        return answer.ok;
      } catch {
        return false;
      }
    },
    120,
    200,
  );
  if (!healthy) {
    throw new Refusal(`The web application did not become ready within two minutes (${last}). See ${logFile("web")}.`);
  }
}

// Everything is in the log files. The terminal shows what is wrong; with --logs or --dev, all of it.
function echo(name, line) {
  if (options.logs || options.dev) return say(`${name.padEnd(6)} ${line}`);
  if (!line.startsWith("{")) return;
  try {
    const { level, msg } = JSON.parse(line);
    if (level >= 50) process.stderr.write(`${name}: ${msg} (details in ${logFile(name)})\n`);
  } catch {
    // Not a line of our log.
  }
}

// next dev reloads by itself; worker and inbox are started again when their code changes.
function restartOnChange() {
  let timer;
  for (const folder of ["lib", "workers", "drizzle"]) {
    fs.watch(path.join(root, folder), { recursive: true }, (_event, name) => {
      if (!name?.endsWith(".ts") || name.endsWith(".test.ts")) return;
      clearTimeout(timer);
      timer = setTimeout(async () => {
        say("Code changed: starting worker and inbox again.");
        await Promise.all(["inbox", ...workers].map((name) => supervisor.restart(name)));
      }, 300);
    });
  }
}

function stop() {
  stopped ??= (async () => {
    stopPrograms();
    if (supervisor) {
      if (supervisor.isRunning) say("Stopping …");
      // A database that was just being started is stopped as well.
      const late = await startingDatabase?.catch(() => null);
      await supervisor.stop([["web"], workers, ["inbox"], ["database"]]);
      await late?.running.stop();
    }
    unlock();
  })();
  return stopped;
}

/** worker, worker-2, …: as many as POSTHORN_WORKERS says. */
function workerNames() {
  const count = Number(process.env.POSTHORN_WORKERS || 1);
  if (!Number.isInteger(count) || count < 1 || count > 32)
    throw new Refusal("POSTHORN_WORKERS must be a whole number from 1 to 32.");
  return Array.from({ length: count }, (_, i) => (i === 0 ? "worker" : `worker-${i + 1}`));
}

function forceStop() {
  say("Stopping at once.");
  supervisor?.kill();
  process.exit(1);
}

// npm starts a shell, and the shell us: either of them may be the one that is gone.
function watchStarter(gone) {
  const starters = () => `${process.ppid} ${parentOf(process.ppid)}`;
  const before = starters();
  setInterval(() => {
    if (starters() !== before) gone();
  }, 1000).unref();
}

function logFile(name) {
  return path.join(process.env.POSTHORN_DATA_DIR, "logs", `${name}.log`);
}

function flag(name) {
  return process.argv.includes(name);
}
