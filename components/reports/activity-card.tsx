"use client";

import dynamic from "next/dynamic";
import { type DateTimeFormatOptions, useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { ActivityBucket, ActivityUnit } from "#lib/reports/activity.ts";
import { activitySeries } from "./activity-series.ts";
import { ActivityTable } from "./activity-table.tsx";
import type { Who } from "./who.ts";

// The chart library is large and nobody needs it to read the numbers.
const ActivityChart = dynamic(() => import("./activity-chart.tsx").then((found) => found.ActivityChart), {
  ssr: false,
  loading: () => <Skeleton className="h-64 w-full" />,
});

interface ActivityCardProps {
  activity: Record<ActivityUnit, ActivityBucket[]>;
  timeZone: string;
  who: Who;
  tracked: { opens: boolean; clicks: boolean };
}

export const bucketShapes = {
  hour: { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
  day: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
} as const satisfies Record<ActivityUnit, DateTimeFormatOptions>;

/** When people opened and clicked: a chart, and the same numbers as a table. */
export function ActivityCard({ activity, timeZone, who, tracked }: ActivityCardProps) {
  const t = useTranslations("reports.activity");
  const format = useFormatter();
  const [chosen, setChosen] = useState<ActivityUnit | null>(null);
  // A campaign of yesterday is looked at by the hour, an older one by the day.
  const unit = chosen ?? (activity.day.length > 4 ? "day" : "hour");
  const buckets = activity[unit];
  const series = activitySeries(who, tracked);
  const isEmpty = buckets.every((bucket) => series.every(({ key }) => bucket[key] === 0));
  const label = (at: Date) => format.dateTime(at, bucketShapes[unit]);
  return (
    <Card>
      <CardHeader
        title={t("title")}
        description={
          series.length === 0
            ? undefined
            : `${t("description", { zone: timeZone })}${unit === "hour" ? ` ${t("hourHint", { count: buckets.length })}` : ""}`
        }
        actions={
          series.length > 0 && (
            <SegmentedControl
              label={t("unit")}
              items={[
                { value: "hour", label: t("hour") },
                { value: "day", label: t("day") },
              ]}
              value={unit}
              onValueChange={setChosen}
            />
          )
        }
      />
      <CardBody>
        {series.length === 0 && <p className="text-muted">{t("off")}</p>}
        {series.length > 0 && isEmpty && <p className="text-muted">{t("empty")}</p>}
        {series.length > 0 && !isEmpty && (
          <>
            <ActivityChart buckets={buckets} series={series} unit={unit} label={label} />
            <ActivityTable buckets={buckets} series={series} label={label} />
          </>
        )}
        {series.length > 0 && !tracked.opens && <p className="mt-2 text-sm text-muted">{t("clicksOnly")}</p>}
        {series.length > 0 && !tracked.clicks && <p className="mt-2 text-sm text-muted">{t("opensOnly")}</p>}
      </CardBody>
    </Card>
  );
}
