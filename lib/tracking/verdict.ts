import { isbot } from "isbot";
import type { Verdict } from "#drizzle/schema/tracking.ts";
import { agentRules } from "./agents.ts";

/** What is known about one hit when it is judged first. The burst rule follows when its group is written. */
export interface HitSigns {
  method: "GET" | "HEAD";
  /** A browser or proxy said that it only fetches ahead. */
  isPrefetch: boolean;
  userAgent: string;
  /** Since the mail was accepted by the relay; null when that is not known (yet). */
  secondsSinceSent: number | null;
}

export interface Judgement {
  verdict: Verdict;
  /** The rule that decided; `no_machine_sign` when none did. */
  reason: string;
}

/** A mail is still on its way to the mailbox: nobody reads that fast. */
export const tooSoonSeconds = 2;

/**
 * The burst rule: a machine that follows a mail's links to look what is behind them. At least three links and at least
 * this share of the campaign's links, or this many, within the seconds.
 */
export const burst = { withinSeconds: 10, leastLinks: 3, share: 0.8, most: 10 } as const;

/**
 * Human or machine, from one hit alone. Rules in the order of certainty; the first that fits decides. What is stored
 * with the hit is enough to judge it again when the rules get better.
 */
export function judge(signs: HitSigns): Judgement {
  if (signs.method === "HEAD") return machine("head");
  if (signs.isPrefetch) return machine("prefetch");
  if (signs.userAgent.trim() === "") return machine("no_agent");
  const known = agentRules.find(({ pattern }) => pattern.test(signs.userAgent));
  if (known?.verdict === "machine") return machine(known.name);
  if (!known && isbot(signs.userAgent)) return machine("known_bot");
  if (signs.secondsSinceSent !== null && signs.secondsSinceSent < tooSoonSeconds) return machine("too_soon");
  return { verdict: "human", reason: known?.name ?? "no_machine_sign" };
}

/** How many different links of one mail within `burst.withinSeconds` are a burst, for a campaign with so many links. */
export function burstThreshold(linkCount: number): number {
  return Math.min(burst.most, Math.max(burst.leastLinks, Math.ceil(linkCount * burst.share)));
}

/** The prefetch headers of browsers and proxies: Sec-Purpose (standard), Purpose, X-Purpose, X-moz (older). */
export function saysPrefetch(header: (name: string) => string | null): boolean {
  return ["sec-purpose", "purpose", "x-purpose", "x-moz"].some((name) =>
    /prefetch|preview|prerender/i.test(header(name) ?? ""),
  );
}

function machine(reason: string): Judgement {
  return { verdict: "machine", reason };
}
