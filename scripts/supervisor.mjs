import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { processStamp, signal, waitFor } from "./setup/process.mjs";

const fastDeathSeconds = 10;
const fastDeathsAllowed = 5;
const logFileBytes = 20_000_000;

/**
 * @typedef {{ pid: number, exited: Promise<string>, stop(): Promise<void> }} Running `exited` tells how it ended
 * @typedef {{ name: string, launch: () => Running | Promise<Running>, lastWords?: () => string }} Part
 */

/** Keeps the parts of Posthorn running: one that dies is started again, with longer and longer pauses. */
export class Supervisor {
  #parts = [];
  #stopping = false;
  #processesFile;
  #say;
  #giveUp;

  /**
   * @param {{ dataFolder: string, say: (line: string) => void }} options
   * `gaveUp` resolves with the reason when a part cannot be kept running.
   */
  constructor({ dataFolder, say }) {
    this.#processesFile = path.join(dataFolder, "processes.json");
    this.#say = say;
    this.gaveUp = new Promise((resolve) => {
      this.#giveUp = resolve;
    });
  }

  get isRunning() {
    return this.#parts.length > 0;
  }

  /** Adds a part that runs already (`running`) or is started now. Parts stop in the order they were added, unless told. */
  async add(part, running) {
    const entry = { ...part, running: running ?? (await part.launch()), fastDeaths: 0, startedAt: Date.now() };
    this.#parts.push(entry);
    this.#remember();
    this.#watch(entry);
  }

  /** Resolves when the part says it is ready, however often it had to be started until then. */
  async ready(name) {
    const entry = this.#parts.find((part) => part.name === name);
    for (;;) {
      const running = entry.running;
      if (running && (await Promise.race([running.ready, running.exited.then(() => false)])) === true) return;
      await waitFor(() => entry.running && entry.running !== running, 60);
    }
  }

  /** Ends a part; it comes back at once, because it is watched. For reloading. */
  async restart(name) {
    const entry = this.#parts.find((part) => part.name === name);
    if (!entry?.running) return;
    entry.reloading = true;
    await entry.running.stop();
  }

  /** Stops the parts in this order: lists of names, those of one list together. */
  async stop(order) {
    this.#stopping = true;
    for (const names of order) {
      const entries = this.#parts.filter((part) => names.includes(part.name));
      await Promise.all(entries.map((entry) => entry.running?.stop()));
    }
    fs.rmSync(this.#processesFile, { force: true });
  }

  /** No time for manners. */
  kill() {
    this.#stopping = true;
    for (const { running, name } of this.#parts) {
      if (!running) continue;
      if (name === "database") signal(running.pid, "SIGQUIT");
      else signal(-running.pid, "SIGKILL");
    }
  }

  #watch(entry) {
    entry.running.exited.then(async (how) => {
      entry.running = null;
      if (this.#stopping) return;
      if (entry.reloading) {
        entry.reloading = false;
      } else if (!(await this.#mayTryAgain(entry, how))) {
        return;
      }
      try {
        entry.startedAt = Date.now();
        entry.running = await entry.launch();
      } catch (error) {
        this.#giveUp(`The ${entry.name} could not be started again: ${error.message}`);
        return;
      }
      // A stop that came while it was starting has not seen it.
      if (this.#stopping) return entry.running.stop();
      this.#remember();
      this.#watch(entry);
    });
  }

  async #mayTryAgain(entry, how) {
    const livedSeconds = (Date.now() - entry.startedAt) / 1000;
    entry.fastDeaths = livedSeconds < fastDeathSeconds ? entry.fastDeaths + 1 : 1;
    if (entry.fastDeaths > fastDeathsAllowed) {
      this.#giveUp(
        `The ${entry.name} ended ${entry.fastDeaths} times in a row (${how}). ${entry.lastWords?.() ?? ""}`.trim(),
      );
      return false;
    }
    const pauseSeconds = 0.5 * 2 ** (entry.fastDeaths - 1);
    this.#say(`The ${entry.name} ended unexpectedly (${how}); starting it again in ${pauseSeconds} s.`);
    await new Promise((resolve) => setTimeout(resolve, pauseSeconds * 1000));
    return !this.#stopping;
  }

  #remember() {
    const list = this.#parts.flatMap(({ name, running }) =>
      running ? [{ name, pid: running.pid, stamp: processStamp(running.pid) }] : [],
    );
    fs.writeFileSync(this.#processesFile, JSON.stringify(list), { mode: 0o600 });
  }
}

