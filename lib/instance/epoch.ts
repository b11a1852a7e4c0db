import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";
import { rememberEpoch } from "./host-memory.ts";
import { lookAtInstance } from "./look.ts";

/** How often a worker says that the database is in use. A database set back by less than this may go unnoticed. */
export const epochEverySeconds = 60;

/**
 * Says in the database that it is in use, and then, after that is committed durably, outside of it. The epoch is the
 * database's time in whole seconds, and at least one more than before; so several workers and hosts may raise it in any
 * order, and no host ever remembers one that the database has not had. Does nothing while sending is locked.
 */
export async function raiseEpoch(db: Db): Promise<void> {
  const { locked, recorded, databaseIdentity, host } = await lookAtInstance(db);
  if (locked || host.id === null) return;
  const raised = await db.transaction(async (tx) => {
    await tx.execute(sql`select set_config('synchronous_commit', 'on', true)`);
    const { rows } = await tx.execute<{ epoch: string }>(sql`
      update instance set epoch = greatest(epoch + 1, extract(epoch from clock_timestamp())::bigint),
        -- A server that tells its identifier only now is known by it from now on.
        database_identity = case when database_identity like '?/%' then ${databaseIdentity} else database_identity end
      where id = 1 and instance_id = ${host.id} and database_identity = ${recorded.databaseIdentity}
        and epoch >= ${host.epoch}
      returning epoch`);
    return rows[0] ? Number(rows[0].epoch) : null;
  });
  if (raised !== null) await rememberEpoch(host.id, raised);
}
