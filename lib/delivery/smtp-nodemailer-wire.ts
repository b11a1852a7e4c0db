import { Readable } from "node:stream";
import type { Session } from "./smtp-dial.ts";
import { prepare } from "./smtp-prepare.ts";
import { parseReply } from "./smtp-reply.ts";
import type {
  ComposedMessage,
  Connection,
  Envelope,
  Outcome,
  Phase,
  SendHooks,
  ServerInfo,
  Timeouts,
} from "./transport.ts";

const PIECE_BYTES = 65_536;

type Failure = Error & { code?: string; command?: string; response?: string };
type Send = { settle: (outcome: Outcome) => void; phase: Phase; bodyHandedOver: boolean };

/**
 * nodemailer's own dialogue, one command at a time: for servers that do not offer PIPELINING. It stuffs dots and ends
 * lines itself, and never retries. The body goes in as a stream, because the moment it is first read is the moment
 * 354 has come, and the moment it ends is the moment before the dot: nodemailer's error codes do not tell these apart.
 */
export class NodemailerWire implements Connection {
  readonly wire = "nodemailer";
  readonly depth = 1;
  readonly server: ServerInfo;
  readonly closed: Promise<void>;
  #session: Session;
  #timeouts: Timeouts;
  #usable = true;
  #needsReset = false;
  #current: Send | null = null;
  #previous: Promise<unknown> = Promise.resolve();
  #resolveClosed: () => void = () => {};

  constructor(session: Session) {
    this.server = session.server;
    this.#session = session;
    this.#timeouts = session.timeouts;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    // Our deadlines are per command; nodemailer's is for silence of any kind.
    session.socket.setTimeout(0);
    session.smtp.on("error", (error: Failure) => this.#fail(error));
    session.smtp.once("end", () => this.#end("The connection was closed"));
  }

  get usable(): boolean {
    return this.#usable;
  }

  get unanswered(): number {
    return this.#current?.bodyHandedOver ? 1 : 0;
  }

  send(envelope: Envelope, message: Buffer | string | ComposedMessage, hooks: SendHooks = {}): Promise<Outcome> {
    const turn = this.#previous.then(() => this.#sendNow(envelope, message, hooks));
    this.#previous = turn;
    return turn;
  }

  async quit(): Promise<void> {
    await this.#previous;
    if (this.#usable) {
      this.#usable = false;
      this.#session.smtp.quit();
      setTimeout(() => this.destroy(), Math.min(this.#timeouts.command, 5_000)).unref();
    }
    return this.closed;
  }

  destroy(): void {
    this.#end("The connection was cut by us");
  }

  async #sendNow(envelope: Envelope, message: Buffer | string | ComposedMessage, hooks: SendHooks): Promise<Outcome> {
    const prepared = prepare(envelope, message, this.server);
    if ("kind" in prepared) return prepared;
    if (this.#needsReset && this.#usable) await this.#reset();
    if (!this.#usable) return { kind: "withheld", at: "mail", reason: "connection_gone" };
    if (hooks.mayGoOn && !hooks.mayGoOn("mail")) return { kind: "withheld", at: "mail", reason: "stopped" };
    const bytes = bytesOf(message);
    return new Promise((resolve) => {
      let timer = this.#after(this.#timeouts.command * 2 + this.#timeouts.data);
      const send: Send = {
        phase: "mail",
        bodyHandedOver: false,
        settle: (outcome) => {
          clearTimeout(timer);
          if (this.#current === send) this.#current = null;
          resolve(outcome);
        },
      };
      this.#current = send;
      let from = 0;
      const body = new Readable({
        read: () => {
          clearTimeout(timer);
          timer = this.#after(from < bytes.length ? this.#timeouts.bodyPiece : this.#timeouts.afterDot);
          if (from === 0 && hooks.mayGoOn && !hooks.mayGoOn("body")) {
            send.settle({ kind: "withheld", at: "body", reason: "stopped" });
            return this.#end("Stopped before the body");
          }
          send.phase = "dot";
          if (from >= bytes.length) {
            send.bodyHandedOver = true;
            return body.push(null);
          }
          body.push(bytes.subarray(from, from + PIECE_BYTES));
          from += PIECE_BYTES;
        },
        highWaterMark: 1,
      });
      const { eightBit, bytes: size } = prepared.body;
      const path = { from: prepared.from, to: prepared.to, size, use8BitMime: eightBit };
      this.#session.smtp.send(path, body, (error, info) => {
        if (error) return this.#fail(error);
        const reply = parseReply((info?.response ?? "").split(/\r?\n/));
        if (reply === "malformed") return this.#end("The server answered with something that is not SMTP");
        send.settle({ kind: "reply", phase: "dot", ...reply });
      });
    });
  }

  #after(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => this.#end("The server did not answer in time"), milliseconds);
  }

  /** A refused recipient leaves MAIL's transaction open. */
  #reset(): Promise<void> {
    this.#needsReset = false;
    return new Promise((resolve) => {
      const timer = this.#after(this.#timeouts.command);
      const finished = (error?: Error | null) => {
        clearTimeout(timer);
        if (error) this.#end(error.message);
        resolve();
      };
      this.closed.then(() => finished());
      this.#session.smtp.reset(finished);
    });
  }

  #fail(error: Failure): void {
    const reply = error.response ? parseReply(error.response.split(/\r?\n/)) : "malformed";
    const phase = phaseOf(error, this.#current);
    if (reply === "malformed" || reply.code < 400) return this.#end(error.message);
    this.#needsReset = phase !== "dot";
    this.#current?.settle({ kind: "reply", phase, ...reply });
    if (reply.code === 421 || phase === "data") this.#end("The server closed the connection");
  }

  #end(error: string): void {
    this.#usable = false;
    const send = this.#current;
    send?.settle({ kind: "network", phase: send.phase, bodyHandedOver: send.bodyHandedOver, error });
    this.#session.smtp.close();
    this.#session.socket.destroy();
    this.#resolveClosed();
  }
}

function bytesOf(message: Buffer | string | ComposedMessage): Buffer {
  if (Buffer.isBuffer(message)) return message;
  return Buffer.from(typeof message === "string" ? message : message.head + message.body, "utf8");
}

/** nodemailer says which command was refused; an answer to the body it tells from one to DATA by its code only. */
function phaseOf(error: Failure, send: Send | null): Phase {
  if (error.command === "MAIL FROM") return "mail";
  if (error.command === "RCPT TO") return "rcpt";
  if (error.command === "DATA") return error.code === "EMESSAGE" ? "dot" : "data";
  return send?.phase ?? "mail";
}
