import type { ResolvedSender } from "../senders/resolve.ts";
import type { AssembledMail } from "./assemble.ts";
import { type Acquired, ConnectionSlot } from "./connection-slot.ts";
import { LaneTraffic } from "./lane-traffic.ts";
import type { Outcome, Timeouts } from "./transport.ts";

/** A marked message on its way to a connection. */
export interface LineItem {
  /** lane-names.ts */
  lane: string;
  /** Asked right before MAIL and right before the body. */
  mayGoOn(before: "mail" | "body"): boolean;
  /** Makes the mail. Throws when this person's mail cannot be made. */
  assemble(): AssembledMail | Promise<AssembledMail>;
  /** Called once with what came of it. Resolves when that is committed. */
  settle(result: LineResult): Promise<void>;
}

export type LineResult =
  | { kind: "outcome"; outcome: Outcome }
  | { kind: "unmade"; error: unknown }
  | { kind: "not_taken" };

/** All of a process's connections to one sender, and the short queue of marked messages before them. */
export interface SenderLine {
  readonly sender: ResolvedSender;
  readonly lanes: LaneTraffic;
  /** Connections that are in use, or may be taken into use at any moment. */
  readonly held: number;
  /** How many connections this process may use from now on. More than that finish what they have, and close. */
  use(connections: number): void;
  /** How many more of this lane may be marked now. */
  laneRoom(lane: string): number;
  /** Hands back what waits of a lane whose receiver has said that it is too much. */
  dropLane(lane: string): void;
  /**
   * Books room for up to `most` messages that will be marked now, as many as can be sent before their marks grow old;
   * 0 while more than half of that is waiting, so that marks are made in groups. Each is pushed or unbooked.
   */
  book(most: number): number;
  unbook(count: number): void;
  /** Resolves when there is room again, or after at most `ms`. */
  roomWithin(ms: number): Promise<void>;
  push(item: LineItem): void;
  /** Ends the line: what waits is handed back as not taken, what is on the wire may finish until `graceMs`. */
  close(graceMs: number): Promise<void>;
  readonly closed: boolean;
}

export interface SenderLineOptions {
  timeouts: Partial<Timeouts>;
  reserve(): Promise<void>;
  /** A connection could not be opened, and no other is open. The line has to be closed. */
  onDown(outcome: Outcome, line: SenderLine): void;
  /** The server has taken us as a sender for the first time: it answered something after MAIL. */
  onUp(): void;
}

/** Marks are made at most this far ahead of sending, by the measured rate. */
const aheadSeconds = 0.2;
const mostAhead = 400;
const idleCloseMs = 5000;
/** A server that takes some connections and refuses one more is asked for that one again after this. */
const refusedRestMs = 30_000;

