"use client";

import { useFormatter, useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Stat, StatRow } from "#components/ui/stat.tsx";
import { LaneCard } from "./lane-card.tsx";
import type { LaneActions } from "./lane-dialog.tsx";
import { RetryCard } from "./retry-card.tsx";
import { RunningCampaigns } from "./running-campaigns.tsx";
import { SendersAtWorkCard } from "./senders-at-work-card.tsx";
import { type SendingShown, useSending } from "./use-sending.ts";
import { WorkerCard } from "./worker-card.tsx";

interface SendingLiveProps {
  initial: SendingShown;
  /** Null for people who may only look. */
  laneActions: LaneActions | null;
}

/** Everything that goes out at this moment, and what it waits for. */
export function SendingLive({ initial, laneActions }: SendingLiveProps) {
  const t = useTranslations("sending");
  const { shown, isLost } = useSending(initial);
  const hasWorker = shown.workers.some(({ isAlive }) => isAlive);
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        badge={
          !isLost && (
            <Badge tone="accent" dot="pulse">
              {t("live")}
            </Badge>
          )
        }
      />
      <div className="flex flex-col gap-5">
        {isLost && (
          <Callout tone="warning" live>
            {t("connectionLost")}
          </Callout>
        )}
        {!hasWorker && (
          <Callout tone="danger" title={t("noWorker.title")} live>
            {t("noWorker.text")}
          </Callout>
        )}
        <Numbers shown={shown} />
        <RunningCampaigns campaigns={shown.campaigns} rate={shown.rate} hasWorker={hasWorker} />
        <RetryCard retries={shown.retries} />
        <SendersAtWorkCard senders={shown.senders} />
        <LaneCard lanes={shown.lanes} actions={laneActions} />
        <WorkerCard workers={shown.workers} />
      </div>
    </>
  );
}

/** The queue of the workspace by state: what the campaigns below add up to, with those that have just ended. */
function Numbers({ shown }: { shown: SendingShown }) {
  const t = useTranslations("sending.stats");
  const format = useFormatter();
  const sum = (state: "pending" | "sending" | "deferred" | "inDoubt" | "failed") =>
    shown.campaigns.reduce((total, { counts }) => total + counts[state], 0);
  const perSecond = shown.rate?.perSecond ?? null;
  const pending = sum("pending");
  const minutes = perSecond && pending > 0 ? Math.floor(pending / perSecond / 60) : null;
  return (
    <StatRow className="sm:grid-cols-3 xl:grid-cols-6">
      <Stat
        label={t("rate")}
        value={
          perSecond === null
            ? t("rateUnknown")
            : format.number(perSecond, { maximumFractionDigits: perSecond < 10 ? 1 : 0 })
        }
        hint={minutes === null ? t("rateHint") : t("left", { minutes })}
      />
      <Stat label={t("pending")} value={pending} />
      <Stat label={t("sending")} value={sum("sending")} />
      <Stat label={t("deferred")} value={sum("deferred")} hint={t("deferredHint")} />
      <Stat label={t("inDoubt")} value={sum("inDoubt")} />
      <Stat label={t("failed")} value={sum("failed")} />
    </StatRow>
  );
}
