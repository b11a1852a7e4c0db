/*
 * What stops a whole campaign by numbers. The counts are those of the chunk rollups, which are kept in the transactions
 * of the answers they count, and of the complaints' own rows: they hold over all workers, and no process has to remember
 * anything.
 */

/** How a campaign stands so far, in messages and answers. */
export interface BreakerCounts {
  /** Messages with an answer: sent, failed, deferred or in doubt. */
  tried: number;
  /** Messages that failed because the mailbox is not there. */
  hard: number;
  /** Answers that took a message for spam or refused it by policy. */
  block: number;
  /** Answers that refused the content. */
  content: number;
  /** Messages that were accepted. */
  sent: number;
  /** Of these, how many people complained about. */
  complaint: number;
}

interface Rule<Name extends string> {
  breaker: Name;
  /** What it counts. */
  of(counts: BreakerCounts): number;
  /** It trips when there are more than so many of them, … */
  above: number;
  /** … at least so many messages were tried … */
  leastTried: number;
  /** … and they are more than this share … */
  share: number;
  /** … of so many: those tried, unless it says otherwise. */
  outOf?(counts: BreakerCounts): number;
}

const rule = <Name extends string>(one: Rule<Name>): Rule<Name> => one;

/** In the order in which they are told: a bad list explains blocks, and not the other way round. */
const rules = [
  // 5 % of 500: a bad list is noticed within the first 500, and one wrong address of ten is no alarm.
  rule({ breaker: "hard", of: (c) => c.hard, above: 25, leastTried: 0, share: 0.05 }),
  rule({ breaker: "block", of: (c) => c.block, above: 0, leastTried: 100, share: 0.05 }),
  rule({ breaker: "content", of: (c) => c.content, above: 2, leastTried: 0, share: 0 }),
  // 0.3 % is where Gmail and Yahoo stop trusting a sender. Two may always be a slip, even of a list of ten.
  rule({
    breaker: "complaint",
    of: (c) => c.complaint,
    above: 2,
    leastTried: 0,
    share: 0.003,
    outOf: (c) => c.sent,
  }),
];

export type Breaker = (typeof rules)[number]["breaker"];
export const breakers: readonly Breaker[] = rules.map((one) => one.breaker);

/** A breaker that stops a campaign, with the numbers it goes by. */
export interface Tripped {
  breaker: Breaker;
  count: number;
  /** Out of so many: messages tried, or sent in the case of complaints. */
  tried: number;
  /** The newest answer it counted, as the server said it; "" when none is kept. */
  words: string;
}

/** The first breaker that the counts trip and nobody has overruled, or null. Pure. */
export function tripped(counts: BreakerCounts, overruled: readonly string[] = []): Omit<Tripped, "words"> | null {
  for (const { breaker, of, above, leastTried, share, outOf = (c: BreakerCounts) => c.tried } of rules) {
    const count = of(counts);
    const tried = outOf(counts);
    const trips = count > above && counts.tried >= leastTried && count > share * tried;
    if (trips && !overruled.includes(breaker)) return { breaker, count, tried };
  }
  return null;
}
