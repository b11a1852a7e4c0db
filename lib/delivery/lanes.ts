import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";
import { runStatement, type Statement } from "../statement.ts";

/*
 * What receivers say about our rate, and what people set, lane by lane (table `lane`). It holds over all workers: a
 * lane's rate is handed out by the database. A lane without a row costs nothing.
 */

/** What a process knows of the lanes that have limits. Read about once a second, so it may be a second old. */
export interface LaneLimits {
  /** Its rate is handed out by takeLaneAllowance. */
  limited: boolean;
  /** At most so many connections of all workers together; null = no cap of its own. */
  connections: number | null;
}

/** A slow-down is not made stronger by answers to what was on its way already. */
const slowAgainAfterSeconds = 10;
/** How long a slow-down lasts before the rate is raised, and by how much each time. */
const raiseEverySeconds = 60;
const raiseFactor = 1.5;
/** Slower than this it does not get: one mail in two minutes. */
const slowestPerSecond = 1 / 120;
/** From here on the receiver is left to say so again. */
const liftAbovePerSecond = 100;
/** A rate is handed out for a tenth of a second at a time, so that no second sees much more than its share. */
const burstSeconds = 0.1;

/** The limited lanes of some workspaces, by workspace and name. */
export async function readLanes(
  db: Db,
  workspaceIds: readonly string[],
): Promise<Map<string, Map<string, LaneLimits>>> {
  const rows = await runStatement<{
    workspace_id: string;
    name: string;
    limited: boolean;
    connections: number | null;
  }>(db, readStatement, [workspaceIds]);
  const found = new Map<string, Map<string, LaneLimits>>();
  for (const { workspace_id, name, limited, connections } of rows) {
    const lanes = found.get(workspace_id) ?? new Map<string, LaneLimits>();
    found.set(workspace_id, lanes.set(name, { limited, connections }));
  }
  return found;
}

const readStatement: Statement = {
  name: "read_lanes",
  text: `
    select workspace_id, name, slowed_rate is not null or rate_per_second is not null as limited, connections
    from lane
    where workspace_id = any($1::uuid[])
      and (slowed_rate is not null or rate_per_second is not null or connections is not null)`,
};

/**
 * Takes up to `wanted` messages off each lane's rate, and raises rates whose time has come. Per lane: how many may go
 * now, and, when that is none, in how many milliseconds to ask again. A lane that has no limit any more is granted all.
 */
export async function takeLaneAllowance(
  db: Db,
  workspaceId: string,
  wanted: ReadonlyMap<string, number>,
): Promise<Map<string, { granted: number; waitMs: number }>> {
  const rows = await runStatement<{ name: string; granted: number; wait_ms: number }>(db, takeStatement, [
    workspaceId,
    [...wanted.keys()],
    [...wanted.values()],
  ]);
  const byName = new Map(rows.map((row) => [row.name, row]));
  return new Map(
    [...wanted].map(([name, count]) => {
      const row = byName.get(name);
      return [name, { granted: row?.granted ?? count, waitMs: Math.ceil(row?.wait_ms ?? 0) }];
    }),
  );
}

/** Virtual scheduling: next_at is when the rate is used up to; a grant moves it on by its share of a second. */
const takeStatement: Statement = {
  name: "take_lanes",
  text: `
    with asked as (select * from unnest($2::text[], $3::int[]) as a (name, wanted)),
    locked as materialized (
      select l.name, l.rate_per_second, l.slowed_rate, l.raise_at, l.next_at, a.wanted
      from lane l join asked a using (name)
      where l.workspace_id = $1::uuid
      order by l.name
      for update of l
    ),
    -- Read after the locks are held: whoever waited must not see the time from before.
    clock as materialized (select clock_timestamp() as at, count(*) as n from locked),
    raised as materialized (
      select l.*, c.at,
        case
          when slowed_rate is null or raise_at > c.at then slowed_rate
          when slowed_rate * ${raiseFactor} > ${liftAbovePerSecond} then null
          else slowed_rate * ${raiseFactor}
        end as slowed_now,
        slowed_rate is not null and raise_at <= c.at as is_raised
      from locked l cross join clock c
    ),
    rated as materialized (
      select r.*, least(rate_per_second, slowed_now)::float8 as rate, greatest(coalesce(next_at, at), at) as begins from raised r
    ),
    room as materialized (
      select r.*, case
        when rate is null then wanted
        when begins <= at then least(wanted, greatest(1, floor(rate * ${burstSeconds})))
        else least(wanted, greatest(0, floor(rate * (${burstSeconds} - extract(epoch from begins - at)))))
      end::int as granted
      from rated r
    ),
    written as (
      update lane l set
        slowed_rate = r.slowed_now,
        raise_at = case when r.slowed_now is null then null when r.is_raised
          then r.at + make_interval(secs => ${raiseEverySeconds}) else l.raise_at end,
        slowed_at = case when r.slowed_now is null then null else l.slowed_at end,
        detail = case when r.slowed_now is null then null else l.detail end,
        next_at = case when r.rate is null then null else r.begins + make_interval(secs => r.granted / r.rate) end
      from room r
      where l.workspace_id = $1::uuid and l.name = r.name and (r.granted > 0 or r.is_raised)
    )
    select name, granted,
      case when granted > 0 then 0
        else greatest(1, 1000 * (extract(epoch from begins - at) - greatest(0, ${burstSeconds} - 1 / rate))) end::float8 as wait_ms
    from room`,
};

/**
 * A receiver said that we are too fast: this lane, and no other, goes at half of what it was, and is raised step by
 * step from a minute later. `observedPerSecond` is how fast this process was going to it. Does nothing right after it
 * was slowed.
 */
export async function slowLane(
  db: Db,
  workspaceId: string,
  name: string,
  words: string,
  observedPerSecond: number,
): Promise<void> {
  const first = Math.max(slowestPerSecond, observedPerSecond / 2);
  await db.execute(sql`
    insert into lane as l (workspace_id, name, slowed_rate, slowed_at, raise_at, detail)
    values (${workspaceId}, ${name}, ${first}::real, clock_timestamp(),
      clock_timestamp() + make_interval(secs => ${raiseEverySeconds}), ${words.slice(0, 500)})
    on conflict (workspace_id, name) do update set
      slowed_rate = case when l.slowed_rate is null then excluded.slowed_rate
        else greatest(${slowestPerSecond}::real, l.slowed_rate / 2) end,
      slowed_at = excluded.slowed_at, raise_at = excluded.raise_at, detail = excluded.detail,
      updated_at = clock_timestamp()
    where l.slowed_at is null or l.slowed_at < clock_timestamp() - make_interval(secs => ${slowAgainAfterSeconds})`);
}
