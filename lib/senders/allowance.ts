import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";
import type { SenderLimits } from "./resolve.ts";

/*
 * A limit is kept as slots: counts of what was granted per short stretch of time, newest first, one row per sender and
 * unit. The slots cover the unit and one slot more, and their sum never exceeds the limit; whatever second (or hour)
 * one looks at, however it lies over the slots, holds no more than the limit. A plain counter per calendar second
 * would let two full seconds' worth pass around the turn, and a counter per calendar hour two hours' worth. The price
 * is one slot: a limit of 100 per second gives 98, one of 100 per hour 99.
 * Time is the database's, so the clocks of the hosts do not matter.
 */
const units = {
  second: { slotSeconds: 0.02, slots: 51 },
  hour: { slotSeconds: 30, slots: 121 },
} as const;

/** How many may go out now, and, when that is none, in how many milliseconds to ask again. */
export interface Allowance {
  granted: number;
  waitMs: number;
}

/**
 * Takes up to `wanted` (at least 1) messages off the sender's limits, held over all workers on all hosts. A grant is
 * for now: use it at once or give it up; keeping it for later would let two seconds' worth meet. A grant is at most a
 * tenth of the limit per second, so that several workers share it and the mail goes out evenly.
 */
export async function takeAllowance(
  db: Db,
  workspaceId: string,
  senderId: string,
  limits: SenderLimits,
  wanted: number,
): Promise<Allowance> {
  const active = (["hour", "second"] as const)
    .map((unit) => ({ unit, most: unit === "second" ? limits.perSecond : limits.perHour, ...units[unit] }))
    .filter((limit) => limit.most !== null);
  if (active.length === 0) return { granted: wanted, waitMs: 0 };
  const slice = limits.perSecond === null ? wanted : Math.min(wanted, Math.max(1, Math.ceil(limits.perSecond / 10)));

  const limitRows = sql.join(
    active.map((l) => sql`(${l.unit}::text, ${l.most}::int, ${l.slotSeconds}::float8, ${l.slots}::int)`),
    sql`, `,
  );
  const take = async () => {
    const { rows } = await db.execute<{ granted: number; wait_ms: number; found: number }>(
      takeStatement(workspaceId, senderId, limitRows, slice),
    );
    return rows[0];
  };
  let taken = await take();
  if (!taken || taken.found < active.length) {
    await createWindows(db, workspaceId, senderId);
    taken = await take();
  }
  if (!taken || taken.found < active.length) throw new Error("the rows of a sender's limits could not be made");
  return { granted: taken.granted, waitMs: Math.ceil(taken.wait_ms) };
}

/**
 * One statement: lock the sender's rows, move their slots on to now, see what is left under the tightest limit, take
 * it. Concurrent callers queue at the row lock, which is held for one statement only.
 */
function takeStatement(workspaceId: string, senderId: string, limitRows: ReturnType<typeof sql>, wanted: number) {
  return sql`
    with most (unit, most, slot_seconds, slots) as (values ${limitRows}),
    locked as materialized (
      select w.unit, w.starts_at, w.used
      from sender_window w
      where w.workspace_id = ${workspaceId} and w.sender_id = ${senderId} and w.unit in (select unit from most)
      order by w.unit
      for update
    ),
    -- Read after the locks are held: whoever waited must not see the time from before.
    clock as materialized (select clock_timestamp() as at, count(*)::int as found from locked),
    moved as materialized (
      select unit, most, slot_seconds, slots, starts_at + make_interval(secs => shift * slot_seconds) as starts_at,
        array_fill(0, array[least(shift, slots)::int]) || used[1 : slots - least(shift, slots)::int] as used
      from (
        select m.*, l.used, l.starts_at,
          greatest(0, floor(extract(epoch from clock.at - l.starts_at)::float8 / m.slot_seconds)) as shift
        from locked l join most m using (unit) cross join clock
      ) as l
    ),
    room as materialized (
      select m.*, greatest(0, m.most - sums.sum) as room,
        -- When the oldest slot that holds anything leaves the window.
        m.starts_at + make_interval(secs => (m.slots - sums.oldest + 1) * m.slot_seconds) as frees_at
      from moved m cross join lateral (
        select coalesce(sum(n), 0)::int as sum, coalesce(max(i) filter (where n > 0), m.slots)::int as oldest
        from unnest(m.used) with ordinality as slot (n, i)
      ) as sums
    ),
    taken as materialized (
      select least(${wanted}::int, min(room)) as granted, max(frees_at) filter (where room = 0) as frees_at from room
    ),
    written as (
      update sender_window w
      set starts_at = r.starts_at, used = array[r.used[1] + taken.granted] || r.used[2 : r.slots]
      from room r cross join taken
      where w.workspace_id = ${workspaceId} and w.sender_id = ${senderId} and w.unit = r.unit and taken.granted > 0
    )
    select coalesce(taken.granted, 0)::int as granted, clock.found,
      case when taken.granted > 0 then 0
        else greatest(1, 1000 * extract(epoch from coalesce(taken.frees_at, clock.at) - clock.at))::float8 end as wait_ms
    from taken cross join clock`;
}

async function createWindows(db: Db, workspaceId: string, senderId: string): Promise<void> {
  const rows = sql.join(
    Object.entries(units).map(
      ([unit, { slots }]) =>
        sql`(${workspaceId}::uuid, ${senderId}::uuid, ${unit}, clock_timestamp(), array_fill(0, array[${slots}::int]))`,
    ),
    sql`, `,
  );
  await db.execute(sql`
    insert into sender_window (workspace_id, sender_id, unit, starts_at, used) values ${rows} on conflict do nothing`);
}
