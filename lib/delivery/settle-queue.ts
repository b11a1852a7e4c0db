import type { Db } from "../db.ts";
import { groupCommit } from "../group-commit.ts";
import { log } from "../log.ts";
import { type Settlement, settleGroup } from "./settle.ts";

/** A group commits at 100 answers or after 20 ms, whichever comes first; earlier when somebody waits for it. */
export const settleGroupSize = 100;
const settleWaitMs = 20;

/**
 * Messages that may be on the wire or waiting for their commit at once: two groups. A killed process leaves no more
 * than these (and only those of them that were accepted) to be sent twice.
 */
export const mostUnsettled = 2 * settleGroupSize;

/**
 * Writes outcomes down in groups and never gives one up: while PostgreSQL is away it keeps the answers and tries the
 * same group again, and `reserve` holds everybody back from sending more.
 */
export interface SettleQueue {
  /** Resolves when one more message may go on the wire. Each must be answered by one `add`. */
  reserve(): Promise<void>;
  /** Resolves once the outcome is committed (or was found to be somebody else's by now). */
  add(settlement: Settlement): Promise<void>;
  /** How many were written down as sent since the start. */
  readonly sent: number;
  /** Resolves when all that was added is committed. */
  settled(): Promise<void>;
}

/**
 * `onSuppress` runs in the transaction of each group that says that somebody is to get no more mail, `onCommitted` after
 * each group's commit.
 */
export function createSettleQueue(
  db: Db,
  onSuppress: (tx: Db, group: readonly Settlement[]) => Promise<void>,
  onCommitted: (group: readonly Settlement[]) => void = () => {},
): SettleQueue {
  let reserved = 0;
  let sent = 0;
  const waiting: Array<() => void> = [];

  const commit = async (group: Settlement[]): Promise<undefined[]> => {
    for (let tries = 0; ; tries++) {
      try {
        const accepted = group.some((one) => one.suppress !== null)
          ? await db.transaction(async (tx) => {
              const count = await settleGroup(tx, group);
              await onSuppress(tx, group);
              return count;
            })
          : await settleGroup(db, group);
        onCommitted(group);
        // Marks that are taken back may never have been written.
        const answers = group.filter((one) => one.state !== "back").length;
        if (accepted < answers) log.warn({ lost: answers - accepted }, "answers came after their chunk was taken over");
        for (const one of group) if (one.state === "sent") sent++;
        return group.map(() => undefined);
      } catch (error) {
        if (tries === 0) log.warn({ err: error }, "outcomes could not be written; keeping them and trying again");
        await new Promise((resolve) => setTimeout(resolve, Math.min(2000, 100 * 2 ** tries)));
      }
    }
  };
  const groups = groupCommit(commit, {
    most: settleGroupSize,
    waitMs: settleWaitMs,
    enough: settleGroupSize,
  });

  return {
    get sent() {
      return sent;
    },
    async reserve() {
      while (reserved >= mostUnsettled) {
        groups.hurry();
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      reserved++;
    },
    async add(settlement) {
      await groups.add(settlement);
      reserved--;
      waiting.shift()?.();
      if (waiting.length > 0) groups.hurry();
    },
    settled: () => groups.settled(),
  };
}
