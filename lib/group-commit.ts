/**
 * Collects calls for a few milliseconds and commits them together: one transaction for many callers, each of whom gets
 * an answer only after it. While one group commits, the next gathers, so a slow database makes larger groups and not
 * more of them.
 */
export interface GroupCommit<T, R> {
  /** Resolves with this item's result, or rejects with what the whole group failed with. */
  add(item: T): Promise<R>;
  /** Somebody cannot go on before an answer: what has gathered need not wait for company. */
  hurry(): void;
  /** Resolves when everything added so far has been answered. */
  settled(): Promise<void>;
}

interface Waiting<T, R> {
  item: T;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

interface GroupLimits<T> {
  /** Largest group, in the unit of `weigh` (items when left out). One item heavier than that goes alone. */
  most: number;
  weigh?: (item: T) => number;
  /** How long the first of a group waits for company. */
  waitMs: number;
  /**
   * With so many a group begins at once. Left out, it waits for the largest group, or for as long as the group before
   * takes: short waits, and small groups where the database is quick.
   */
  enough?: number;
}

/** `commit` gets the items of one group and returns their results in the same order. */
export function groupCommit<T, R>(commit: (items: T[]) => Promise<R[]>, limits: GroupLimits<T>): GroupCommit<T, R> {
  const weigh = limits.weigh ?? (() => 1);
  const waiting: Waiting<T, R>[] = [];
  let weight = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let hurried = false;

  const runAll = async () => {
    do {
      hurried = false;
      await run(take());
    } while (waiting.length > 0 && (hurried || weight >= (limits.enough ?? 0)));
    running = undefined;
    if (waiting.length > 0) startSoon();
  };
  const startSoon = () => {
    timer ??= setTimeout(start, limits.waitMs);
  };
  const start = () => {
    clearTimeout(timer);
    timer = undefined;
    running ??= runAll();
    return running;
  };
  const take = () => {
    let taken = 0;
    let count = 0;
    for (const { item } of waiting) {
      if (count > 0 && taken + weigh(item) > limits.most) break;
      taken += weigh(item);
      count++;
    }
    weight -= taken;
    return waiting.splice(0, count);
  };
  const run = async (group: Waiting<T, R>[]) => {
    try {
      const results = await commit(group.map(({ item }) => item));
      group.forEach(({ resolve }, i) => {
        resolve(results[i] as R);
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };

  return {
    add(item) {
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        weight += weigh(item);
        if (weight >= (limits.enough ?? limits.most)) start();
        else if (!running) startSoon();
      });
    },
    hurry() {
      if (running) hurried = true;
      else if (waiting.length > 0) start();
    },
    async settled() {
      while (waiting.length > 0 || running) await start();
    },
  };
}