/** Opens nothing until something is pushed. */
export function createSenderLine(sender: ResolvedSender, options: SenderLineOptions): SenderLine {
  const queue: LineItem[] = [];
  const idle: Array<() => void> = [];
  /** Of connections that this process has no share of at present. */
  const parked: Array<() => void> = [];
  const roomWaiters: Array<() => void> = [];
  const slots = Array.from(
    { length: Math.max(1, sender.connections) },
    (_, index) => new ConnectionSlot(index, sender, options.timeouts),
  );
  const lanes = new LaneTraffic();
  let allowed = slots.length;
  const loops: Promise<void>[] = [];
  const ended = new Ending();
  let closed = false;
  let known = false;
  let rate = 0;
  let booked = 0;
  let doneSince = 0;
  let rateAt = performance.now();

  // Of a server that takes seconds for each, little is marked ahead: the marks would be too old when their turn comes.
  const leastAhead = () => (rate > 0 && rate < allowed ? 2 : Math.max(1, allowed) * 3);
  const ahead = () => Math.min(mostAhead, Math.max(leastAhead(), Math.ceil(rate * aheadSeconds)));
  const hasRoom = () => queue.length + booked <= ahead() / 2;
  const wakeRoom = () => {
    for (const go of roomWaiters.splice(0)) go();
  };
  const countDone = () => {
    doneSince++;
    const now = performance.now();
    if (now - rateAt > 250) {
      const measured = (doneSince * 1000) / (now - rateAt);
      rate = rate === 0 ? measured : rate * 0.5 + measured * 0.5;
      doneSince = 0;
      rateAt = now;
    }
  };

  const takeFor = (slot: ConnectionSlot): LineItem | undefined => {
    const at = lanes.calm ? 0 : queue.findIndex((item) => lanes.mayUse(item.lane, slot, allowed));
    const item = at < 0 ? undefined : at === 0 ? queue.shift() : queue.splice(at, 1)[0];
    if (item) lanes.begin(item.lane, slot);
    return item;
  };
  const wakeIdle = () => {
    for (const go of idle.splice(0)) go();
  };

  const next = async (slot: ConnectionSlot): Promise<LineItem | null> => {
    for (;;) {
      if (closed) return null;
      const refused = slot.refusedAt + refusedRestMs - performance.now();
      if (refused > 0) {
        await ended.within(refused);
        continue;
      }
      if (slot.index >= allowed) {
        void slot.rest();
        await new Promise<void>((resolve) => parked.push(resolve));
        continue;
      }
      const item = takeFor(slot);
      if (item) {
        if (hasRoom()) wakeRoom();
        return item;
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(() => {
          idle.splice(idle.indexOf(wake), 1);
          void slot.rest().then(resolve);
        }, idleCloseMs);
        idle.push(wake);
      });
    }
  };

  const runLoop = async (slot: ConnectionSlot): Promise<void> => {
    for (let item = await next(slot); item; item = await next(slot)) {
      const opened = closed ? null : await slot.acquire();
      // A place among the unsettled only now: servers that do not greet must not take those of servers that answer.
      await options.reserve();
      const began = performance.now();
      const result = opened ? await sendOn(slot, item, opened) : ({ kind: "not_taken" } as const);
      const wasSent = result.kind !== "not_taken" && !(result.kind === "outcome" && result.outcome.kind === "withheld");
      if (wasSent) countDone();
      lanes.end(item.lane, slot, wasSent ? slot.secondsSince(began) : null);
      // Whom a lane's cap held back may have had nobody to wake it.
      if (!lanes.calm) wakeIdle();
      void item.settle(result);
    }
  };

  const handBack = (item: LineItem) => {
    lanes.unqueue(item.lane);
    void options.reserve().then(() => item.settle({ kind: "not_taken" }));
  };

  /** Waits for those that are being opened. */
  const isAnyOpen = async (): Promise<boolean> => {
    await Promise.all(slots.map((slot) => slot.opening));
    return slots.some((slot) => slot.isOpen);
  };

  const sendOn = async (slot: ConnectionSlot, item: LineItem, opened: Acquired): Promise<LineResult> => {
    if (closed) {
      // Ended while it waited for its place.
      if (opened.ok) slot.done();
      return { kind: "not_taken" };
    }
    if (!opened.ok) {
      // Given up because another worker has this connection now: that says nothing of the server.
      if (slot.index >= allowed) return { kind: "not_taken" };
      if (await isAnyOpen()) slot.refusedAt = performance.now();
      else if (!closed) options.onDown(opened.outcome, line);
      return { kind: "not_taken" };
    }
    let mail: AssembledMail;
    try {
      mail = await item.assemble();
    } catch (error) {
      slot.done();
      return { kind: "unmade", error };
    }
    try {
      const outcome = await opened.connection.send({ from: mail.from, to: mail.to }, mail.message, {
        mayGoOn: item.mayGoOn,
      });
      if (!known && outcome.kind === "reply" && outcome.phase !== "mail") {
        known = true;
        options.onUp();
      }
      return { kind: "outcome", outcome };
    } finally {
      slot.done();
    }
  };

  const line: SenderLine = {
    sender,
    lanes,
    get held() {
      return slots.filter((slot) => slot.index < allowed || slot.isTaken).length;
    },
    use(connections) {
      allowed = Math.min(connections, slots.length);
      // Nobody takes what waits, and its marks would stand for as long as others have all of the connections.
      if (allowed === 0) for (const item of queue.splice(0)) handBack(item);
      for (const slot of slots.slice(allowed)) {
        slot.giveUpOpening();
        void slot.rest();
      }
      for (const go of parked.splice(0)) go();
      wakeIdle();
      wakeRoom();
    },
    laneRoom: (lane) => lanes.room(lane, allowed),
    dropLane(lane) {
      for (const item of queue.splice(0)) {
        if (item.lane !== lane) queue.push(item);
        else handBack(item);
      }
    },
    get closed() {
      return closed;
    },
    book(most) {
      if (closed || allowed === 0 || !hasRoom()) return 0;
      const count = Math.min(most, ahead() - queue.length - booked);
      booked += count;
      return count;
    },
    unbook(count) {
      booked -= count;
      if (hasRoom()) wakeRoom();
    },
    roomWithin(ms) {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        roomWaiters.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
    push(item) {
      booked--;
      if (closed || allowed === 0) {
        void options.reserve().then(() => item.settle({ kind: "not_taken" }));
        return;
      }
      // Three loops a connection: with PIPELINING the second one's envelope travels with the first one's body, and the
      // third stands ready when it is its turn.
      if (loops.length === 0) loops.push(...slots.flatMap((slot) => [runLoop(slot), runLoop(slot), runLoop(slot)]));
      queue.push(item);
      lanes.queue(item.lane);
      if (lanes.calm) idle.shift()?.();
      else wakeIdle();
    },
    async close(graceMs) {
      closed = true;
      ended.now();
      for (const slot of slots) slot.end();
      for (const item of queue.splice(0)) handBack(item);
      for (const go of parked.splice(0)) go();
      wakeIdle();
      wakeRoom();
      const cut = setTimeout(() => slots.forEach((slot) => void slot.destroy()), graceMs);
      await Promise.all(loops);
      clearTimeout(cut);
      await Promise.all(slots.map((slot) => slot.rest()));
    },
  };
  return line;
}

/** Something that ends once, and those who wait for it no longer than they may. */
class Ending {
  #waiting = new Set<() => void>();

  now(): void {
    for (const go of this.#waiting) go();
  }

  within(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        this.#waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, ms);
      this.#waiting.add(go);
    });
  }
}
