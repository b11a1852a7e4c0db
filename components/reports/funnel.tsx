"use client";

import { useFormatter, useTranslations } from "next-intl";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import type { ReportNumbers } from "./report-stats.tsx";
import { useShare } from "./use-share.ts";
import { peopleOf } from "./who.ts";

/** How many are left from step to step; each says what it is a share of. */
export function Funnel({ total, sent, people, tracked, who }: ReportNumbers) {
  const t = useTranslations("reports.funnel");
  const format = useFormatter();
  const share = useShare();
  const opened = peopleOf(people.openedBy, who);
  const clicked = peopleOf(people.clickedBy, who);
  const steps = [
    { key: "recipients", count: total, of: [], fill: "bg-neutral-line" },
    { key: "accepted", count: sent, of: [t("ofRecipients", { share: share(sent, total) })], fill: "bg-accent-line" },
    ...(tracked.opens
      ? [
          {
            key: "opened",
            count: opened,
            of: [t("ofAccepted", { share: share(opened, sent) })],
            fill: "bg-accent",
          } as const,
        ]
      : []),
    ...(tracked.clicks
      ? [
          {
            key: "clicked",
            count: clicked,
            of: [
              t("ofAccepted", { share: share(clicked, sent) }),
              ...(tracked.opens && opened > 0 && clicked <= opened
                ? [t("ofOpened", { share: share(clicked, opened) })]
                : []),
            ],
            fill: "bg-brass",
          } as const,
        ]
      : []),
  ] as const;
  return (
    <Card>
      <CardHeader title={t("title")} />
      <CardBody>
        <ol className="flex flex-col gap-4">
          {steps.map(({ key, count, of, fill }) => (
            <li key={key}>
              <p className="flex items-baseline justify-between gap-3">
                <span className="min-w-0">{t(key)}</span>
                <span className="tabular font-semibold">{format.number(count)}</span>
              </p>
              <div aria-hidden="true" className="mt-1 h-3 rounded-sm bg-neutral-soft">
                <div
                  className={cn("h-full rounded-sm transition-[width] duration-500", fill)}
                  style={{ width: total > 0 ? `${Math.max((count / total) * 100, count > 0 ? 0.8 : 0)}%` : 0 }}
                />
              </div>
              {of.length > 0 && <p className="mt-0.5 text-xs text-muted">{of.join(" · ")}</p>}
            </li>
          ))}
        </ol>
      </CardBody>
    </Card>
  );
}
