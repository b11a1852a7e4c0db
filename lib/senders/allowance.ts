import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";
import type { SenderLimits } from "./resolve.ts";

/*
 * A limit is kept as slots: counts of what was granted per short stretch of time, newest first, one row per sender and
 * unit. The slots cover the unit and one slot more, and their sum never exceeds the limit; whatever second (or day)
 * one looks at, however it lies over the slots, holds no more than the limit. A plain counter per calendar second
 * would let two full seconds' worth pass around the turn, and a counter per calendar day two days' worth. The price
 * is one slot: a limit of 100 per second gives 99, one of 1,000 per day 993.
 * Time is the database's, so the clocks of the hosts do not matter.
 */
export const limitUnits = {
  second: { slotSeconds: 0.01, slots: 101 },
  minute: { slotSeconds: 1, slots: 61 },
  hour: { slotSeconds: 30, slots: 121 },
  day: { slotSeconds: 600, slots: 145 },
} as const;

export type LimitUnit = keyof typeof limitUnits;

/** Which limit is used up, and when there is room again. "warmup" is the day's cap of the warm-up plan. */
export interface FullLimit {
  limit: LimitUnit | "warmup";
  until: Date;
}

/** How many may go out now, and, when that is none, in how many milliseconds to ask again and what is used up. */
export interface Allowance {
  granted: number;
  waitMs: number;
  /** Null unless nothing was granted. */
  full: FullLimit | null;
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
  const active = activeLimits(limits);
  if (active.length === 0) return { granted: wanted, waitMs: 0, full: null };
  const slice = limits.perSecond === null ? wanted : Math.min(wanted, Math.max(1, Math.ceil(limits.perSecond / 10)));

  const limitRows = sql.join(
    active.map((l) => sql`(${l.unit}::text, ${l.most}::int, ${l.slotSeconds}::float8, ${l.slots}::int)`),
    sql`, `,
  );
  const take = async () => {
    const { rows } = await db.execute<Taken>(takeStatement(workspaceId, senderId, limitRows, slice));
    return rows[0];
  };
  let taken = await take();
  if (!taken || taken.found < active.length) {
    await createWindows(db, workspaceId, senderId);
    taken = await take();
  }
  if (!taken || taken.found < active.length) throw new Error("the rows of a sender's limits could not be made");
  return allowanceOf(taken, limits);
}

type Taken = {
  granted: number;
  wait_ms: number;
  found: number;
  full_unit: LimitUnit | null;
  /** By the database's clock, in milliseconds since 1970. */
  at_ms: number;
};

/** The limits that are set, with the warm-up plan's cap of today as one of the day. */
function activeLimits(limits: SenderLimits) {
  const most = {
    second: limits.perSecond,
    minute: limits.perMinute ?? null,
    hour: limits.perHour,
    day: smaller(limits.perDay ?? null, limits.warmup?.cap ?? null),
  };
  return (Object.keys(limitUnits) as LimitUnit[]).flatMap((unit) => {
    const limit = most[unit];
    return limit === null ? [] : [{ unit, most: limit, ...limitUnits[unit] }];
  });
}

function smaller(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function allowanceOf(taken: Taken, limits: SenderLimits): Allowance {
  const waitMs = Math.ceil(taken.wait_ms);
  if (taken.granted > 0 || taken.full_unit === null) return { granted: taken.granted, waitMs, full: null };
  const { warmup } = limits;
  const isWarmup =
    taken.full_unit === "day" && warmup != null && warmup.cap < (limits.perDay ?? Number.POSITIVE_INFINITY);
  if (!isWarmup) return { granted: 0, waitMs, full: { limit: taken.full_unit, until: new Date(taken.at_ms + waitMs) } };
  // Tomorrow's cap is larger, so there may be room before the oldest of these mails is a day old.
  const untilMs = Math.max(1, Math.min(waitMs, warmup.until.getTime() - taken.at_ms));
  return { granted: 0, waitMs: Math.ceil(untilMs), full: { limit: "warmup", until: new Date(taken.at_ms + untilMs) } };
}

/**
 * What was granted in the last 24 hours (to within ten minutes), for each sender of a workspace that has a limit per day
 * or a warm-up plan. Reads; takes nothing.
 */
export async function dayUsage(db: Db, workspaceId: string): Promise<Map<string, number>> {
  const { slotSeconds } = limitUnits.day;
  const { rows } = await db.execute<{ sender_id: string; used: number }>(sql`
    select w.sender_id, coalesce(sum(n), 0)::int as used
    from sender_window w cross join lateral unnest(w.used) with ordinality as slot (n, i)
    where w.workspace_id = ${workspaceId} and w.unit = 'day'
      -- When the slot ended.
      and w.starts_at - make_interval(secs => (i - 2) * ${slotSeconds}::float8) > clock_timestamp() - interval '24 hours'
    group by w.sender_id`);
  return new Map(rows.map((row) => [row.sender_id, row.used]));
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
      select least(${wanted}::int, min(room)) as granted, max(frees_at) filter (where room = 0) as frees_at,
        -- The limit that keeps it waiting longest.
        (array_agg(unit order by frees_at desc) filter (where room = 0))[1] as full_unit
      from room
    ),
    written as (
      update sender_window w
      set starts_at = r.starts_at, used = array[r.used[1] + taken.granted] || r.used[2 : r.slots]
      from room r cross join taken
      where w.workspace_id = ${workspaceId} and w.sender_id = ${senderId} and w.unit = r.unit and taken.granted > 0
    )
    select coalesce(taken.granted, 0)::int as granted, clock.found, taken.full_unit,
      (1000 * extract(epoch from clock.at))::float8 as at_ms,
      case when taken.granted > 0 then 0
        else greatest(1, 1000 * extract(epoch from coalesce(taken.frees_at, clock.at) - clock.at))::float8 end as wait_ms
    from taken cross join clock`;
}

async function createWindows(db: Db, workspaceId: string, senderId: string): Promise<void> {
  const rows = sql.join(
    Object.entries(limitUnits).map(
      ([unit, { slots }]) =>
        sql`(${workspaceId}::uuid, ${senderId}::uuid, ${unit}, clock_timestamp(), array_fill(0, array[${slots}::int]))`,
    ),
    sql`, `,
  );
  await db.execute(sql`
    insert into sender_window (workspace_id, sender_id, unit, starts_at, used) values ${rows} on conflict do nothing`);
}
