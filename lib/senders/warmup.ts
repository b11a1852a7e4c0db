import type { WarmupPlan } from "#drizzle/schema/senders.ts";

/*
 * A warm-up plan lets a new address or server send a little more each day, so that mailbox providers get to know it
 * before the volume comes. Days are those of UTC: they are all 24 hours long, whatever a country does with its clocks.
 */

/** What is usual. Careful suits a new domain or a new IP address, normal a known domain at a new provider. */
export const warmupPresets = {
  careful: { firstDay: 50, growthPercent: 20, days: 42 },
  normal: { firstDay: 200, growthPercent: 35, days: 21 },
} as const satisfies Record<string, Omit<WarmupPlan, "startsOn">>;

export type WarmupPreset = keyof typeof warmupPresets;

/** One day of a plan: `day` counts from 1, `date` is YYYY-MM-DD. */
export interface WarmupDay {
  day: number;
  date: string;
  cap: number;
}

const dayMs = 86_400_000;
/** More than anybody sends a day, and a whole number in the database. */
const mostADay = 1_000_000_000;

/** How many may go out on the day of `at`, and when that day ends. Null before the first day and after the last. */
export function warmupAt(plan: WarmupPlan | null, at: Date): { day: number; cap: number; until: Date } | null {
  if (plan === null) return null;
  const start = startOf(plan);
  const index = Math.floor((at.getTime() - start) / dayMs);
  if (!(index >= 0 && index < plan.days)) return null;
  return { day: index + 1, cap: capOf(plan, index), until: new Date(start + (index + 1) * dayMs) };
}

/** The whole plan, day by day. */
export function warmupDays(plan: WarmupPlan): WarmupDay[] {
  const start = startOf(plan);
  return Array.from({ length: plan.days }, (_, index) => ({
    day: index + 1,
    date: new Date(start + index * dayMs).toISOString().slice(0, 10),
    cap: capOf(plan, index),
  }));
}

/** The day of UTC that an instant is in, as YYYY-MM-DD. */
export function utcDay(at: Date): string {
  return at.toISOString().slice(0, 10);
}

function startOf(plan: WarmupPlan): number {
  return Date.parse(`${plan.startsOn}T00:00:00Z`);
}

function capOf(plan: WarmupPlan, index: number): number {
  return Math.min(mostADay, Math.floor(plan.firstDay * (1 + plan.growthPercent / 100) ** index + 1e-9));
}
