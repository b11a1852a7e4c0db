import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";
import { type HostMemory, provideHostId, readHostMemory } from "./host-memory.ts";
import { type DatabaseRecord, judgeInstance, type LockReason, untold } from "./judge.ts";

/** All that one look found. */
export interface InstanceView {
  /** Null when this host may send. */
  locked: LockReason | null;
  recorded: DatabaseRecord;
  /** What the database is now; `untold` stands in it where the server keeps its identifier to itself. */
  databaseIdentity: string;
  host: HostMemory;
  /** When a worker last said that the database is in use; null if none ever did. */
  lastUsedAt: Date | null;
  /** Up to when this host remembers it to have been in use. */
  rememberedAt: Date | null;
  /** Seconds between `lastUsedAt` and now, both by the database's clock. */
  idleSeconds: number;
}

/**
 * Looks whether this host and this database belong together. A database that nobody has recorded yet is recorded as
 * this host's, which gets an id if it had none. The host's memory is read first: what is kept there was committed
 * before, so a worker that raises the epoch between the two looks cannot make it seem higher than the database's.
 */
export async function lookAtInstance(db: Db): Promise<InstanceView> {
  let view = await look(db);
  // While a host looks for the first time another process of it may make its id and record it: that is no lock.
  if (view.locked) view = await look(db);
  if (view.verdict !== "new") return view;
  const id = await provideHostId();
  await db.execute(sql`insert into instance (id) values (1) on conflict do nothing`);
  // Of two hosts at once one is recorded, and the other finds that it is not.
  await db.execute(sql`
    update instance set instance_id = ${id}, database_identity = ${view.databaseIdentity},
      -- A new database beside a data folder that has served another one.
      epoch = greatest(epoch, ${view.host.epoch})
    where id = 1 and (instance_id is null or database_identity is null)`);
  return look(db);
}

interface InstanceRow extends Record<string, unknown> {
  instance_id: string | null;
  database_identity: string | null;
  epoch: string | null;
  is_set_up: boolean | null;
  oid: string;
  tells_server: boolean | null;
  idle_seconds: number | null;
}

async function look(db: Db): Promise<InstanceView & { verdict: ReturnType<typeof judgeInstance> }> {
  const host = await readHostMemory();
  const { rows } = await db.execute<InstanceRow>(sql`
    select i.instance_id, i.database_identity, i.epoch, i.set_up_at is not null as is_set_up, d.oid::text as oid,
      has_function_privilege(to_regprocedure('pg_catalog.pg_control_system()'), 'execute') as tells_server,
      extract(epoch from clock_timestamp())::float8 - i.epoch as idle_seconds
    from pg_database d left join instance i on i.id = 1
    where d.datname = current_database()`);
  const row = rows[0];
  if (!row) throw new Error("a database that is not in its own catalog");
  const recorded: DatabaseRecord = {
    instanceId: row.instance_id,
    databaseIdentity: row.database_identity,
    epoch: Number(row.epoch ?? 0),
    isSetUp: row.is_set_up ?? false,
  };
  const databaseIdentity = `${row.tells_server ? await serverIdentifier(db) : untold}/${row.oid}`;
  const verdict = judgeInstance(recorded, databaseIdentity, host);
  return {
    verdict,
    locked: verdict === "open" || verdict === "new" ? null : verdict,
    recorded,
    databaseIdentity,
    host,
    lastUsedAt: instantOf(recorded.epoch),
    rememberedAt: instantOf(host.epoch),
    idleSeconds: row.idle_seconds ?? 0,
  };
}

// A statement of its own: one that names a function is refused as a whole where the right to call it is missing.
async function serverIdentifier(db: Db): Promise<string> {
  const { rows } = await db.execute<{ id: string }>(sql`select system_identifier::text as id from pg_control_system()`);
  return rows[0]?.id ?? untold;
}

function instantOf(epoch: number): Date | null {
  return epoch > 0 ? new Date(epoch * 1000) : null;
}
