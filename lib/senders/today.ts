import type { WarmupPlan } from "#drizzle/schema/senders.ts";
import { warmupAt } from "./warmup.ts";

/** What of a sender's quota is used, over the last 24 hours; a plan's cap is that of today. */
interface Today {
  used: number;
  cap: number;
  /** Whether the warm-up plan is what holds. */
  isWarmup: boolean;
}

/** Null for a sender without a limit per day and without a plan under way at `now`. */
export function todayOf(
  sender: { ratePerDay: number | null; warmup: WarmupPlan | null },
  used: number,
  now: Date,
): Today | null {
  const plan = warmupAt(sender.warmup, now);
  if (plan && plan.cap < (sender.ratePerDay ?? Number.POSITIVE_INFINITY))
    return { used, cap: plan.cap, isWarmup: true };
  return sender.ratePerDay === null ? null : { used, cap: sender.ratePerDay, isWarmup: false };
}