/**
 * Waits for, and in the end kills, what a killed supervisor left behind. Its programs notice and end by themselves; a
 * worker takes its time to finish what it handed over.
 */
export async function endLeftOverProcesses(dataFolder, say) {
  let list;
  try {
    list = JSON.parse(fs.readFileSync(path.join(dataFolder, "processes.json"), "utf8"));
  } catch {
    return;
  }
  const alive = () =>
    list.filter(({ name, pid, stamp }) => name !== "database" && stamp && processStamp(pid) === stamp);
  if (alive().length > 0) say("Waiting for programs of an earlier run to end …");
  if (!(await waitFor(() => alive().length === 0, 5))) {
    for (const { pid } of alive()) signal(pid, "SIGKILL");
    await waitFor(() => alive().length === 0, 5);
  }
}

/**
 * Starts one of our programs under Node so that it ends with us, with its output going to a file of the data folder.
 * @param {{ name: string, node: string, args: string[], env: NodeJS.ProcessEnv, cwd: string, log: LogFile,
 *   stopSeconds: number }} options
 * @returns {Running}
 */
export function launchProgram({ node, args, env, cwd, log, stopSeconds }) {
  const watcher = new URL("./watch-parent.mjs", import.meta.url).href;
  const child = spawn(node, ["--import", watcher, ...args], {
    cwd,
    env: { ...env, POSTHORN_PARENT: String(process.pid) },
    // Away from the terminal's Ctrl-C: we stop the parts in an order.
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  log.take(child.stdout);
  log.take(child.stderr);
  let gone = false;
  const exited = new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, name) => resolve(name ? `signal ${name}` : `exit code ${code}`));
  }).then((how) => {
    gone = true;
    return how;
  });
  // Worker and inbox say so; the web process is asked.
  const ready = new Promise((resolve) => child.on("message", (message) => message?.ready && resolve(true)));
  // For whoever sits at the terminal and for no log file: the login of a demo.
  child.on("message", (message) => message?.say && process.stdout.write(`${message.say}\n`));
  const stop = async () => {
    if (gone) return;
    child.kill("SIGTERM");
    if (await waitFor(() => gone, stopSeconds)) return;
    // What it started itself is in its process group.
    if (!signal(-child.pid, "SIGKILL")) child.kill("SIGKILL");
    await exited;
  };
  return { pid: child.pid, exited, ready, stop };
}

/** The output of one program: kept in a file with one predecessor, and its last lines at hand. */
export class LogFile {
  #file;
  #fd;
  #size;
  #last = [];
  #onLine;

  constructor(file, onLine) {
    this.#file = file;
    this.#onLine = onLine;
    this.#open();
  }

  take(stream) {
    let rest = "";
    stream.setEncoding("utf8").on("data", (chunk) => {
      this.#write(chunk);
      const lines = (rest + chunk).split("\n");
      // A line without an end must not fill the memory.
      rest = lines.pop().slice(-100_000);
      for (const line of lines) this.#line(line);
    });
    stream.on("error", () => {});
  }

  lastWords() {
    return this.#last.length ? `It said:\n${this.#last.join("\n").replace(/^/gm, "  ")}` : "";
  }

  #line(line) {
    if (!line.trim()) return;
    this.#last = [...this.#last.slice(-14), line];
    this.#onLine?.(line);
  }

  #write(chunk) {
    try {
      this.#size += fs.writeSync(this.#fd, chunk);
      if (this.#size < logFileBytes) return;
      fs.closeSync(this.#fd);
      fs.renameSync(this.#file, `${this.#file}.1`);
      this.#open();
    } catch {
      // A full disk must not stop the sending of mails: their log can be missed.
    }
  }

  #open() {
    this.#fd = fs.openSync(this.#file, "a", 0o600);
    this.#size = fs.fstatSync(this.#fd).size;
  }
}
