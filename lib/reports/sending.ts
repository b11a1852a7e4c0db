import { sql } from "drizzle-orm";
import type { CampaignStatus } from "#drizzle/schema/campaigns.ts";
import type { WarmupPlan } from "#drizzle/schema/senders.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import type { StateCounts } from "../delivery/counts.ts";
import { dayUsage } from "../senders/allowance.ts";
import { todayOf } from "../senders/today.ts";

/*
 * What is going on in a workspace at this moment, for whoever keeps it running. Every statement here is asked again and
 * again while somebody looks, so each reads by an index and none reads a message that is done. Measured with 100
 * campaigns under way of 10,000 people each (2,000 chunks, 1,340,000 attempts, 45 % of the people deferred once) on two
 * busy cores: runningCampaigns 4 to 9 ms, nextRetries 200 ms (asked every tenth time), the others 1 to 5 ms.
 */

/** A campaign under way, or that has ended within the last minute. */
export interface RunningCampaign {
  id: string;
  name: string;
  status: CampaignStatus;
  pauseReason: string | null;
  launchedAt: Date | null;
  /** Null until everybody's row is written. */
  frozen: number | null;
  counts: StateCounts;
}

/** How long a campaign that has ended is still shown. */
const endedShownSeconds = 60;

/**
 * The campaigns under way with their states, oldest launch first. Sums the chunk rollups by their primary key: 2,000
 * rows for a million people.
 */
export async function runningCampaigns(db: Db, scope: Scope): Promise<RunningCampaign[]> {
  allow(scope, "read");
  const { rows } = await db.execute<
    StateCounts & {
      id: string;
      name: string;
      status: CampaignStatus;
      pause_reason: string | null;
      launched_at: string | null;
      frozen_count: number | null;
    } & Record<string, unknown>
  >(sql`
    select k.id, k.name, k.status, k.pause_reason, k.launched_at, k.frozen_count, t.*
    from campaign k
    cross join lateral (
      select coalesce(sum(total), 0)::int as total,
        coalesce(sum(total - sending - sent - deferred - failed - in_doubt - skipped), 0)::int as pending,
        coalesce(sum(sending), 0)::int as sending, coalesce(sum(sent), 0)::int as sent,
        coalesce(sum(deferred), 0)::int as deferred, coalesce(sum(failed), 0)::int as failed,
        coalesce(sum(in_doubt), 0)::int as "inDoubt", coalesce(sum(skipped), 0)::int as skipped
      from chunk c where c.workspace_id = k.workspace_id and c.source_id = k.id) t
    where k.workspace_id = ${scope.workspaceId}
      and (k.status in ('freezing', 'sending', 'paused', 'cancelling')
        or (k.status in ('finished', 'cancelled')
          and k.finished_at > clock_timestamp() - make_interval(secs => ${endedShownSeconds})))
    order by k.launched_at, k.id`);
  return rows.map(({ id, name, status, pause_reason, launched_at, frozen_count, ...counts }) => ({
    id,
    name,
    status,
    pauseReason: pause_reason,
    launchedAt: launched_at === null ? null : new Date(launched_at),
    frozen: frozen_count,
    counts,
  }));
}

/** Deferred people of one class, by when they are tried again. */
export interface RetryGroup {
  reason: string;
  nextTryAt: Date;
  within15Minutes: number;
  within1Hour: number;
  later: number;
}

export interface NextRetries {
  groups: RetryGroup[];
  /** Deferred people in later chunks that were not looked at one by one. */
  notLookedAt: number;
}

/** Chunks that are looked at person by person: 10,000 people at most, whatever is under way. */
const chunksLookedAt = 20;

/**
 * Who of the campaigns under way is tried again when, and why they wait. The rollups say which chunks hold somebody
 * deferred; of those whose turn comes first the messages are read through message_chunk and their newest attempt by
 * its key. An index on deferred attempts alone would also find everybody who was deferred once and has been sent since.
 */
