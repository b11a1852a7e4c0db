import type { HostMemory } from "./host-memory.ts";

/** What the database says of itself: whose it is, by its own row, and what it is, by its server. */
export interface DatabaseRecord {
  /** Null until the first look. */
  instanceId: string | null;
  /** The identity it was recorded with; see databaseIdentity in look.ts. */
  databaseIdentity: string | null;
  /** Seconds since 1970, by the database's clock, at which a worker last said that it is in use; see epoch.ts. */
  epoch: number;
  isSetUp: boolean;
}

/**
 * Why nothing is sent:
 *   other_database  the rows are of a database that was recorded on another server or under another oid: restored from
 *                   a dump, cloned, moved
 *   other_host      the database belongs to an installation with another id than this host's
 *   unknown_host    the same, and this host has no id at all: a physical copy on a new machine looks just so
 *   set_back        the database knows less than this host remembers: an earlier day was put back in its place
 */
export type LockReason = "other_database" | "other_host" | "unknown_host" | "set_back";

/** Whether this host may send with this database. `new` is a database that nobody has recorded yet. */
export type Verdict = "open" | "new" | LockReason;

/** Decides from what stands in the database and what stands outside it. */
export function judgeInstance(recorded: DatabaseRecord, foundIdentity: string, host: HostMemory): Verdict {
  if (recorded.instanceId === null || recorded.databaseIdentity === null) {
    // In use from here before, and now without a record: a backup from before there were records. An empty one is new.
    return host.epoch > 0 && recorded.isSetUp ? "set_back" : "new";
  }
  if (!isSameDatabase(recorded.databaseIdentity, foundIdentity)) return "other_database";
  if (host.id === null) return "unknown_host";
  if (host.id !== recorded.instanceId) return "other_host";
  return recorded.epoch < host.epoch ? "set_back" : "open";
}

/** Stands for the server's identifier where the server does not tell it. */
export const untold = "?";

/** Identities are "<system identifier>/<oid of the database>". Where one side lacks the first, the second decides. */
export function isSameDatabase(a: string, b: string): boolean {
  const [serverA, oidA] = a.split("/");
  const [serverB, oidB] = b.split("/");
  return oidA === oidB && (serverA === serverB || serverA === untold || serverB === untold);
}
