import type { Db } from "../db.ts";
import { dropOldMonths } from "../month-partitions.ts";

/**
 * Removes messages of campaigns launched more than `keepMonths` ago, with their attempts and what came back of them; 0
 * keeps them for ever. Counts by state stay in the chunks. Links in those mails lead nowhere afterwards (a click finds
 * its campaign by its message), except the unsubscribe link, which needs no message. Returns the months removed.
 */
export async function dropOldMessages(db: Db, keepMonths: number, now?: Date): Promise<string[]> {
  return keepMonths === 0 ? [] : dropOldMonths(db, ["feedback", "attempt", "message"], keepMonths, now);
}
