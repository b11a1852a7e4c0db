import fs from "node:fs";
import path from "node:path";
import { findEmbeddedUrl, startEmbeddedDatabase, stopLeftOverDatabase } from "./postgres/embedded.mjs";
import { buildWhenChanged } from "./setup/build.mjs";
import { loadEnvFile, prepareDataFolder, provideSecret } from "./setup/environment.mjs";
import { runInForeground } from "./setup/foreground.mjs";
import { findHolder, lockDataFolder } from "./setup/lock.mjs";
import { refuseOldNode } from "./setup/node.mjs";
import { refuseTakenPort, webAddress } from "./setup/ports.mjs";
import { waitFor } from "./setup/process.mjs";
import { explain, Refusal } from "./setup/refusal.mjs";
import { checkConfiguredDatabase, migrate, prepareTools, programEnvironment, root } from "./setup/setup.mjs";

/*
 * node scripts/run.mjs <file.ts | web> [arguments]: runs one program of ours with everything it needs, for example
 * npm run worker or npm run user. The embedded database is that of a running npm start, or started for the occasion.
 */

const [what, ...args] = process.argv.slice(2);
const command = `npm run ${process.env.npm_lifecycle_event ?? what}`;
/** A mail server that hands a mail to us tries it again after this code (EX_TEMPFAIL of sysexits.h). */
const failed = what === "scripts/feedback.ts" ? 75 : 1;
let database;

try {
  refuseOldNode();
  if (what !== "web" && !fs.existsSync(path.join(root, what ?? ""))) throw new Refusal(`There is no ${what}.`);
  loadEnvFile(root);
  const dataFolder = prepareDataFolder(root);
  const node = await prepareTools();
  provideSecret(dataFolder);
  database = await provideDatabase(dataFolder, node);
  process.exitCode = await (what === "web" ? runWeb(node) : runFile(node));
} catch (error) {
  explain(error);
  process.exitCode = failed;
} finally {
  await database?.stop();
}

function runFile(node) {
  return runInForeground(node, [path.join(root, what), ...args], programEnvironment(node));
}

async function runWeb(node) {
  const { host, port } = webAddress();
  await refuseTakenPort({ host, port });
  const env = programEnvironment(node, { NODE_ENV: "production", PORT: String(port), HOST: host });
  await buildWhenChanged({ root, node, env });
  return runInForeground(node, [path.join(root, "scripts/web.ts")], env);
}

async function provideDatabase(dataFolder, node) {
  if (process.env.DATABASE_URL) {
    await checkConfiguredDatabase();
    return null;
  }
  if (findHolder(dataFolder)) {
    const url = await waitFor(() => findEmbeddedUrl(dataFolder), 30);
    if (!url) throw new Refusal("Posthorn is just starting from this folder. Try again when it says it is ready.");
    process.env.DATABASE_URL = url;
    await checkConfiguredDatabase();
    return null;
  }
  const unlock = await lockDataFolder(dataFolder, command);
  await stopLeftOverDatabase(dataFolder);
  const { url, running } = await startEmbeddedDatabase(dataFolder, (text) => process.stderr.write(`${text}\n`));
  process.env.DATABASE_URL = url;
  const stop = async () => {
    await running.stop();
    unlock();
  };
  try {
    if (what !== "drizzle/migrate.ts") await migrate(node);
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
