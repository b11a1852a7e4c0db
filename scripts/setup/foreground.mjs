import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Runs a program in our terminal until it ends, and resolves with its exit code. Ctrl-C reaches it from the terminal
 * by itself; other signals to us are passed on; when we are killed, it ends too.
 */
export function runInForeground(node, args, env, cwd = undefined) {
  const watcher = new URL("../watch-parent.mjs", import.meta.url).href;
  const child = spawn(node, ["--import", watcher, ...args], {
    cwd,
    env: { ...env, POSTHORN_PARENT: String(process.pid) },
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  process.on("SIGINT", () => {});
  for (const name of ["SIGTERM", "SIGHUP"]) process.on(name, () => child.kill(name));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, name) => resolve(code ?? 128 + (constants.signals[name] ?? 0)));
  });
}
