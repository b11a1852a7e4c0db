import type { Socket } from "node:net";
import type { WireBody } from "./smtp-body.ts";
import { type Session, takeSocket } from "./smtp-dial.ts";
import { type PreparedMessage, prepare } from "./smtp-prepare.ts";
import { ReplyReader } from "./smtp-reply.ts";
import type {
  ComposedMessage,
  Connection,
  Envelope,
  Outcome,
  Phase,
  Reply,
  SendHooks,
  ServerInfo,
  Timeouts,
} from "./transport.ts";

/** Above this the dot is written only after the socket took the rest, so that a break midway is known to be midway. */
const SMALL_BODY_BYTES = 65_536;
const END_OF_DATA = ".\r\n";
/** Room for an ordinary mail and the next one's envelope. */
const OUTBOX_BYTES = 32_768;

type Job = PreparedMessage & {
  hooks: SendHooks;
  resolve: (outcome: Outcome) => void;
  /** First refusal of the envelope; the message fails with it when the group's answers are all in. */
  refusal: Outcome | null;
  recipientAccepted: boolean;
  bodyHandedOver: boolean;
  done: boolean;
};

/** One reply the server owes us. A lone dot or RSET belongs to nobody any more. */
type Owed = { phase: Phase | "lone-dot" | "rset" | "quit"; job: Job | null };

/**
 * Our own SMTP dialogue for servers that offer PIPELINING (RFC 2920): MAIL, RCPT and DATA go out as one group, and
 * the next message's group together with this one's body. The next 354 can only follow this body's final answer, so
 * one body per connection at most is ever unanswered.
 */
export class PipeliningWire implements Connection {
  readonly wire = "pipelining";
  /** One in the body, one in its envelope, and one that is ready when the envelope's turn comes. */
  readonly depth = 3;
  readonly server: ServerInfo;
  readonly closed: Promise<void>;
  #socket: Socket;
  #timeouts: Timeouts;
  #reader = new ReplyReader();
  #queue: Job[] = [];
  #owed: Owed[] = [];
  /** The message whose envelope is out and whose body is not. */
  #inEnvelope: Job | null = null;
  #needsReset = false;
  /** What goes out with the next write, as latin1: a body, its dot and the next envelope leave in one piece. */
  #outgoing = "";
  #outbox: Buffer | null = null;
  #receiving = false;
  #state: "open" | "quitting" | "closed" = "open";
  #resolveClosed: () => void = () => {};
  #onIdle: (() => void) | null = null;
  #deadlineAt = 0;
  #timer: NodeJS.Timeout | null = null;
  #timerAt = 0;

