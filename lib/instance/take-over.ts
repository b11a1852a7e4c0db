import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";
import { Refusal } from "../errors.ts";
import { epochEverySeconds } from "./epoch.ts";
import { provideHostId, rememberEpoch } from "./host-memory.ts";
import { type InstanceView, lookAtInstance } from "./look.ts";

/** After so long without a word from a worker nobody else sends with this database. */
export const quietAfterSeconds = 2.5 * epochEverySeconds;

/**
 * Records the database and this host as belonging together, in the caller's transaction; from its commit on sending is
 * not locked here. Returns what was found before, or null when nothing was locked (somebody else confirmed meanwhile).
 * Refuses `instance.in_use` where only the host is unknown and a worker of the recorded installation sent with this
 * very database a moment ago: that is a further host, and taking the database over would lock the first one.
 */
export async function takeOverDatabase(tx: Db): Promise<{ before: InstanceView; remember(): Promise<void> } | null> {
  await tx.execute(sql`select from instance where id = 1 for update`);
  const before = await lookAtInstance(tx);
  if (before.locked === null) return null;
  const isHostOnly = before.locked === "unknown_host" || before.locked === "other_host";
  if (isHostOnly && Math.abs(before.idleSeconds) < quietAfterSeconds)
    throw new Refusal("instance.in_use", { id: before.recorded.instanceId ?? "" });
  const id = await provideHostId();
  await tx.execute(sql`select set_config('synchronous_commit', 'on', true)`);
  const { rows } = await tx.execute<{ epoch: string }>(sql`
    update instance set instance_id = ${id}, database_identity = ${before.databaseIdentity},
      epoch = greatest(epoch + 1, ${before.host.epoch + 1}, extract(epoch from clock_timestamp())::bigint),
      confirmed_at = clock_timestamp()
    where id = 1 returning epoch`);
  const epoch = Number(rows[0]?.epoch ?? 0);
  return { before, remember: () => rememberEpoch(id, epoch) };
}
