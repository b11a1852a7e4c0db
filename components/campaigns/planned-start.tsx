"use client";

import { CalendarClock } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";

interface PlannedStartProps {
  launchAt: Date | string;
  /** Null for "send now". */
  wallTime: string | null;
  zone: string | null;
  action: ReactNode;
}

/** When it starts, counting down, with the button that takes it back. */
export function PlannedStart({ launchAt, wallTime, zone, action }: PlannedStartProps) {
  const t = useTranslations("campaigns.live");
  const format = useFormatter();
  const at = new Date(launchAt).getTime();
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  const seconds = now === null ? null : Math.max(0, Math.ceil((at - now) / 1000));
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-4 rounded-xl border border-accent-line bg-accent-soft px-4 py-4 sm:px-5"
    >
      <CalendarClock aria-hidden="true" className="size-6 shrink-0 text-accent-text" />
      <div className="min-w-0 flex-1">
        <p className="tabular text-lg font-semibold text-accent-text" aria-live="off">
          {seconds === null
            ? t("startsSoon")
            : seconds === 0
              ? t("starting")
              : t("startsIn", { duration: durationWords(seconds, t) })}
        </p>
        {wallTime && zone && (
          <p className="text-sm">
            {t("plannedFor", {
              time: format.dateTime(new Date(launchAt), { dateStyle: "full", timeStyle: "short", timeZone: zone }),
              zone: zone.replaceAll("_", " "),
            })}
          </p>
        )}
      </div>
      {action}
    </div>
  );
}

/** "3 h 12 min", "7 s": the two greatest units. */
export function durationWords(
  seconds: number,
  t: (key: "days" | "hours" | "minutes" | "seconds", values: { count: number }) => string,
): string {
  const parts: Array<["days" | "hours" | "minutes" | "seconds", number]> = [
    ["days", Math.floor(seconds / 86_400)],
    ["hours", Math.floor((seconds % 86_400) / 3600)],
    ["minutes", Math.floor((seconds % 3600) / 60)],
    ["seconds", seconds % 60],
  ];
  const first = parts.findIndex(([, count]) => count > 0);
  if (first < 0) return t("seconds", { count: 0 });
  return parts
    .slice(first, first + 2)
    .filter(([unit, count], index) => count > 0 && (index === 0 || unit !== "seconds" || seconds < 600))
    .map(([unit, count]) => t(unit, { count }))
    .join(" ");
}
