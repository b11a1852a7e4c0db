/**
 * A hostile SMTP server in its own process, for tests and measurements. It writes down what it truly accepted, so a test
 * can judge what Posthorn believes it sent. It uses no SMTP library because it has to misbehave exactly.
 *
 *   node tests/support/journal-smtp.ts --port 2525 --journal /tmp/journal.jsonl [--rules rules.json] [--tls starttls]
 *
 * The journal is append-only JSON, one object a line: {"event":"accepted",…} when a message is taken (before its 250 is
 * written), and {"event":"told","ids":[…]} once those 250s are in the socket. Both are in the file (in the page cache, so
 * they outlive this process) before anything else happens. A message accepted and never told is a true duplicate risk.
 */
import { openSync, readFileSync, writeSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { parseArgs } from "node:util";
import { type Rule, RuleBook } from "./journal-smtp-rules.ts";
import { JournalSession } from "./journal-smtp-session.ts";
import { selfSignedCertificate } from "./self-signed-certificate.ts";

export type JournalSettings = {
  tls: "none" | "starttls" | "implicit";
  auth: { user: string; pass: string } | null;
  authMethods: string;
  pipelining: boolean;
  smtpUtf8: boolean;
  /** A careless server: a refused recipient still gets 354 (and the lone dot a 250). */
  dataWithoutRecipient: boolean;
  maxBytes: number;
  closeAfterMessages: number;
  readBytesPerSecond: number;
  keepMessages: boolean;
  idHeader: string;
};

/** What the controller writes to the process, one JSON object a line; `re` is echoed in the answer. */
export type Command =
  | { do: "rules"; rules: Rule[]; re: number }
  | { do: "add-rule"; rule: Rule; re: number }
  | { do: "release"; id: string; re: number }
  | { do: "settings"; settings: Partial<JournalSettings>; re: number }
  | { do: "refuse"; on: boolean; re: number }
  | { do: "drop"; re: number }
  | { do: "counters"; re: number };

type Accepted = {
  connection: number;
  from: string;
  to: string;
  messageId: string;
  headerId: string;
  bytes: number;
  message?: string;
};

export class JournalServer {
  readonly rules = new RuleBook();
  readonly settings: JournalSettings;
  #journal: number;
  #lines = "";
  #listener: Server;
  #port = 0;
  #sessions = new Set<JournalSession>();
  #due = new Set<JournalSession>();
  #flushing = false;
  #held = new Map<string, (() => void)[]>();
  #counters: Record<string, number> = {
    connections: 0,
    open: 0,
    openMost: 0,
    mail: 0,
    rcpt: 0,
    accepted: 0,
    told: 0,
    bytes: 0,
  };
  #context: SecureContext | null = null;
  #certificate: { key: string; cert: string } | null;

  constructor(settings: JournalSettings, journalPath: string, certificate: { key: string; cert: string } | null) {
    this.settings = settings;
    this.#certificate = certificate;
    this.#journal = openSync(journalPath, "a");
    this.#listener = createServer((socket) => this.#welcome(socket));
  }

  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#listener.once("error", reject);
      this.#listener.listen(port, "127.0.0.1", () => {
        const address = this.#listener.address();
        this.#port = typeof address === "object" && address !== null ? address.port : port;
        resolve(this.#port);
      });
    });
  }

  secureContext(): SecureContext {
    if (!this.#certificate) throw new Error("started without --tls");
    this.#context ??= createSecureContext(this.#certificate);
    return this.#context;
  }

  count(name: string): void {
    this.#counters[name] = (this.#counters[name] ?? 0) + 1;
  }

  tell(event: Record<string, unknown>): void {
    this.flushNow();
    writeSync(1, `${JSON.stringify(event)}\n`);
  }

  accept(message: Accepted): number {
    this.count("accepted");
    this.#counters.bytes = (this.#counters.bytes ?? 0) + message.bytes;
    const id = this.#counters.accepted ?? 0;
    this.#lines += `${JSON.stringify({ event: "accepted", id, at: Date.now(), ...message })}\n`;
    return id;
  }

  /** Has this session flushed at the end of the turn, together with all others that have something to say. */
  wake(session: JournalSession): void {
    this.#due.add(session);
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => this.flushNow());
  }

  /** Journal first, then the replies, then the note that they were written. */
  flushNow(also?: JournalSession): void {
    if (also) this.#due.add(also);
    this.#flushing = false;
    this.writeJournal();
    const told: number[] = [];
    for (const session of this.#due) for (const id of session.flush()) told.push(id);
    this.#due.clear();
    if (told.length === 0) return;
    this.#counters.told = (this.#counters.told ?? 0) + told.length;
    this.#lines += `${JSON.stringify({ event: "told", ids: told })}\n`;
    this.writeJournal();
  }

  holdUntilReleased(id: string, goOn: () => void): void {
    this.#held.set(id, [...(this.#held.get(id) ?? []), goOn]);
  }

  forget(session: JournalSession): void {
    if (this.#sessions.delete(session)) this.#counters.open = this.#sessions.size;
  }

  async obey(command: Command): Promise<Record<string, unknown>> {
    switch (command.do) {
      case "rules":
        this.rules.set(command.rules);
        return {};
      case "add-rule":
        this.rules.add(command.rule);
        return {};
      case "release": {
        const held = this.#held.get(command.id) ?? [];
        this.#held.delete(command.id);
        for (const goOn of held) goOn();
        return { released: held.length };
      }
      case "settings":
        Object.assign(this.settings, command.settings);
        return {};
      case "refuse":
        if (command.on) this.#listener.close();
        else await this.listen(this.#port);
        return {};
      case "drop":
        for (const session of this.#sessions) session.reset();
        return {};
      case "counters":
        return { counters: this.#counters };
    }
  }

  #welcome(socket: Socket): void {
    this.count("connections");
    const id = this.#counters.connections ?? 0;
    const implicit = this.settings.tls === "implicit";
    const channel = implicit ? new TLSSocket(socket, { isServer: true, secureContext: this.secureContext() }) : socket;
    const session = new JournalSession(this, channel, id, implicit);
    this.#sessions.add(session);
    this.#counters.open = this.#sessions.size;
    this.#counters.openMost = Math.max(this.#counters.openMost ?? 0, this.#sessions.size);
  }

  writeJournal(): void {
    if (this.#lines === "") return;
    const lines = this.#lines;
    this.#lines = "";
    writeSync(this.#journal, lines);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      journal: { type: "string", default: "/dev/null" },
      rules: { type: "string" },
      tls: { type: "string", default: "none" },
      "certificate-name": { type: "string", default: "localhost" },
      "certificate-expired": { type: "boolean", default: false },
      /** A file with JSON {key, cert}, instead of a certificate of the server's own making. */
      certificate: { type: "string" },
      auth: { type: "string" },
      "auth-methods": { type: "string", default: "PLAIN LOGIN" },
      "no-pipelining": { type: "boolean", default: false },
      smtputf8: { type: "boolean", default: false },
      "data-without-recipient": { type: "boolean", default: false },
      size: { type: "string", default: "0" },
      "close-after": { type: "string", default: "0" },
      "read-bytes-per-second": { type: "string", default: "0" },
      "keep-messages": { type: "boolean", default: false },
      "id-header": { type: "string", default: "x-message-id" },
      /** Take commands on stdin and end when it ends, so that a killed test leaves no server behind. */
      controlled: { type: "boolean", default: false },
    },
  });
  const [user = "", pass = ""] = values.auth?.split(":") ?? [];
  const day = 86_400_000;
  const validity = values["certificate-expired"]
    ? { validFrom: new Date(Date.now() - 30 * day), validTo: new Date(Date.now() - day) }
    : {};
  const tls = values.tls === "starttls" || values.tls === "implicit" ? values.tls : "none";
  const made = () => selfSignedCertificate({ name: values["certificate-name"], ...validity });
  const given = values.certificate ? JSON.parse(readFileSync(values.certificate, "utf8")) : null;
  const certificate = tls === "none" ? null : (given ?? made());
  const settings: JournalSettings = {
    tls,
    auth: values.auth ? { user, pass } : null,
    authMethods: values["auth-methods"],
    pipelining: !values["no-pipelining"],
    smtpUtf8: values.smtputf8,
    dataWithoutRecipient: values["data-without-recipient"],
    maxBytes: Number(values.size),
    closeAfterMessages: Number(values["close-after"]),
    readBytesPerSecond: Number(values["read-bytes-per-second"]),
    keepMessages: values["keep-messages"],
    idHeader: values["id-header"],
  };
  const server = new JournalServer(settings, values.journal, certificate);
  if (values.rules) server.rules.set(JSON.parse(readFileSync(values.rules, "utf8")) as Rule[]);
  const port = await server.listen(Number(values.port));
  server.tell({ event: "ready", port, certificate: certificate?.cert ?? null });
  if (!values.controlled) return;
  const commands = createInterface({ input: process.stdin });
  commands.on("line", async (line) => {
    const command = JSON.parse(line) as Command;
    server.tell({ event: "answer", re: command.re, ...(await server.obey(command)) });
  });
  commands.on("close", () => process.exit(0));
}

if (import.meta.main) await main();
