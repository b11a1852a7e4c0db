/** Accepted messages per second, of all campaigns together and of each. */
export interface SendingRate {
  perSecond: number;
  byCampaign: Record<string, number>;
}

interface Look {
  atMs: number;
  sent: ReadonlyMap<string, number>;
}

/** Over so many seconds a rate is measured: short enough to be "now", long enough not to jump. */
const windowMs = 5000;

/**
 * Measures how fast mail goes out from the differences between looks at the rollups: each call is one look, `atMs` by a
 * monotonic clock. Null until there are two looks to compare. A campaign counts from the first look it is in, so that
 * one that turns up with a million sent is no burst, and never less than nothing.
 */
export function rateMeter(): (
  atMs: number,
  campaigns: ReadonlyArray<{ id: string; counts: { sent: number } }>,
) => SendingRate | null {
  const looks: Look[] = [];
  return (atMs, campaigns) => {
    const now: Look = { atMs, sent: new Map(campaigns.map(({ id, counts }) => [id, counts.sent])) };
    looks.push(now);
    // The newest look that is a whole window old stays: what is compared spans the window.
    while (looks.length > 2 && atMs - (looks[1]?.atMs ?? atMs) >= windowMs) looks.shift();
    const seconds = (atMs - (looks[0]?.atMs ?? atMs)) / 1000;
    if (seconds <= 0) return null;
    const byCampaign: Record<string, number> = {};
    let perSecond = 0;
    for (const [id, sent] of now.sent) {
      const before = looks.find((look) => look.sent.has(id))?.sent.get(id) ?? sent;
      const rate = Math.max(0, sent - before) / seconds;
      byCampaign[id] = rate;
      perSecond += rate;
    }
    return { perSecond, byCampaign };
  };
}
