import { sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { log } from "./log.ts";

/*
 * Tables that are partitioned by month (docs/decisions/0005) have one partition a month, named "<table>_YYYY_MM", made by
 * ensure_month_partitions(). Old months go as whole partitions: no row is looked at, and the disk is given back at once.
 */

export type MonthTable = "message" | "attempt" | "feedback" | "event";

/** Whether the partition of a month (YYYY-MM-DD) is there. It was made with the first row; so it has been dropped if not. */
export async function hasMonth(db: Db, table: MonthTable, month: string): Promise<boolean> {
  const name = `${table}_${month.slice(0, 7).replace("-", "_")}`;
  const { rows } = await db.execute<{ found: boolean }>(sql`select to_regclass(${name}) is not null as found`);
  return rows[0]?.found === true;
}

/** First day of the oldest month (YYYY-MM-DD) that a table still has; null when it has none. */
export async function oldestMonth(db: Db, table: MonthTable): Promise<string | null> {
  return (await monthsOf(db, table))[0] ?? null;
}

/**
 * Drops the months of which even the last day is more than `keepMonths` ago, except those in which a campaign was
 * launched that is not over yet: such a campaign may still be frozen, sent and paused. Returns the months dropped, oldest
 * first. A partition that is in use at this moment is left for the next night.
 */
export async function dropOldMonths(
  db: Db,
  tables: readonly MonthTable[],
  keepMonths: number,
  now = new Date(),
): Promise<string[]> {
  const dropped = new Set<string>();
  const { rows } = await db.execute<{ oldest_kept: string; open: string[] }>(sql`
    select (date_trunc('month', ${now.toISOString()}::timestamptz at time zone 'UTC')
        - make_interval(months => ${keepMonths}))::date::text as oldest_kept,
      array(select distinct to_char(launched_at at time zone 'UTC', 'YYYY-MM-01') from campaign
        where launched_at is not null and status not in ('finished', 'cancelled')) as open`);
  const { oldest_kept: oldestKept = "", open = [] } = rows[0] ?? {};
  for (const table of tables) {
    for (const month of await monthsOf(db, table)) {
      if (month >= oldestKept || open.includes(month)) continue;
      if (await dropMonth(db, table, month)) dropped.add(month);
    }
  }
  return [...dropped].sort();
}

async function dropMonth(db: Db, table: MonthTable, month: string): Promise<boolean> {
  const name = `${table}_${month.slice(0, 7).replace("-", "_")}`;
  try {
    await db.transaction(async (tx) => {
      // It locks the whole table for a moment: whoever waits behind us must not wait for a long read before us.
      await tx.execute(sql`select set_config('lock_timeout', '2000', true)`);
      await tx.execute(sql`drop table if exists ${sql.identifier(name)}`);
    });
    log.info({ table, month }, "a month that was kept long enough is dropped");
    return true;
  } catch (err) {
    log.warn({ err, table, month }, "an old month could not be dropped; it is tried again next night");
    return false;
  }
}

async function monthsOf(db: Db, table: MonthTable): Promise<string[]> {
  const { rows } = await db.execute<{ month: string }>(sql`
    select replace(right(c.relname, 7), '_', '-') || '-01' as month
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = to_regclass(${table}) and c.relname ~ ${`^${table}_\\d{4}_\\d{2}$`}
    order by 1`);
  return rows.map((row) => row.month);
}