  constructor(session: Session) {
    this.server = session.server;
    this.#timeouts = session.timeouts;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#socket = takeSocket(session);
    this.#socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.#socket.on("error", (error) => this.#break(error.message));
    this.#socket.on("end", () => this.#break("The server closed the connection"));
    this.#socket.on("close", () => this.#break("The connection was closed"));
    if (this.#socket.destroyed) this.#break("The connection was closed");
  }

  get usable(): boolean {
    return this.#state === "open";
  }

  get unanswered(): number {
    return this.#owed.some((owed) => owed.job?.bodyHandedOver) ? 1 : 0;
  }

  send(envelope: Envelope, message: Buffer | string | ComposedMessage, hooks: SendHooks = {}): Promise<Outcome> {
    const prepared = prepare(envelope, message, this.server);
    if ("kind" in prepared) return Promise.resolve(prepared);
    return new Promise((resolve) => {
      if (this.#state !== "open") return resolve({ kind: "withheld", at: "mail", reason: "connection_gone" });
      this.#queue.push({
        ...prepared,
        hooks,
        resolve,
        refusal: null,
        recipientAccepted: false,
        bodyHandedOver: false,
        done: false,
      });
      this.#startNext();
      if (!this.#receiving) this.#flush();
    });
  }

  async quit(): Promise<void> {
    if (this.#state === "closed") return this.closed;
    this.#state = "quitting";
    if (this.#owed.length > 0 || this.#queue.length > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    if (this.#isClosed()) return this.closed;
    this.#socket.write("QUIT\r\n");
    this.#owe("quit", null);
    this.#deadlineAt = performance.now() + Math.min(this.#timeouts.command, 5_000);
    this.#watchDeadline();
    return this.closed;
  }

  destroy(): void {
    this.#break("The connection was cut by us");
  }

  #isClosed(): boolean {
    return this.#state === "closed";
  }

  #startNext(): void {
    while (!this.#inEnvelope && this.#state !== "closed") {
      const job = this.#queue.shift();
      if (!job) return;
      if (job.hooks.mayGoOn && !job.hooks.mayGoOn("mail")) {
        settle(job, { kind: "withheld", at: "mail", reason: "stopped" });
        continue;
      }
      this.#inEnvelope = job;
      this.#outgoing += `${this.#needsReset ? "RSET\r\n" : ""}${latin1(job.mail)}\r\n${latin1(job.rcpt)}\r\nDATA\r\n`;
      if (this.#needsReset) this.#owe("rset", null);
      this.#needsReset = false;
      this.#owe("mail", job);
      this.#owe("rcpt", job);
      this.#owe("data", job);
    }
  }

  /** One write for all that has gathered. A socket that took everything at once leaves the buffer free for the next. */
  #flush(): void {
    const text = this.#outgoing;
    if (text === "" || this.#state === "closed") return;
    this.#outgoing = "";
    if (!this.#outbox || this.#outbox.length < text.length) {
      this.#outbox = Buffer.allocUnsafeSlow(Math.max(OUTBOX_BYTES, text.length));
    }
    this.#socket.write(this.#outbox.subarray(0, this.#outbox.write(text, "latin1")));
    if (this.#socket.writableLength > 0) this.#outbox = null;
  }

  #owe(phase: Owed["phase"], job: Job | null): void {
    this.#owed.push({ phase, job });
    if (this.#owed.length === 1) this.#setDeadline();
  }

  #receive(chunk: Buffer): void {
    this.#receiving = true;
    this.#takeReplies(chunk);
    this.#receiving = false;
    this.#flush();
    if (this.#owed.length === 0 && this.#queue.length === 0) this.#onIdle?.();
  }

  #takeReplies(chunk: Buffer): void {
    for (const reply of this.#reader.read(chunk.toString("latin1"))) {
      if (this.#state === "closed") return;
      const owed = this.#owed.shift();
      if (reply === "malformed") {
        if (owed) this.#owed.unshift(owed);
        return this.#break("The server answered with something that is not SMTP");
      }
      this.#setDeadline();
      if (owed) this.#take(owed, reply);
      else if (reply.code === 421) return this.#break(`The server closed the connection: ${reply.text}`);
      else return this.#break("The server answered what was not asked");
      // RFC 5321 4.2: whatever was asked, 421 is the last thing this server says.
      if (reply.code === 421 && !this.#isClosed()) {
        if (owed.job) this.#abandon(owed.job, owed.job.refusal ?? outcome(owed.job, reply, owed.phase));
        return this.#break(`The server closed the connection: ${reply.text}`);
      }
    }
  }

  #take(owed: Owed, reply: Reply): void {
    const { job, phase } = owed;
    const good = reply.code < 300;
    switch (phase) {
      case "quit":
        return this.#break("Closed");
      case "rset":
        if (!good) this.#break(`The server refused RSET: ${reply.code} ${reply.text}`);
        return;
      case "lone-dot":
        // Whatever it says: nobody was accepted, so nobody was sent to.
        return;
      case "mail":
        if (!good && job) job.refusal ??= { kind: "reply", phase, ...reply };
        return;
      case "rcpt":
        if (!job) return;
        if (good) job.recipientAccepted = true;
        else job.refusal ??= { kind: "reply", phase, ...reply };
        return;
      case "data":
        if (job) this.#takeData(job, reply);
        return;
      case "dot":
        if (!job) return;
        if (!job.bodyHandedOver) return this.#answeredMidway(job, reply);
        return settle(job, { kind: "reply", phase, ...reply });
      default:
        return;
    }
  }

  #takeData(job: Job, reply: Reply): void {
    this.#inEnvelope = null;
    if (reply.code !== 354) {
      this.#needsReset = true;
      settle(job, job.refusal ?? { kind: "reply", phase: "data", ...reply });
      return this.#startNext();
    }
    if (job.refusal) {
      settle(job, job.refusal);
      // A server that refused the sender, took the recipient and asks for the body cannot be trusted with a dot.
      if (job.recipientAccepted) return this.#break("The server asked for a message it had refused");
      this.#outgoing += END_OF_DATA;
      this.#owe("lone-dot", null);
      return this.#startNext();
    }
    if (job.hooks.mayGoOn && !job.hooks.mayGoOn("body")) {
      settle(job, { kind: "withheld", at: "body", reason: "stopped" });
      return this.#break("Stopped before the body");
    }
    if (job.body.bytes > SMALL_BODY_BYTES) return this.#writeLargeBody(job);
    this.#outgoing += latin1Of(job.body);
    this.#putDot(job);
    this.#startNext();
  }

  #putDot(job: Job): void {
    job.bodyHandedOver = true;
    this.#outgoing += END_OF_DATA;
    if (job.body.bytes <= SMALL_BODY_BYTES) this.#owe("dot", job);
    else this.#setDeadline();
  }

