import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { monthOf } from "../ids.ts";
import { hasMonth } from "../month-partitions.ts";

/** Which details of a campaign are still there. Its summary counts always are. */
export interface KeptDetails {
  /** Who got it, and what the servers said. */
  recipients: boolean;
  /** Single opens and clicks: how often, and on which link. False as soon as those of the launch's month are gone. */
  hits: boolean;
}

/** Looks whether the months that a campaign's details are in have been dropped (MESSAGES_KEEP_MONTHS, EVENTS_KEEP_MONTHS). */
export async function keptDetails(db: Db, scope: Scope, launchMonth: string): Promise<KeptDetails> {
  allow(scope, "read");
  // The first campaign of a month makes its partitions.
  if (launchMonth >= monthOf(new Date())) return { recipients: true, hits: true };
  return { recipients: await hasMonth(db, "message", launchMonth), hits: await hasMonth(db, "event", launchMonth) };
}
