import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { runProgram } from "./program.mjs";
import { step } from "./progress.mjs";
import { Refusal } from "./refusal.mjs";

/**
 * Makes node_modules what the lock file says, and does nothing when it is that already. One installation serves
 * `npm start` and `npm test`: building needs the compiler anyway.
 */
export async function installDependencies(root) {
  const wanted = wantedHash(root);
  const marker = path.join(root, "node_modules", ".posthorn-installed");
  if (read(marker) === wanted) return;
  if (!matchesLock(root)) await step("Installing dependencies", (note) => install(root, note));
  fs.writeFileSync(marker, wanted);
}

function wantedHash(root) {
  const manifest = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
  const parts = ["dependencies", "devDependencies", "optionalDependencies", "overrides"].map((name) => manifest[name]);
  const hash = createHash("sha256").update(JSON.stringify(parts));
  hash.update(fs.readFileSync(path.join(root, "package-lock.json")));
  return `${hash.digest("hex")} ${process.platform}-${process.arch}`;
}

// npm keeps its own record of what it put into node_modules: somebody who ran npm by hand is not made to wait again.
function matchesLock(root) {
  const have = parse(read(path.join(root, "node_modules", ".package-lock.json")))?.packages;
  const lock = parse(read(path.join(root, "package-lock.json")))?.packages;
  if (!have || !lock) return false;
  const manifest = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
  for (const kind of ["dependencies", "devDependencies", "optionalDependencies"]) {
    if (JSON.stringify(manifest[kind] ?? {}) !== JSON.stringify(lock[""][kind] ?? {})) return false;
  }
  return Object.entries(lock).every(([name, entry]) => {
    if (name === "" || !suitsThisMachine(entry)) return true;
    const found = have[name];
    if (!found) return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return found.version === entry.version && fs.existsSync(path.join(root, name, "package.json"));
  });
}

function suitsThisMachine({ os, cpu }) {
  const suits = (given, mine) => {
    const list = [given ?? []].flat();
    return list.length === 0 || list.includes(mine) || list.some((one) => one[0] === "!" && one !== `!${mine}`);
  };
  return suits(os, process.platform) && suits(cpu, process.arch);
}

// `npm ci` refuses a lock file without the entries of other platforms' optional packages, which npm leaves out when it
// writes the file where they cannot be seen. `npm install` takes the same versions and only looks those up.
async function install(root, note) {
  const clean = await npm("ci", root, note);
  if (clean.code === 0) return;
  const usable = lacksOnlyOptional(root, clean.output);
  const { code, output, error } = usable ? await npm("install", root, note) : clean;
  if (code === 0) return;
  const said = error?.message ?? output.replace(/^npm (warn|notice|error +at|error +[\w]+: |error +[{}]).*\n/gm, "");
  throw new Refusal(`The dependencies could not be installed: ${reason(said)}`, { details: lastLines(said, 25) });
}

function npm(verb, root, note) {
  const [command, ...first] = npmCommand();
  const args = [...first, verb, "--include=dev", "--include=optional", "--no-audit", "--no-fund"];
  if (verb === "install") args.push("--no-save");
  // The lock file is right for the Node that the installation brings, not for the one that runs npm.
  const env = { ...process.env, npm_config_engine_strict: "false", NODE_ENV: "development" };
  return runProgram(command, args, { cwd: root, env, onLine: note, shell: command === "npm.cmd" });
}

function lacksOnlyOptional(root, output) {
  const complaints = [...output.matchAll(/^npm (?:error|ERR!) (Missing|Invalid): (@?[^@\s]+)@/gm)];
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, "package-lock.json"), "utf8"));
  const optional = new Set(Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {})));
  return complaints.length > 0 && complaints.every(([, kind, name]) => kind === "Missing" && optional.has(name));
}

// Under `npm start`, the very npm that was called; otherwise the one of the path.
function npmCommand() {
  const own = process.env.npm_execpath;
  if (own && /npm-cli\.c?js$/.test(own) && fs.existsSync(own)) return [process.execPath, own];
  return process.platform === "win32" ? ["npm.cmd"] : ["npm"];
}

function reason(text) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network/i.test(text)) {
    return "the npm registry could not be reached. Check the network connection (or the proxy settings of npm) and try again.";
  }
  if (/ENOSPC/.test(text)) return "the disk is full.";
  if (/EACCES|EPERM|EROFS/.test(text)) return "this folder is not writable. Check who owns it.";
  if (/EUSAGE|in sync/.test(text)) return "package.json and package-lock.json disagree. Run npm install and try again.";
  if (/ENOENT.*npm|spawn npm/.test(text)) return "npm was not found. Install Node.js with npm.";
  return "npm said:";
}

export function lastLines(text, count) {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}

function read(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
