/** The limits as a form has them; null where none is set. */
export interface LimitValues {
  second: number | null;
  minute: number | null;
  hour: number | null;
  day: number | null;
}

export type LimitUnitName = keyof LimitValues;

const units = ["second", "minute", "hour", "day"] as const satisfies LimitUnitName[];

/**
 * Limits that never come to bear because one over a longer time is lower, as [idle, stronger]. Worth a hint, not an
 * error: it is possible, and somebody may mean it.
 */
export function idleLimits(limits: LimitValues): Array<[LimitUnitName, LimitUnitName]> {
  return units.flatMap((unit, i) => {
    const most = limits[unit];
    if (most === null) return [];
    const stronger = units.slice(i + 1).find((longer) => (limits[longer] ?? Number.POSITIVE_INFINITY) < most);
    return stronger ? [[unit, stronger] as [LimitUnitName, LimitUnitName]] : [];
  });
}

/** A field's text as a limit; null for what is none. */
export function limitOf(text: unknown): number | null {
  return typeof text === "string" && /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : null;
}
