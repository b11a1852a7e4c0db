import { spawn } from "node:child_process";

const running = new Set();

/**
 * Runs another program to its end and keeps what it said.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void, shell?: boolean }} [options]
 * @returns {Promise<{ code: number | null, output: string, error?: Error }>}
 */
export function runProgram(command, args, { cwd, env, onLine, shell } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, shell, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    let output = "";
    const take = (chunk) => {
      output += chunk;
      const line = String(chunk).trimEnd().split("\n").at(-1)?.trim();
      if (line) onLine?.(line);
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    const end = (code, error) => {
      running.delete(child);
      resolve({ code, output, error });
    };
    child.once("error", (error) => end(null, error));
    child.once("close", (code) => end(code));
  });
}

/** Ends what `runProgram` started and has not ended: for a Ctrl-C during set-up. */
export function stopPrograms() {
  for (const child of running) child.kill("SIGTERM");
}
