"use client";

import { type DateTimeFormatOptions, useFormatter, useNow } from "next-intl";

interface TimeProps {
  at: Date | string;
  className?: string;
}

/*
 * Both follow the zone of the provider above (the workspace's). The server's clock and word data may differ from the
 * browser's by a moment or a space, which is no reason for a hydration warning.
 */

/**
 * "3 minutes ago", "in 2 hours"; the exact time with its zone on hover. Keeps itself up to date. What is `past` never
 * reads as if it were to come, however late the reader's clock is.
 */
export function RelativeTime({ at, past, className }: TimeProps & { past?: boolean }) {
  const format = useFormatter();
  const drawnAt = useNow({ updateInterval: 30_000 });
  const date = new Date(at);
  // Drawn again with newer data between two updates.
  const latest = Math.max(drawnAt.getTime(), Date.now());
  const now = new Date(past ? Math.max(latest, date.getTime()) : latest);
  return (
    <time
      dateTime={date.toISOString()}
      title={format.dateTime(date, shapes.exact)}
      className={className}
      suppressHydrationWarning
    >
      {format.relativeTime(date, now)}
    </time>
  );
}

const shapes = {
  /** 24 Nov 2026 */
  date: { dateStyle: "medium" },
  /** 24 Nov 2026, 14:05 */
  minute: { dateStyle: "medium", timeStyle: "short" },
  /** Tuesday 24 November 2026 at 14:05:09 CET */
  exact: { dateStyle: "full", timeStyle: "long" },
} as const satisfies Record<string, DateTimeFormatOptions>;

export function DateTime({ at, shape = "minute", className }: TimeProps & { shape?: keyof typeof shapes }) {
  const format = useFormatter();
  const date = new Date(at);
  return (
    <time
      dateTime={date.toISOString()}
      title={format.dateTime(date, shapes.exact)}
      className={className}
      suppressHydrationWarning
    >
      {format.dateTime(date, shapes[shape])}
    </time>
  );
}
