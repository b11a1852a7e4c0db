"use client";

import { useFormatter, useTranslations } from "next-intl";
import type { ActivityBucket } from "#lib/reports/activity.ts";
import type { ActivitySeries } from "./activity-series.ts";

interface ActivityTableProps {
  buckets: readonly ActivityBucket[];
  series: readonly ActivitySeries[];
  label: (at: Date) => string;
}

/** The numbers behind the chart; empty hours and days are left out. */
export function ActivityTable({ buckets, series, label }: ActivityTableProps) {
  const t = useTranslations("reports.activity");
  const format = useFormatter();
  const used = buckets.filter((bucket) => series.some(({ key }) => bucket[key] > 0));
  return (
    <details className="mt-3">
      <summary className="w-fit rounded-sm text-sm text-accent-text">{t("showTable")}</summary>
      <section
        aria-label={t("title")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable with the keyboard
        tabIndex={0}
        className="mt-2 max-h-80 overflow-auto rounded-lg border border-line"
      >
        <table className="w-full text-sm">
          <caption className="sr-only">{t("title")}</caption>
          <thead className="sticky top-0 bg-paper text-xs text-muted">
            <tr>
              <th scope="col" className="px-3 py-2 text-left font-medium">
                {t("from")}
              </th>
              {series.map(({ name }) => (
                <th key={name} scope="col" className="px-3 py-2 text-right font-medium">
                  {t(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {used.map((bucket) => (
              <tr key={bucket.at.getTime()}>
                <th
                  scope="row"
                  className="px-3 py-1.5 text-left font-normal whitespace-nowrap"
                  suppressHydrationWarning
                >
                  {label(bucket.at)}
                </th>
                {series.map(({ key }) => (
                  <td key={key} className="tabular px-3 py-1.5 text-right">
                    {format.number(bucket[key])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
