import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { runProgram } from "./program.mjs";
import { step } from "./progress.mjs";
import { Refusal } from "./refusal.mjs";

const folders = ["app", "components", "lib", "drizzle/schema", "public"];
const files = [
  "package.json",
  "package-lock.json",
  "next.config.js",
  "tsconfig.json",
  "proxy.ts",
  "instrumentation.ts",
];

/** Builds the web application when something it is made of changed since the last build. Says whether it did. */
export async function buildWhenChanged({ root, node, env, quiet = false }) {
  const folder = path.join(root, env.POSTHORN_DIST_DIR || ".next");
  const marker = path.join(folder, "posthorn-sources");
  const wanted = sourcesHash(root);
  if (fs.existsSync(path.join(folder, "BUILD_ID")) && read(marker) === wanted) return false;
  const build = async (note) => {
    fs.rmSync(marker, { force: true });
    const next = path.join(root, "node_modules", "next", "dist", "bin", "next");
    const buildEnv = { ...env, NODE_ENV: "production" };
    const { code, output, error } = await runProgram(node, [next, "build"], { cwd: root, env: buildEnv, onLine: note });
    if (code !== 0) throw new Refusal("The web application could not be built.", { details: error?.message ?? output });
    // What was built is what was there before, even if somebody saved a file meanwhile.
    fs.writeFileSync(marker, wanted);
  };
  await (quiet ? build() : step("Building the web application (a minute the first time)", build));
  return true;
}

function sourcesHash(root) {
  const hash = createHash("sha256");
  const add = (name) =>
    hash
      .update(`${name}\0`)
      .update(fs.readFileSync(path.join(root, name)))
      .update("\0");
  for (const folder of folders) {
    for (const name of list(path.join(root, folder)).sort()) {
      if (!/\.test\.tsx?$/.test(name)) add(path.relative(root, name));
    }
  }
  for (const name of files) if (fs.existsSync(path.join(root, name))) add(name);
  for (const name of Object.keys(process.env).sort()) {
    if (name.startsWith("NEXT_PUBLIC_")) hash.update(`${name}=${process.env[name]}\0`);
  }
  return hash.digest("hex");
}

function list(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    return entry.isDirectory() ? list(name) : [name];
  });
}

function read(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
