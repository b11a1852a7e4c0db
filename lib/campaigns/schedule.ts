import { Temporal } from "temporal-polyfill";
import { tzdb } from "../auth/time-zones.ts";
import { Refusal } from "../errors.ts";

/** Nobody plans a newsletter further ahead; a typed year 20226 is caught here. */
const maxDaysAhead = 730;

/**
 * The instant of a wall time (YYYY-MM-DDTHH:MM) in a zone. A time that daylight saving skips is refused with the next
 * one that exists (`campaign.schedule_gap`, detail `next`); of a time that happens twice the first is taken. Refuses
 * unknown zones, malformed times, times before `now` and more than two years ahead.
 */
export function instantOfWallTime(wallTime: string, zone: string, now: Date): Date {
  const { at, gap } = resolve(wallTime, zone);
  const problem = gap ?? outside(at, now);
  if (problem) throw problem;
  return at;
}

/**
 * The end of a campaign by a wall time in a zone, with what is wrong with it. A draft keeps an end that has passed or
 * falls into a gap (then the next time that exists), so that a review shows what was chosen. Refuses what is no time.
 */
export function endOfWallTime(wallTime: string, zone: string, now: Date): { at: Date; problem: Refusal | null } {
  const { at, gap } = resolve(wallTime, zone);
  return { at, problem: gap ?? outside(at, now) };
}

/** The instant of a wall time; of one that the clocks skip the next that exists, and the refusal that says so. */
function resolve(wallTime: string, zone: string): { at: Date; gap: Refusal | null } {
  if (!tzdb.has(zone)) throw new Refusal("campaign.schedule_zone");
  const plain = readWallTime(wallTime);
  const zoned = plain.toZonedDateTime(zone, { disambiguation: "earlier" });
  if (!zoned.toPlainDateTime().equals(plain)) {
    // "earlier" of a gap lies before the change of the clocks: the first valid time is the change itself.
    const next = zoned.getTimeZoneTransition("next") ?? plain.toZonedDateTime(zone, { disambiguation: "later" });
    const detail = { wanted: spoken(plain), next: spoken(next.toPlainDateTime()), zone };
    return { at: new Date(next.epochMilliseconds), gap: new Refusal("campaign.schedule_gap", detail) };
  }
  return { at: new Date(zoned.epochMilliseconds), gap: null };
}

function outside(at: Date, now: Date): Refusal | null {
  if (at.getTime() <= now.getTime()) return new Refusal("campaign.schedule_past");
  if (at.getTime() > now.getTime() + maxDaysAhead * 86_400_000) return new Refusal("campaign.schedule_too_far");
  return null;
}

/** The wall time of an instant in a zone, as YYYY-MM-DDTHH:MM. */
export function wallTimeOf(at: Date, zone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
  return zoned.toPlainDateTime().toString({ smallestUnit: "minute" });
}

function readWallTime(text: string): Temporal.PlainDateTime {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) throw new Refusal("campaign.schedule_time");
  try {
    return Temporal.PlainDateTime.from(text, { overflow: "reject" });
  } catch {
    throw new Refusal("campaign.schedule_time");
  }
}

const spoken = (plain: Temporal.PlainDateTime) => plain.toString({ smallestUnit: "minute" }).replace("T", " ");
