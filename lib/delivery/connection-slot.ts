import type { ResolvedSender } from "../senders/resolve.ts";
import { openConnection } from "./smtp.ts";
import type { Connection, Outcome, Timeouts } from "./transport.ts";

/** A connection to send on, or why there is none. */
export type Acquired = { ok: true; connection: Connection } | { ok: false; outcome: Outcome };

/** One connection's place: opened when needed, renewed after so many messages, closed when idle. */
export class ConnectionSlot {
  readonly index: number;
  readonly #sender: ResolvedSender;
  readonly #timeouts: Partial<Timeouts>;
  #closing = 0;
  /** Of the opening that is under way. */
  #givingUp = new AbortController();
  #ended = false;
  #connection: Connection | null = null;
  #opening: Promise<Acquired> | null = null;
  #used = 0;
  #busy = 0;
  #lastDoneAt = 0;
  /** performance.now() when the server would not have one more connection, though it has others. */
  refusedAt = Number.NEGATIVE_INFINITY;

  constructor(index: number, sender: ResolvedSender, timeouts: Partial<Timeouts>) {
    this.index = index;
    this.#sender = sender;
    this.#timeouts = timeouts;
  }

  /** A usable connection, counted as used once more. Followed by `done` when ok. */
  async acquire(): Promise<Acquired> {
    for (;;) {
      const connection = this.#connection;
      if (connection?.usable && this.#used < this.#sender.messagesPerConnection) {
        this.#used++;
        this.#busy++;
        return { ok: true, connection };
      }
      this.#opening ??= this.#renew().finally(() => {
        this.#opening = null;
      });
      const opened = await this.#opening;
      if (!opened.ok) return opened;
    }
  }

  get isOpen(): boolean {
    return this.#connection?.usable === true;
  }

  /** Resolves when an opening that is under way has come to its end. */
  get opening(): Promise<unknown> | null {
    return this.#opening;
  }

  done(): void {
    this.#busy--;
  }

  /** Open, being opened or closing: the server counts it. */
  get isTaken(): boolean {
    return this.#opening !== null || this.#busy > 0 || this.#closing > 0 || this.#connection?.usable === true;
  }

  /** How long the connection was busy with a send that began then: others before it on the same one are left out. */
  secondsSince(began: number): number {
    const now = performance.now();
    const seconds = (now - Math.max(began, this.#lastDoneAt)) / 1000;
    this.#lastDoneAt = now;
    return seconds;
  }

  /** Says QUIT when nobody is sending. */
  async rest(): Promise<void> {
    const connection = this.#connection;
    if (!connection || this.#busy > 0 || this.#opening) return;
    this.#connection = null;
    this.#closing++;
    await connection.quit();
    this.#closing--;
  }

  /** Nobody waits any more for a server that may never greet. */
  giveUpOpening(): void {
    this.#givingUp.abort();
  }

  /** The same for good: nothing is opened after this either. */
  end(): void {
    this.#ended = true;
    this.#givingUp.abort();
  }

  destroy(): void {
    this.#connection?.destroy();
  }

  async #renew() {
    await this.#connection?.quit();
    this.#connection = null;
    this.#givingUp = new AbortController();
    if (this.#ended) this.#givingUp.abort();
    const opened = await openConnection({ ...this.#sender, timeouts: this.#timeouts }, this.#givingUp.signal);
    if (!opened.ok) return opened;
    if (!opened.connection.usable) {
      const error = "The server closed the connection as soon as it was open";
      return {
        ok: false as const,
        outcome: { kind: "network" as const, phase: "connect" as const, bodyHandedOver: false, error },
      };
    }
    this.#connection = opened.connection;
    this.#used = 0;
    return opened;
  }
}
