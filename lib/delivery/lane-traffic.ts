/*
 * What one line of connections sees of its lanes: who waits, who is on which connection, how long each takes. So a
 * receiver that takes seconds for each answer gets no more than half of the connections, and not the whole queue,
 * while others wait.
 */

interface Lane {
  queued: number;
  /** How many of it are on each connection. */
  onSlot: Map<object, number>;
  /** Smoothed seconds of a connection's time per message; 0 = not known yet. */
  seconds: number;
  /** For the rate that is halved when the receiver says it is too much. */
  done: number;
  since: number;
  perSecond: number;
  /** Set by a person: how many connections of this process it may have; null = no cap. */
  cap: number | null;
}

/** Slow is who takes longer than this, and so many times as long as the quickest. */
const slowSeconds = 0.3;
const slowFactor = 4;
const smoothing = 0.2;
const rateWindowMs = 2000;
const mostLanes = 5000;

export class LaneTraffic {
  readonly #lanes = new Map<string, Lane>();
  #quickest = Number.POSITIVE_INFINITY;
  /** Lanes that are slow or capped: while there is none, nobody has to be asked. */
  #held = new Set<string>();

  /** True while every lane may have all it wants. */
  get calm(): boolean {
    return this.#held.size === 0;
  }

  /** How many lanes are kept track of. */
  get size(): number {
    return this.#lanes.size;
  }

  queue(name: string): void {
    this.#lane(name).queued++;
  }

  unqueue(name: string): void {
    this.#lane(name).queued--;
  }

  begin(name: string, slot: object): void {
    const lane = this.#lane(name);
    lane.queued--;
    lane.onSlot.set(slot, (lane.onSlot.get(slot) ?? 0) + 1);
  }

  /** `seconds` is how long the connection was busy with it; null when nothing was sent. */
  end(name: string, slot: object, seconds: number | null): void {
    const lane = this.#lane(name);
    const left = (lane.onSlot.get(slot) ?? 1) - 1;
    if (left > 0) lane.onSlot.set(slot, left);
    else lane.onSlot.delete(slot);
    if (seconds === null) return;
    lane.seconds = lane.seconds === 0 ? seconds : lane.seconds * (1 - smoothing) + seconds * smoothing;
    lane.done++;
    const now = performance.now();
    if (now - lane.since > rateWindowMs) {
      lane.perSecond = (lane.done * 1000) / (now - lane.since);
      lane.done = 0;
      lane.since = now;
    }
    // The quickest of late: a lane that has become slower must not be measured against its own past for ever.
    this.#quickest = Math.min(this.#quickest * 1.001, lane.seconds);
    if (this.#isSlow(lane)) this.#held.add(name);
    else if (lane.cap === null) this.#held.delete(name);
  }

  /** Caps set by people, for this process. A lane that is not named has none. */
  setCaps(caps: ReadonlyMap<string, number>): void {
    for (const [name, lane] of this.#lanes) if (lane.cap !== null && !caps.has(name)) this.#setCap(name, lane, null);
    for (const [name, cap] of caps) this.#setCap(name, this.#lane(name), cap);
  }

  /** Whether the next of this lane may go over this connection, of `connections` that there are. */
  mayUse(name: string, slot: object, connections: number): boolean {
    if (this.calm) return true;
    const lane = this.#lane(name);
    return lane.onSlot.has(slot) || lane.onSlot.size < this.#most(lane, connections);
  }

  /** How many more of this lane may wait in the queue: a slow one must not fill it. */
  room(name: string, connections: number): number {
    if (!this.#held.has(name)) return Number.POSITIVE_INFINITY;
    const lane = this.#lane(name);
    return Math.max(0, this.#most(lane, connections) * 2 - lane.queued);
  }

  /** Messages a second of late. */
  rate(name: string): number {
    const lane = this.#lane(name);
    const seconds = (performance.now() - lane.since) / 1000;
    return seconds > rateWindowMs / 1000 || lane.perSecond === 0 ? lane.done / Math.max(1, seconds) : lane.perSecond;
  }

  #most(lane: Lane, connections: number): number {
    const half = this.#isSlow(lane) ? Math.max(1, Math.floor(connections / 2)) : connections;
    return lane.cap === null ? half : Math.min(half, lane.cap);
  }

  #isSlow(lane: Lane): boolean {
    return lane.seconds > slowSeconds && lane.seconds > this.#quickest * slowFactor;
  }

  #setCap(name: string, lane: Lane, cap: number | null): void {
    lane.cap = cap;
    if (cap !== null || this.#isSlow(lane)) this.#held.add(name);
    else this.#held.delete(name);
  }

  #lane(name: string): Lane {
    let lane = this.#lanes.get(name);
    if (!lane) {
      if (this.#lanes.size >= mostLanes) this.#forgetIdle();
      lane = { queued: 0, onSlot: new Map(), seconds: 0, done: 0, since: performance.now(), perSecond: 0, cap: null };
      this.#lanes.set(name, lane);
    }
    return lane;
  }

  #forgetIdle(): void {
    for (const [name, lane] of this.#lanes)
      if (lane.queued === 0 && lane.onSlot.size === 0 && !this.#held.has(name)) this.#lanes.delete(name);
  }
}
