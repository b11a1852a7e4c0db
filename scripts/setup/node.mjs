import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Refusal } from "./refusal.mjs";

const needed = [24, 15];

/** Even the commands themselves need this much. Called before anything else is touched. */
export function refuseOldNode() {
  if (Number(process.versions.node.split(".")[0]) >= 20) return;
  throw new Refusal(`Posthorn needs Node.js 20 or newer to start; this is ${process.version}. See https://nodejs.org/`);
}

/**
 * The Node everything of ours runs on: the one we are in when it is new enough, otherwise the one that comes with the
 * dependencies. Returns the path of the program.
 */
export function findNode(root) {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const platform = process.platform === "win32" ? "win" : process.platform;
  for (const name of [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`]) {
    const program = path.join(root, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
    if (!fs.existsSync(program)) continue;
    try {
      if (isNewEnough(execFileSync(program, ["--version"], { encoding: "utf8" }).trim().slice(1))) return program;
    } catch {
      // A program for another C library (Alpine, say) does not start: say below what to do.
    }
  }
  throw new Refusal(
    `Posthorn runs on Node.js ${needed.join(".")} or newer; this is ${process.version}, and the Node.js that comes along does\n` +
      `not run on this machine (${process.platform}/${process.arch}). Install Node.js 24 (https://nodejs.org/) and start again.`,
  );
}

/** The environment in which `node`, and every program of node_modules, is the one of `findNode`. */
export function withNode(env, node, root) {
  const name = Object.keys(env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const first = [path.dirname(node), path.join(root, "node_modules", ".bin")];
  return { ...env, [name]: [...first, env[name] ?? ""].join(path.delimiter), NEXT_TELEMETRY_DISABLED: "1" };
}

function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > needed[0] || (major === needed[0] && minor >= needed[1]);
}