export async function nextRetries(db: Db, scope: Scope): Promise<NextRetries> {
  allow(scope, "read");
  const { workspaceId } = scope;
  const { rows } = await db.execute<{
    reason: string | null;
    next_at: string | null;
    soon: number;
    hour: number;
    later: number;
    all_deferred: number;
  }>(sql`
    with holding as materialized (
      select c.source_id, c.no, c.launch_month, c.deferred, row_number() over (order by c.due_at, c.source_id, c.no) as turn
      from campaign k join chunk c on c.workspace_id = k.workspace_id and c.source_id = k.id
      where k.workspace_id = ${workspaceId} and k.status in ('sending', 'paused') and c.deferred > 0
    ),
    waiting as (
      select coalesce(a.class, 'unknown') as reason, a.next_at
      from holding h
      join message m on m.workspace_id = ${workspaceId} and m.launch_month = h.launch_month and m.source_id = h.source_id
        and m.chunk = h.no
      cross join lateral (
        select a.state, a.class, a.next_at from attempt a
        where a.workspace_id = ${workspaceId} and a.launch_month = h.launch_month and a.message_id = m.id
        order by a.n desc limit 1) a
      where h.turn <= ${chunksLookedAt} and a.state = 'deferred'
    )
    select w.reason, min(w.next_at) as next_at,
      count(*) filter (where w.next_at < clock_timestamp() + interval '15 minutes')::int as soon,
      count(*) filter (where w.next_at >= clock_timestamp() + interval '15 minutes'
        and w.next_at < clock_timestamp() + interval '1 hour')::int as hour,
      count(*) filter (where w.next_at >= clock_timestamp() + interval '1 hour')::int as later,
      0 as all_deferred
    from waiting w group by w.reason
    union all
    select null, null, 0, 0, 0, coalesce(sum(deferred), 0)::int from holding where turn > ${chunksLookedAt}`);
  const groups = rows.flatMap((row) =>
    row.reason === null || row.next_at === null
      ? []
      : [
          {
            reason: row.reason,
            nextTryAt: new Date(row.next_at),
            within15Minutes: row.soon,
            within1Hour: row.hour,
            later: row.later,
          },
        ],
  );
  return {
    groups: groups.sort((a, b) => a.nextTryAt.getTime() - b.nextTryAt.getTime()),
    notLookedAt: rows.find((row) => row.reason === null)?.all_deferred ?? 0,
  };
}

/** How a sender fares, and how much of its limits is used up. */
export interface SenderAtWork {
  id: string;
  name: string;
  isInbox: boolean;
  isDefault: boolean;
  health: "up" | "down";
  /** The server's words when it was taken out. */
  healthDetail: string | null;
  healthFailures: number;
  retryAt: Date | null;
  connections: number;
  /** Connections that living workers hold of it together. */
  connectionsHeld: number;
  quotas: Quota[];
}

export interface Quota {
  /** "warmup" is today's cap of the warm-up plan, where that is what holds. */
  unit: "second" | "minute" | "hour" | "day" | "warmup";
  used: number;
  most: number;
}

/** The senders in use with their health, the connections held and what their limits have granted. Keys only. */
export async function sendersAtWork(db: Db, scope: Scope): Promise<SenderAtWork[]> {
  allow(scope, "read");
  const found = db.execute<{
    id: string;
    name: string;
    kind: string;
    is_default: boolean;
    rate_per_day: number | null;
    warmup: WarmupPlan | null;
    health: "up" | "down";
    health_detail: string | null;
    health_failures: number;
    retry_at: string | null;
    connections: number;
    held: number;
    quotas: Quota[] | null;
  }>(sql`
    select s.id, s.name, s.kind, s.is_default, s.health, s.health_detail, s.health_failures, s.retry_at, s.connections,
      s.rate_per_day, s.warmup,
      (select coalesce(sum(h.held), 0)::int from sender_share h
        where h.workspace_id = s.workspace_id and h.sender_id = s.id and h.lease_until > clock_timestamp()) as held,
      (select json_agg(json_build_object('unit', q.unit, 'most', q.most, 'used', q.used) order by q.seconds) from (
        select l.unit, l.most, l.seconds, coalesce((
          -- Slots of one length cover the unit and one slot more; what is older than the unit counts no longer.
          select sum(slot.n) from sender_window w
          cross join lateral unnest(w.used) with ordinality as slot (n, i)
          where w.workspace_id = s.workspace_id and w.sender_id = s.id and w.unit = l.unit
            and w.starts_at - make_interval(secs => (slot.i - 1) * l.seconds / greatest(1, cardinality(w.used) - 1))
              > clock_timestamp() - make_interval(secs => l.seconds)), 0)::int as used
        from (values ('second', s.rate_per_second, 1.0::float8), ('minute', s.rate_per_minute, 60), ('hour', s.rate_per_hour, 3600)) as l (unit, most, seconds)
        where l.most is not null) q) as quotas
    from sender s
    where s.workspace_id = ${scope.workspaceId} and s.archived_at is null
    order by s.health = 'up', s.is_default desc, s.name, s.id`);
  const [{ rows }, usage] = await Promise.all([found, dayUsage(db, scope.workspaceId)]);
  const now = new Date();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    isInbox: row.kind === "inbox",
    isDefault: row.is_default,
    health: row.health,
    healthDetail: row.health_detail,
    healthFailures: row.health_failures,
    retryAt: row.retry_at === null ? null : new Date(row.retry_at),
    connections: row.connections,
    connectionsHeld: row.held,
    quotas: [
      ...(row.quotas ?? []),
      ...dayQuota(todayOf({ ratePerDay: row.rate_per_day, warmup: row.warmup }, usage.get(row.id) ?? 0, now)),
    ],
  }));
}

