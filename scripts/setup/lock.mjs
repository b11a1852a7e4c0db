import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { processStamp, waitFor } from "./process.mjs";
import { Refusal } from "./refusal.mjs";

// Programs on other machines (or in other containers) cannot be looked at: they show by touching the file.
const touchSeconds = 5;
const silentAfterSeconds = 20;

/**
 * The data folder belongs to one command at a time. Returns a function that gives it back, or throws a refusal that
 * says who has it. A lock whose owner was killed is taken over.
 * @param {string} dataFolder
 * @param {string} command what to call us, such as "npm start"
 */
export async function lockDataFolder(dataFolder, command) {
  const file = path.join(dataFolder, "lock.json");
  const mine = JSON.stringify({ pid: process.pid, stamp: processStamp(process.pid), host: os.hostname(), command });
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const holder = findHolder(dataFolder);
    if (
      holder &&
      (holder.host === os.hostname() || !(await waitFor(() => !findHolder(dataFolder), silentAfterSeconds)))
    ) {
      throw new Refusal(
        `Posthorn is already running from this folder: ${holder.command}, process ${holder.pid}${holder.host === os.hostname() ? "" : ` on ${holder.host}`}.\n` +
          "Stop it first (Ctrl-C in its terminal), or use another data folder with POSTHORN_DATA_DIR=/some/folder.",
      );
    }
    fs.rmSync(file, { force: true });
    try {
      fs.writeFileSync(file, mine, { flag: "wx", mode: 0o600 });
    } catch (error) {
      if (error.code === "EEXIST") continue;
      throw error;
    }
    // Two that removed the same stale file at the same moment: the later one to write has it.
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (read(file) === mine) return keep(file, mine);
  }
  throw new Refusal("Another Posthorn is starting from this folder at this moment.");
}

/** Who has the data folder now, or null. */
export function findHolder(dataFolder) {
  const file = path.join(dataFolder, "lock.json");
  try {
    const holder = JSON.parse(fs.readFileSync(file, "utf8"));
    if (holder.host === os.hostname()) return processStamp(holder.pid) === holder.stamp ? holder : null;
    return Date.now() - fs.statSync(file).mtimeMs < silentAfterSeconds * 1000 ? holder : null;
  } catch {
    return null;
  }
}

function keep(file, mine) {
  const timer = setInterval(() => {
    const now = new Date();
    fs.utimes(file, now, now, () => {});
  }, touchSeconds * 1000);
  timer.unref();
  const release = () => {
    clearInterval(timer);
    if (read(file) === mine) fs.rmSync(file, { force: true });
  };
  process.once("exit", release);
  return release;
}

function read(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
