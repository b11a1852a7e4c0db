import path from "node:path";
import { fileURLToPath } from "node:url";
import { checkDatabase } from "../postgres/check.mjs";
import { installDependencies } from "./install.mjs";
import { findNode, withNode } from "./node.mjs";
import { runProgram } from "./program.mjs";
import { step } from "./progress.mjs";
import { Refusal } from "./refusal.mjs";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** By itself Node lets what is young in its heap grow so far that a worker takes a quarter more memory, for no speed. */
const nodeOptions = "--max-semi-space-size=32";

/** Dependencies and the right Node: what every command needs. Returns the Node to run our programs with. */
export async function prepareTools() {
  await installDependencies(root);
  return findNode(root);
}

/** The environment of our programs: that of the command, with our Node first. */
export function programEnvironment(node, extra = {}) {
  const options = [nodeOptions, process.env.NODE_OPTIONS].filter(Boolean).join(" ");
  return withNode({ ...process.env, NODE_OPTIONS: options, ...extra }, node, root);
}

/** Refuses the databases of the settings that cannot be used. */
export async function checkConfiguredDatabase() {
  await checkDatabase(process.env.DATABASE_URL, "DATABASE_URL");
  if (process.env.DATABASE_DIRECT_URL) await checkDatabase(process.env.DATABASE_DIRECT_URL, "DATABASE_DIRECT_URL");
}

/** Brings the database of DATABASE_URL to the schema of this version. */
export async function migrate(node) {
  await step("Bringing the database up to date", async () => {
    const env = programEnvironment(node);
    const { code, output } = await runProgram(node, [path.join(root, "drizzle/migrate.ts")], { cwd: root, env });
    if (code !== 0) throw new Refusal("The database could not be brought up to date.", { details: output });
  });
}
