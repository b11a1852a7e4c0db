import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { startThrowAwayCluster } from "./postgres/cluster.mjs";
import { runInForeground } from "./setup/foreground.mjs";
import { refuseOldNode } from "./setup/node.mjs";
import { explain, Refusal } from "./setup/refusal.mjs";
import { prepareTools, programEnvironment, root } from "./setup/setup.mjs";

/*
 * npm run bench -- <name>: runs tests/bench/<name>.ts on a PostgreSQL of its own that is as durable as a real one and
 * removed afterwards (or on the server of TEST_DATABASE_URL), never on anybody's data.
 */

const [name, ...args] = process.argv.slice(2);
const folder = path.join(root, "tests/bench");
let cluster;

try {
  refuseOldNode();
  const file = path.join(folder, `${name}.ts`);
  if (!name || !/^[\w-]+$/.test(name) || !fs.existsSync(file))
    throw new Refusal(`Usage: npm run bench -- <${names()}>`);
  const node = await prepareTools();
  cluster = process.env.TEST_DATABASE_URL ? null : await startThrowAwayCluster({ durable: true });
  const env = programEnvironment(node, {
    TEST_DATABASE_URL: cluster?.url ?? process.env.TEST_DATABASE_URL,
    POSTHORN_SECRET: process.env.POSTHORN_SECRET ?? randomBytes(32).toString("base64url"),
  });
  process.exitCode = await runInForeground(node, [file, ...args], env, root);
} catch (error) {
  explain(error);
  process.exitCode = 1;
} finally {
  await cluster?.stop();
}

function names() {
  const files = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  return files.flatMap((file) => file.match(/^([\w-]+)\.ts$/)?.[1] ?? []).join(" | ");
}
