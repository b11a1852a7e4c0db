import type { FullLimit } from "../senders/allowance.ts";

/*
 * A campaign whose sender has used up a limit is still sending; it waits. campaign.pause_reason then is
 * "quota: <limit> <instant>", so that the page can word it for whoever reads, in the workspace's time zone.
 */

const form = /^quota: (second|minute|hour|day|warmup) (\S+)$/;

/** What is stored for a limit that is used up. */
export function quotaReason({ limit, until }: FullLimit): string {
  return `quota: ${limit} ${until.toISOString()}`;
}

/** The limit that a stored reason tells of, or null when it tells of something else. Pure. */
export function readQuota(reason: string | null): FullLimit | null {
  const [, limit, at] = form.exec(reason ?? "") ?? [];
  const until = new Date(at ?? "");
  return limit === undefined || Number.isNaN(until.getTime()) ? null : { limit: limit as FullLimit["limit"], until };
}
