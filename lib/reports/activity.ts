import { sql } from "drizzle-orm";
import { Temporal } from "temporal-polyfill";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";

export type ActivityUnit = "hour" | "day";

/** First touches of one hour or day in the workspace's zone; `at` is when it begins. */
export interface ActivityBucket {
  at: Date;
  humanOpens: number;
  machineOpens: number;
  humanClicks: number;
  machineClicks: number;
}

/** So much is shown at most: the first three days by the hour, the first sixty days by the day. */
export const activityLength = { hour: 72, day: 60 } as const;
/** Shown even when nothing happens any more, as far as that lies in the past. */
const leastLength = { hour: 24, day: 7 } as const;

/**
 * When people opened and clicked for the first time. Each person counts once as opened and once as clicked (per human
 * and machine), in the bucket of the first hit: so a column is not "how many opened in that hour", and all columns
 * together are the people of the whole campaign (as far as the buckets reach). Empty buckets are in it. One pass over
 * the campaign's first_touch rows: 0.5 s for 330,000.
 */
export async function activity(
  db: Db,
  scope: Scope,
  campaign: { id: string; launchedAt: Date },
  options: { unit: ActivityUnit; timeZone: string; now?: Date },
): Promise<ActivityBucket[]> {
  allow(scope, "read");
  const { unit, timeZone, now = new Date() } = options;
  const starts = bucketStarts(campaign.launchedAt, unit, timeZone);
  const end = starts.at(-1);
  const { rows } = await db.execute<{ at: string; touch: keyof Omit<ActivityBucket, "at">; people: number }>(sql`
    select date_trunc(${unit}, touched.at, ${timeZone}) as at, touched.touch, count(*)::int as people
    from first_touch t
    cross join lateral (values ('humanOpens', human_open_at), ('machineOpens', machine_open_at),
      ('humanClicks', human_click_at), ('machineClicks', machine_click_at)) as touched (touch, at)
    where t.workspace_id = ${scope.workspaceId} and t.campaign_id = ${campaign.id}
      and touched.at is not null and touched.at < ${end?.toISOString()}
    group by 1, 2`);
  const buckets = new Map(starts.slice(0, -1).map((at) => [at.getTime(), { at, ...nothing }]));
  for (const { at, touch, people } of rows) {
    const bucket = buckets.get(new Date(at).getTime());
    if (bucket) bucket[touch] = people;
  }
  return withoutEmptyEnd([...buckets.values()], leastLength[unit], now);
}

const nothing = { humanOpens: 0, machineOpens: 0, humanClicks: 0, machineClicks: 0 };

/** Where each bucket begins, and where the last one ends. Days of a zone are not all 24 hours long. */
function bucketStarts(from: Date, unit: ActivityUnit, timeZone: string): Date[] {
  const launched = Temporal.Instant.fromEpochMilliseconds(from.getTime()).toZonedDateTimeISO(timeZone);
  const first = unit === "hour" ? launched.with({ minute: 0, second: 0, millisecond: 0 }) : launched.startOfDay();
  const add = (i: number) => (unit === "hour" ? first.add({ hours: i }) : first.add({ days: i }));
  return Array.from({ length: activityLength[unit] + 1 }, (_, i) => new Date(add(i).epochMilliseconds));
}

function withoutEmptyEnd(buckets: ActivityBucket[], least: number, now: Date): ActivityBucket[] {
  const isEmpty = (b: ActivityBucket) => b.humanOpens + b.machineOpens + b.humanClicks + b.machineClicks === 0;
  const lastUsed = buckets.findLastIndex((bucket) => !isEmpty(bucket));
  const begun = buckets.filter((bucket) => bucket.at <= now).length;
  return buckets.slice(0, Math.max(lastUsed + 1, Math.min(least, begun)));
}