  /** In pieces, each waiting for the one before to have left. Nothing else is written meanwhile. */
  #writeLargeBody(job: Job): void {
    this.#inEnvelope = job;
    this.#owe("dot", job);
    this.#flush();
    const bytes = asBuffer(job.body);
    const piece = (from: number) => {
      if (job.done || this.#isClosed()) return;
      if (from >= bytes.length) {
        this.#inEnvelope = null;
        this.#putDot(job);
        this.#startNext();
        return this.#flush();
      }
      this.#deadlineAt = performance.now() + this.#timeouts.bodyPiece;
      const end = Math.min(from + SMALL_BODY_BYTES, bytes.length);
      this.#socket.write(bytes.subarray(from, end), (error) => {
        if (!error) piece(end);
      });
    };
    piece(0);
    this.#watchDeadline();
  }

  /** The server answered before the dot. A refusal is an answer; anything else is no dialogue any more. */
  #answeredMidway(job: Job, reply: Reply): void {
    if (reply.code >= 400) settle(job, { kind: "reply", phase: "dot", ...reply });
    this.#break("The server answered before the end of the message");
  }

  #abandon(job: Job, how: Outcome): void {
    if (this.#inEnvelope === job) this.#inEnvelope = null;
    settle(job, how);
  }

  /** Ends the connection and settles everybody by how far they had come. */
  #break(error: string): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    if (this.#timer) clearTimeout(this.#timer);
    for (const { job, phase } of this.#owed) {
      if (!job || job.done) continue;
      settle(job, job.refusal ?? { kind: "network", phase: phase as Phase, bodyHandedOver: job.bodyHandedOver, error });
    }
    for (const job of this.#queue) settle(job, { kind: "withheld", at: "mail", reason: "connection_gone" });
    this.#owed = [];
    this.#queue = [];
    this.#socket.destroy();
    this.#resolveClosed();
    this.#onIdle?.();
  }

  #setDeadline(): void {
    const next = this.#owed[0];
    this.#deadlineAt = next ? performance.now() + this.#timeoutFor(next) : 0;
    this.#watchDeadline();
  }

  #timeoutFor(owed: Owed): number {
    if (owed.phase === "data") return this.#timeouts.data;
    if (owed.phase === "dot" || owed.phase === "lone-dot") return this.#timeouts.afterDot;
    return this.#timeouts.command;
  }

  /** The timer is set anew only when the deadline comes before it: moving it back costs no more than a number. */
  #watchDeadline(): void {
    if (this.#deadlineAt === 0 || this.#state === "closed") return;
    if (this.#timer) {
      if (this.#timerAt <= this.#deadlineAt) return;
      clearTimeout(this.#timer);
    }
    this.#timerAt = this.#deadlineAt;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        if (this.#deadlineAt !== 0 && performance.now() >= this.#deadlineAt) {
          this.#break("The server did not answer in time");
        } else this.#watchDeadline();
      },
      Math.max(1, Math.ceil(this.#deadlineAt - performance.now())),
    );
  }
}

function settle(job: Job, how: Outcome): void {
  if (job.done) return;
  job.done = true;
  job.resolve(how);
}

function outcome(job: Job, reply: Reply, phase: Owed["phase"]): Outcome {
  return job.refusal ?? { kind: "reply", phase: phase as Phase, ...reply };
}

/** Addresses may be UTF-8 (RFC 6531); everything on its way out is held as latin1, a character an octet. */
function latin1(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is what it tells
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

function latin1Of(body: WireBody): string {
  if (typeof body.data !== "string") return body.data.toString("latin1");
  return body.encoding === "latin1" ? body.data : latin1(body.data);
}

function asBuffer(body: WireBody): Buffer {
  return typeof body.data === "string" ? Buffer.from(body.data, body.encoding) : body.data;
}
