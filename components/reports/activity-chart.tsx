"use client";

import { type DateTimeFormatOptions, useFormatter, useTranslations } from "next-intl";
import { useId } from "react";
import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { ActivityBucket, ActivityUnit } from "#lib/reports/activity.ts";
import type { ActivitySeries } from "./activity-series.ts";

interface ActivityChartProps {
  buckets: readonly ActivityBucket[];
  series: readonly ActivitySeries[];
  unit: ActivityUnit;
  label: (at: Date) => string;
}

const ticks = {
  hour: { weekday: "short", hour: "2-digit", minute: "2-digit" },
  day: { day: "numeric", month: "short" },
} as const satisfies Record<ActivityUnit, DateTimeFormatOptions>;

/** Opens as columns, clicks as a line; machines hatched and dashed. Left and right move through it with the keyboard. */
export function ActivityChart({ buckets, series, unit, label }: ActivityChartProps) {
  const t = useTranslations("reports.activity");
  const format = useFormatter();
  const hatch = useId();
  const rows = buckets.map((bucket) => ({ ...bucket, at: bucket.at.getTime() }));
  const axis = { stroke: "var(--line)", tick: { fill: "var(--muted)", fontSize: 12 }, tickLine: false } as const;
  return (
    <figure>
      <figcaption className="sr-only">{t("chart")}</figcaption>
      <ul className="mb-3 flex flex-wrap gap-x-5 gap-y-1 text-sm text-muted">
        {series.map((one) => (
          <li key={one.key} className="flex items-center gap-2">
            <Swatch series={one} hatch={hatch} />
            {t(one.name)}
          </li>
        ))}
      </ul>
      <div className="h-64">
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart data={rows} margin={{ top: 4, right: 4, bottom: 0, left: 0 }} title={t("title")}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="at"
              {...axis}
              minTickGap={28}
              tickFormatter={(at: number) => format.dateTime(new Date(at), ticks[unit])}
            />
            <YAxis {...axis} axisLine={false} width={36} allowDecimals={false} />
            <Tooltip
              isAnimationActive={false}
              cursor={{ fill: "var(--hover)", stroke: "var(--line)" }}
              content={({ active, payload }) => {
                const at = payload?.[0]?.payload?.at as number | undefined;
                if (!active || at === undefined) return null;
                const row = rows.find((one) => one.at === at);
                return (
                  <div className="floating px-3 py-2 text-sm">
                    <p className="font-medium">{label(new Date(at))}</p>
                    {series.map((one) => (
                      <p key={one.key} className="flex items-center justify-between gap-4">
                        <span className="flex items-center gap-2 text-muted">
                          <Swatch series={one} hatch={hatch} />
                          {t(one.name)}
                        </span>
                        <span className="tabular font-medium">{format.number(row?.[one.key] ?? 0)}</span>
                      </p>
                    ))}
                  </div>
                );
              }}
            />
            {series.map((one) =>
              one.shape === "column" ? (
                <Bar
                  key={one.key}
                  dataKey={one.key}
                  name={t(one.name)}
                  stackId="opens"
                  fill={one.isMachine ? `url(#${hatch})` : "var(--accent)"}
                  maxBarSize={36}
                  isAnimationActive={false}
                />
              ) : (
                <Line
                  key={one.key}
                  dataKey={one.key}
                  name={t(one.name)}
                  type="linear"
                  {...lineLook(one)}
                  dot={rows.length <= 40 ? { r: 2.5, fill: "var(--surface)" } : false}
                  isAnimationActive={false}
                />
              ),
            )}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
      <svg aria-hidden="true" width="0" height="0" className="absolute">
        <defs>
          <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="6" height="6" fill="var(--neutral-soft)" />
            <rect width="2.5" height="6" fill="var(--muted)" />
          </pattern>
        </defs>
      </svg>
    </figure>
  );
}

function lineLook({ isMachine }: ActivitySeries) {
  return isMachine
    ? { stroke: "var(--ink)", strokeWidth: 1.5, strokeDasharray: "4 4" }
    : { stroke: "var(--warning-text)", strokeWidth: 2 };
}

function Swatch({ series, hatch }: { series: ActivitySeries; hatch: string }) {
  return (
    <svg aria-hidden="true" width="18" height="12" className="shrink-0">
      {series.shape === "column" ? (
        <rect width="18" height="12" rx="2" fill={series.isMachine ? `url(#${hatch})` : "var(--accent)"} />
      ) : (
        <>
          <line x1="0" x2="18" y1="6" y2="6" {...lineLook(series)} />
          <circle cx="9" cy="6" r="2.5" fill="var(--surface)" {...lineLook(series)} strokeDasharray={undefined} />
        </>
      )}
    </svg>
  );
}
