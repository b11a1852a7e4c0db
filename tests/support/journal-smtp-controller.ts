import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Command, JournalSettings } from "./journal-smtp.ts";
import type { Phase, Rule } from "./journal-smtp-rules.ts";

export type Reached = { phase: Phase; rule: string | null; connection: number; to: string; messageId: string };
export type AcceptedMessage = {
  id: number;
  at: number;
  connection: number;
  from: string;
  to: string;
  messageId: string;
  headerId: string;
  bytes: number;
  message?: string;
  /** Whether its 250 was written to the socket. */
  told: boolean;
};
type WithoutRe<T> = T extends { re: number } ? Omit<T, "re"> : never;
type StartOptions = { port?: number; journalPath?: string; rules?: Rule[]; flags?: string[] };

/** Starts a journal server in its own process; `flags` are its command line flags (see journal-smtp.ts). */
export async function startJournalSmtp(options: StartOptions = {}): Promise<JournalSmtp> {
  const journalPath = options.journalPath ?? join(mkdtempSync(join(tmpdir(), "journal-smtp-")), "journal.jsonl");
  const script = join(import.meta.dirname, "journal-smtp.ts");
  const flags = [
    "--controlled",
    "--port",
    String(options.port ?? 0),
    "--journal",
    journalPath,
    ...(options.flags ?? []),
  ];
  const child = spawn(process.execPath, [script, ...flags], { stdio: ["pipe", "pipe", "inherit"] });
  const server = new JournalSmtp(child, journalPath);
  await server.ready;
  if (options.rules) await server.setRules(options.rules);
  return server;
}

/** A test's hand on a journal server: script it, wait for a moment, read what it truly accepted. */
export class JournalSmtp {
  readonly journalPath: string;
  readonly ready: Promise<void>;
  port = 0;
  /** The server's certificate as PEM, to be given to a client as its authority. */
  certificate: string | null = null;
  #child: ChildProcessByStdio<Writable, Readable, null>;
  #answers = new Map<number, (answer: Record<string, unknown>) => void>();
  #next = 1;
  #gone = false;
  #reached: Reached[] = [];
  #waiting: { matches: (event: Reached) => boolean; resolve: (event: Reached) => void }[] = [];

  constructor(child: ChildProcessByStdio<Writable, Readable, null>, journalPath: string) {
    this.#child = child;
    this.journalPath = journalPath;
    child.stdin.on("error", () => {});
    child.once("exit", () => {
      this.#gone = true;
      for (const answer of this.#answers.values()) answer({});
    });
    this.ready = new Promise((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`journal server ended with ${code}`)));
      createInterface({ input: child.stdout }).on("line", (line) => this.#hear(JSON.parse(line), resolve));
    });
  }

  setRules(rules: Rule[]): Promise<unknown> {
    return this.#ask({ do: "rules", rules });
  }

  addRule(rule: Rule): Promise<unknown> {
    return this.#ask({ do: "add-rule", rule });
  }

  /** Lets everything held by the rule with this id (or, without id, at this phase) go on. */
  release(id: string): Promise<unknown> {
    return this.#ask({ do: "release", id });
  }

  changeSettings(settings: Partial<JournalSettings>): Promise<unknown> {
    return this.#ask({ do: "settings", settings });
  }

  /** Refuses new connections (the port is closed) until called with false. Open ones live on; see `dropAll`. */
  refuseConnections(on: boolean): Promise<unknown> {
    return this.#ask({ do: "refuse", on });
  }

  /** Resets every open connection. */
  dropAll(): Promise<unknown> {
    return this.#ask({ do: "drop" });
  }

  async counters(): Promise<Record<string, number>> {
    return (await this.#ask({ do: "counters" })).counters as Record<string, number>;
  }

  /** Resolves with the next moment a `tell` rule reported that matches and was not waited for yet. */
  reached(matches: (event: Reached) => boolean = () => true, deadlineMs = 10_000): Promise<Reached> {
    const index = this.#reached.findIndex(matches);
    const early = this.#reached[index];
    if (early) {
      this.#reached.splice(index, 1);
      return Promise.resolve(early);
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("the moment was not reached in time")), deadlineMs);
      this.#waiting.push({
        matches,
        resolve: (event) => {
          clearTimeout(timer);
          resolve(event);
        },
      });
    });
  }

  /** Every message truly accepted so far, read from the journal on disk; works after the server is dead. */
  async accepted(): Promise<AcceptedMessage[]> {
    // A client can see its 250 before the note that it was told is written; an answer comes after all notes.
    if (!this.#gone) await this.counters();
    const messages = new Map<number, AcceptedMessage>();
    for (const line of readFileSync(this.journalPath, "utf8").split("\n")) {
      if (line === "") continue;
      const entry = JSON.parse(line) as { event: string; ids?: number[] } & AcceptedMessage;
      if (entry.event === "accepted") messages.set(entry.id, { ...entry, told: false });
      for (const id of entry.ids ?? []) {
        const message = messages.get(id);
        if (message) message.told = true;
      }
    }
    return [...messages.values()];
  }

  /** Ends the process, by default without any warning (SIGKILL), and waits until it is gone. */
  stop(signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<void> {
    return new Promise((resolve) => {
      if (this.#gone) return resolve();
      this.#child.once("exit", () => resolve());
      this.#child.kill(signal);
    });
  }

  #ask(command: WithoutRe<Command>): Promise<Record<string, unknown>> {
    const re = this.#next++;
    return new Promise((resolve) => {
      this.#answers.set(re, resolve);
      this.#child.stdin.write(`${JSON.stringify({ ...command, re })}\n`);
    });
  }

  #hear(event: Record<string, unknown>, ready: () => void): void {
    if (event.event === "ready") {
      this.port = event.port as number;
      this.certificate = event.certificate as string | null;
      return ready();
    }
    if (event.event === "answer") {
      this.#answers.get(event.re as number)?.(event);
      this.#answers.delete(event.re as number);
      return;
    }
    const reached = event as unknown as Reached;
    const index = this.#waiting.findIndex((waiter) => waiter.matches(reached));
    const waiter = this.#waiting[index];
    if (!waiter) {
      this.#reached.push(reached);
      return;
    }
    this.#waiting.splice(index, 1);
    waiter.resolve(reached);
  }
}
