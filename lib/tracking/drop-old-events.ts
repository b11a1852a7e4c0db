import type { Db } from "../db.ts";
import { dropOldMonths } from "../month-partitions.ts";

/**
 * Removes opens, clicks and unsubscribe hits received more than `keepMonths` ago, with the addresses and programs they
 * came from; 0 keeps them for ever. Who opened and clicked first, and when, stays in the first touches. Returns the
 * months removed.
 */
export async function dropOldEvents(db: Db, keepMonths: number, now?: Date): Promise<string[]> {
  return keepMonths === 0 ? [] : dropOldMonths(db, ["event"], keepMonths, now);
}