function dayQuota(today: ReturnType<typeof todayOf>): Quota[] {
  return today ? [{ unit: today.isWarmup ? "warmup" : "day", used: today.used, most: today.cap }] : [];
}

/** A receiving domain, or a provider of many, that has limits of its own. */
export interface LaneView {
  name: string;
  /** Set by a person; null = no cap of its own. */
  connections: number | null;
  ratePerSecond: number | null;
  /** Messages a second while it is slowed down; null = it is not. */
  slowedRate: number | null;
  slowedAt: Date | null;
  raiseAt: Date | null;
  /** The words of the answer that slowed it. */
  detail: string | null;
}

const lanesShown = 200;

/** Lanes that are slowed or that somebody set caps for, the slowed ones first. By the key of lane. */
export async function lanesInForce(db: Db, scope: Scope): Promise<LaneView[]> {
  allow(scope, "read");
  const { rows } = await db.execute<{
    name: string;
    connections: number | null;
    rate_per_second: number | null;
    slowed_rate: number | null;
    slowed_at: string | null;
    raise_at: string | null;
    detail: string | null;
  }>(sql`
    select name, connections, rate_per_second, slowed_rate, slowed_at, raise_at, detail from lane
    where workspace_id = ${scope.workspaceId}
      and (slowed_rate is not null or connections is not null or rate_per_second is not null)
    order by slowed_rate is null, name limit ${lanesShown}`);
  return rows.map((row) => ({
    name: row.name,
    connections: row.connections,
    ratePerSecond: row.rate_per_second,
    slowedRate: row.slowed_rate,
    slowedAt: row.slowed_at === null ? null : new Date(row.slowed_at),
    raiseAt: row.raise_at === null ? null : new Date(row.raise_at),
    detail: row.detail,
  }));
}

/** A worker process of this installation. It works for every workspace. */
export interface WorkerView {
  id: string;
  host: string;
  pid: number;
  startedAt: Date;
  seenAt: Date;
  messagesPerSecond: number;
  /** Heard of within the last minute, by the clock of the database. */
  isAlive: boolean;
}

const aliveSeconds = 60;
/** Who has been gone for longer is no news any more. */
const goneShownHours = 24;

/** The worker processes, the living first; those that went within a day are shown as gone. */
export async function workersSeen(db: Db, scope: Scope): Promise<WorkerView[]> {
  allow(scope, "read");
  const { rows } = await db.execute<{
    id: string;
    host: string;
    pid: number;
    started_at: string;
    seen_at: string;
    messages_per_second: number;
    is_alive: boolean;
  }>(sql`
    select id, host, pid, started_at, seen_at, messages_per_second,
      seen_at > clock_timestamp() - make_interval(secs => ${aliveSeconds}) as is_alive
    from worker where seen_at > clock_timestamp() - make_interval(hours => ${goneShownHours})
    order by is_alive desc, started_at, id limit 100`);
  return rows.map((row) => ({
    id: row.id,
    host: row.host,
    pid: row.pid,
    startedAt: new Date(row.started_at),
    seenAt: new Date(row.seen_at),
    messagesPerSecond: row.messages_per_second,
    isAlive: row.is_alive,
  }));
}

/** All of it, as the page shows it. */
export interface SendingView {
  campaigns: RunningCampaign[];
  retries: NextRetries;
  senders: SenderAtWork[];
  lanes: LaneView[];
  workers: WorkerView[];
}

/** Everything at once; `known` retries are taken as they are, so that a caller can ask for them less often. */
export async function sendingView(db: Db, scope: Scope, known?: NextRetries): Promise<SendingView> {
  const [campaigns, retries, senders, lanes, workers] = await Promise.all([
    runningCampaigns(db, scope),
    known ?? nextRetries(db, scope),
    sendersAtWork(db, scope),
    lanesInForce(db, scope),
    workersSeen(db, scope),
  ]);
  return { campaigns, retries, senders, lanes, workers };
}
