import { execFileSync } from "node:child_process";
import fs from "node:fs";

/**
 * A value that stays the same while process `pid` lives and differs once its number is used again, or null when there
 * is no such process. Process numbers are recycled (in a container always from 1), so a number alone proves nothing.
 * @param {number} pid
 * @returns {string | null}
 */
export function processStamp(pid) {
  if (!isAlive(pid)) return null;
  try {
    if (process.platform === "linux") {
      // The command name may hold spaces and brackets: fields are counted from the last bracket. 22nd field = start time.
      const fields = fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
      if (fields[0] === "Z") return null;
      return `${fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${fields[19]}`;
    }
    if (process.platform === "win32") return "alive";
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null;
  } catch {
    return null;
  }
}

/** The process that started process `pid`, or null where that cannot be seen. */
export function parentOf(pid) {
  try {
    return Number(fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ")[1]);
  } catch {
    return null;
  }
}

/** The command line of a process, or "" when it cannot be read. */
export function commandLine(pid) {
  try {
    if (process.platform === "linux") return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Sends a signal; true when there was a process to take it. */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

/** Waits until `condition()` is truthy and returns that, or returns null after `seconds`. */
export async function waitFor(condition, seconds, everyMilliseconds = 50) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) return null;
    await new Promise((resolve) => setTimeout(resolve, everyMilliseconds));
  }
}
