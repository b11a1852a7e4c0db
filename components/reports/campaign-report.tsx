"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { AgainButtons } from "#components/decisions/again-buttons.tsx";
import { DecisionProgress } from "#components/decisions/decision-progress.tsx";
import type { Decisions } from "#components/decisions/use-decision.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import type { ActivityBucket, ActivityUnit } from "#lib/reports/activity.ts";
import type { CameBack } from "#lib/reports/came-back.ts";
import type { DeliveryReport } from "#lib/reports/delivery.ts";
import type { Engagement } from "#lib/reports/engagement.ts";
import type { KeptDetails } from "#lib/reports/kept-details.ts";
import type { LinkClicks } from "#lib/reports/link-clicks.ts";
import type { LiveReport } from "#lib/reports/live.ts";
import type { Recipient } from "#lib/reports/recipients.ts";
import type { ReportHead } from "#lib/reports/report-head.ts";
import { ActivityCard } from "./activity-card.tsx";
import { CameBackCard } from "./came-back-card.tsx";
import { DeliveryCard } from "./delivery-card.tsx";
import { DoubtCard } from "./doubt-card.tsx";
import { Funnel } from "./funnel.tsx";
import { LinksTable } from "./links-table.tsx";
import { ReportStats } from "./report-stats.tsx";
import { useLiveReport } from "./use-live-report.ts";
import type { Who } from "./who.ts";

export interface CampaignReportData {
  head: ReportHead;
  delivery: DeliveryReport;
  cameBack: CameBack;
  engagement: Engagement;
  links: LinkClicks[];
  activity: Record<ActivityUnit, ActivityBucket[]>;
  doubts: { recipients: Recipient[]; more: boolean };
  kept: KeptDetails;
  timeZone: string;
  /** The campaign is under way: numbers are asked for every second. */
  isMoving: boolean;
  /** Null for people who may only look. */
  decisions: Decisions | null;
}

const canBeDecided = ["sending", "paused", "finished", "cancelled"];

/** A campaign's report, whole; while mails go out its numbers move by themselves. */
export function CampaignReport({
  head,
  delivery,
  cameBack,
  engagement,
  links,
  activity,
  doubts,
  kept,
  timeZone,
  isMoving,
  decisions,
}: CampaignReportData) {
  const t = useTranslations("reports.who");
  const tGone = useTranslations("reports.gone");
  const [who, setWho] = useState<Who>("human");
  const { status, pauseReason, frozen, deciding } = head;
  const initial: LiveReport = { status, pauseReason, frozen, deciding, counts: delivery.counts, people: engagement };
  const live = useLiveReport(head.id, initial, isMoving);
  const tracked = { opens: head.trackOpens, clicks: head.trackClicks };
  const numbers = { sent: live.counts.sent, people: live.people, hits: kept.hits ? engagement : null, tracked, who };
  const hint = { human: t("hintHuman"), machine: t("hintMachine"), any: t("hintAny") }[who];
  return (
    <div className="flex flex-col gap-5">
      {!(kept.recipients && kept.hits) && (
        <Callout title={tGone("title")}>
          {!kept.hits && <p>{tGone("hits")}</p>}
          {!kept.recipients && <p>{tGone("recipients")}</p>}
        </Callout>
      )}
      {(tracked.opens || tracked.clicks) && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <SegmentedControl
            label={t("label")}
            items={[
              { value: "human", label: t("human") },
              { value: "machine", label: t("machine") },
              { value: "any", label: t("any") },
            ]}
            value={who}
            onValueChange={setWho}
          />
          <p className="text-sm text-muted">{hint}</p>
        </div>
      )}
      <ReportStats {...numbers} total={live.counts.total} />
      <DeliveryCard
        campaignId={head.id}
        counts={live.counts}
        frozen={live.frozen}
        delivery={delivery}
        excluded={head.excluded}
        actions={
          decisions &&
          !live.deciding && (
            <AgainButtons campaignId={head.id} status={live.status} delivery={delivery} decisions={decisions} />
          )
        }
      />
      {live.deciding && <DecisionProgress deciding={live.deciding} />}
      {kept.recipients && live.counts.sent > 0 && (
        <CameBackCard campaignId={head.id} sent={live.counts.sent} cameBack={cameBack} />
      )}
      {doubts.recipients.length > 0 && (
        <DoubtCard
          campaignId={head.id}
          count={live.counts.inDoubt}
          {...doubts}
          decisions={canBeDecided.includes(live.status) && !live.deciding ? decisions : null}
        />
      )}
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,5fr)]">
        <Funnel {...numbers} total={live.counts.total} />
        <ActivityCard activity={activity} timeZone={timeZone} who={who} tracked={tracked} />
      </div>
      <LinksTable links={kept.hits ? links : null} sent={live.counts.sent} who={who} isTracked={tracked.clicks} />
    </div>
  );
}
