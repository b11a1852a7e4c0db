import { ChartColumn } from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { CampaignStatusBadge } from "#components/campaigns/campaign-status-badge.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Progress } from "#components/ui/progress.tsx";
import { readPauseReason } from "#lib/campaigns/pause-reason.ts";
import { readQuota } from "#lib/campaigns/quota-reason.ts";
import type { RunningCampaign } from "#lib/reports/sending.ts";
import type { SendingRate } from "#lib/reports/sending-rate.ts";

interface RunningCampaignsProps {
  campaigns: readonly RunningCampaign[];
  rate: SendingRate | null;
  hasWorker: boolean;
}

/** What is under way, each with its bar, its states, and why it stands still where it does. */
export function RunningCampaigns({ campaigns, rate, hasWorker }: RunningCampaignsProps) {
  const t = useTranslations("sending.campaigns");
  return (
    <Card>
      <CardHeader title={t("title")} />
      <CardBody>
        {campaigns.length === 0 ? (
          <p className="text-sm text-muted">
            {t("empty")} {t("emptyHint")}
          </p>
        ) : (
          <ul className="divide-y divide-line">
            {campaigns.map((campaign) => (
              <li key={campaign.id} className="py-4 first:pt-0 last:pb-0">
                <Campaign campaign={campaign} perSecond={rate?.byCampaign[campaign.id] ?? null} hasWorker={hasWorker} />
              </li>
            ))}
          </ul>
        )}
      </CardBody>
    </Card>
  );
}

const states = ["pending", "sending", "deferred", "inDoubt", "failed", "skipped"] as const;

function Campaign({
  campaign,
  perSecond,
  hasWorker,
}: {
  campaign: RunningCampaign;
  perSecond: number | null;
  hasWorker: boolean;
}) {
  const t = useTranslations("sending");
  const format = useFormatter();
  const { id, status, frozen, counts } = campaign;
  const name = campaign.name || t("campaigns.untitled");
  const done = counts.sent + counts.failed + counts.inDoubt + counts.skipped;
  const total = frozen ?? counts.total;
  const isFreezing = status === "freezing" || (status === "paused" && frozen === null);
  const reason = useStandstill(campaign, hasWorker);
  return (
    <div className="flex flex-col gap-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link href={`/campaigns/${id}`} className="link min-w-0 font-medium wrap-anywhere">
          {name}
        </Link>
        <CampaignStatusBadge status={status} />
        {perSecond !== null && perSecond > 0 && (
          <span className="tabular text-sm text-muted">
            {t("campaigns.rate", { rate: format.number(perSecond, { maximumFractionDigits: perSecond < 10 ? 1 : 0 }) })}
          </span>
        )}
        <ButtonLink
          href={`/campaigns/${id}/report`}
          size="sm"
          variant="ghost"
          className="ml-auto"
          icon={<ChartColumn aria-hidden="true" />}
        >
          {t("campaigns.report")}
          <span className="sr-only">: {name}</span>
        </ButtonLink>
      </div>
      <Progress
        label={name}
        hideLabel
        value={isFreezing ? null : done}
        max={Math.max(1, total)}
        valueText={isFreezing ? t("campaigns.written", { count: counts.total }) : t("campaigns.of", { done, total })}
        tone={
          status === "paused" || status.startsWith("cancel") ? "warning" : status === "finished" ? "success" : "accent"
        }
      />
      <p className="tabular flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted">
        <span className="text-ink">
          {isFreezing ? t("campaigns.written", { count: counts.total }) : t("campaigns.of", { done, total })}
        </span>
        {states.map(
          (state) =>
            counts[state] > 0 &&
            !isFreezing && (
              <span key={state}>
                {t(`stats.${state}`)} {format.number(counts[state])}
              </span>
            ),
        )}
      </p>
      {reason && <p className="max-w-prose text-sm wrap-anywhere">{reason}</p>}
    </div>
  );
}

/** Why nothing moves, where nothing does. */
function useStandstill({ status, pauseReason, counts }: RunningCampaign, hasWorker: boolean): string | null {
  const t = useTranslations("sending.reason");
  const tQuota = useTranslations("senders.quota.title");
  const tStopped = useTranslations("campaigns.live.stopped");
  const tNumbers = useTranslations("campaigns.overrule.numbers");
  const format = useFormatter();
  const reason = readPauseReason(pauseReason ?? "person");
  const words = "words" in reason ? reason.words : "";
  if (status === "paused") {
    switch (reason.kind) {
      case "person":
        return t("person");
      case "copy":
        return t("copy");
      case "breaker": {
        const { breaker, count, tried } = reason;
        const numbers = tNumbers(breaker, { count, tried, share: tried > 0 ? count / tried : 0 });
        return `${tStopped(breaker)}. ${numbers}`;
      }
      case "auth":
        return t("auth", { words });
      case "sender":
      case "other":
        return t("engine", { words });
      default:
        return reason satisfies never;
    }
  }
  if (status === "freezing") return hasWorker ? t("freezing") : t("worker");
  if (status !== "sending") return status === "cancelling" && !hasWorker ? t("worker") : null;
  if (!hasWorker) return t("worker");
  if (pauseReason !== null && reason.kind === "sender") return t("sender", { words });
  const quota = readQuota(pauseReason);
  if (quota) {
    const at = format.dateTime(quota.until, { dateStyle: "medium", timeStyle: "short" });
    return t("quota", { limit: tQuota(quota.limit), at });
  }
  if (pauseReason) return t("other", { words: pauseReason });
  if (counts.pending === 0 && counts.sending === 0 && counts.deferred > 0) return t("retries");
  return null;
}
