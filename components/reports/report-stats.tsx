"use client";

import { useFormatter, useTranslations } from "next-intl";
import { Stat, StatRow } from "#components/ui/stat.tsx";
import type { EngagedPeople, Engagement } from "#lib/reports/engagement.ts";
import { useShare } from "./use-share.ts";
import { hitsOf, peopleOf, type Who } from "./who.ts";

export interface ReportNumbers {
  total: number;
  sent: number;
  people: EngagedPeople;
  /** Null when single opens and clicks are not kept any more. */
  hits: Pick<Engagement, "opens" | "clicks"> | null;
  tracked: { opens: boolean; clicks: boolean };
  who: Who;
}

/** The four numbers people look for first, each with what it is a share of. */
export function ReportStats({ total, sent, people, hits, tracked, who }: ReportNumbers) {
  const t = useTranslations("reports.stats");
  const format = useFormatter();
  const share = useShare();
  const engaged = (label: "opened" | "clicked", count: number, hitCount: number | null, isTracked: boolean) => {
    if (!isTracked) return <Stat label={t(label)} value={t("notTracked")} hint={t("notTrackedHint")} />;
    const words = { share: share(count, sent), sent: format.number(sent) };
    const hint = hitCount === null ? t("shareHint", words) : t(`${label}Hint`, { ...words, hits: hitCount });
    return <Stat label={t(label)} value={count} hint={hint} />;
  };
  return (
    <section aria-label={t("label")}>
      <StatRow className="sm:grid-cols-2 lg:grid-cols-4">
        <Stat
          label={t("accepted")}
          value={sent}
          hint={t("acceptedHint", { share: share(sent, total), total: format.number(total) })}
        />
        {engaged("opened", peopleOf(people.openedBy, who), hits && hitsOf(hits.opens, who), tracked.opens)}
        {engaged("clicked", peopleOf(people.clickedBy, who), hits && hitsOf(hits.clicks, who), tracked.clicks)}
        <Stat
          label={t("unsubscribed")}
          value={people.unsubscribed}
          hint={t("unsubscribedHint", { share: share(people.unsubscribed, sent), sent: format.number(sent) })}
        />
      </StatRow>
    </section>
  );
}
