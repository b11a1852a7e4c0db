"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { readPauseReason } from "#lib/campaigns/pause-reason.ts";
import { readQuota } from "#lib/campaigns/quota-reason.ts";
import { QuotaNotice } from "./quota-notice.tsx";
import type { Progress } from "./use-progress.ts";

interface LiveNoticeProps {
  campaignId: string;
  progress: Progress;
  mayLaunch: boolean;
  backToDraft: () => void;
  /** What a person may do about a breaker that stopped it. */
  overrule: ReactNode;
}

/** Why a campaign stands still, in words, and what can be done about it. */
export function LiveNotice({ campaignId, progress, mayLaunch, backToDraft, overrule }: LiveNoticeProps) {
  const t = useTranslations("campaigns.live");
  const tErrors = useTranslations("errors");
  const tOverrule = useTranslations("campaigns.overrule");
  const { status, pauseReason } = progress;
  if (status === "missed") {
    const why =
      pauseReason && tErrors.has(pauseReason)
        ? t("unfit", {
            reason: tErrors(pauseReason, {
              count: 0,
              line: 0,
              message: "",
              where: "content",
              from: "",
              replyTo: "",
              url: "",
            }),
          })
        : t("missedText");
    return (
      <Callout
        tone="warning"
        title={t("missedTitle")}
        actions={
          mayLaunch && (
            <>
              <Button size="sm" onClick={backToDraft}>
                {t("backToDraft")}
              </Button>
              <ButtonLink size="sm" variant="primary" href={`/campaigns/${campaignId}/review`}>
                {t("reviewAgain")}
              </ButtonLink>
            </>
          )
        }
      >
        {why}
      </Callout>
    );
  }
  const quota = status === "sending" ? readQuota(pauseReason) : null;
  if (quota) return <QuotaNotice quota={quota} />;
  if (pauseReason === null) return null;
  const reason = readPauseReason(pauseReason);
  if (status === "paused" && reason.kind === "person") {
    return <Callout tone="warning">{t("pausedByPerson")}</Callout>;
  }
  if (status === "paused" && reason.kind === "copy") {
    return <Callout tone="warning">{t("pausedInCopy")}</Callout>;
  }
  if (status === "paused" && reason.kind === "breaker") {
    const { breaker, count, tried, words } = reason;
    return (
      <Callout tone="danger" title={t(`stopped.${breaker}`)} actions={mayLaunch && overrule}>
        <p>{tOverrule(`numbers.${breaker}`, { count, tried, share: tried > 0 ? count / tried : 0 })}</p>
        {words !== "" && <p className="mt-1 text-muted wrap-anywhere">{words}</p>}
      </Callout>
    );
  }
  const words = reason.kind === "person" || reason.kind === "copy" ? "" : reason.words;
  if (status === "sending" && reason.kind === "sender") {
    return (
      <Callout
        tone="warning"
        title={t("senderAway")}
        actions={
          <ButtonLink size="sm" href="/senders">
            {t("toSenders")}
          </ButtonLink>
        }
      >
        {words}
      </Callout>
    );
  }
  if (status !== "paused") return null;
  return (
    <Callout tone="danger" title={reason.kind === "auth" ? t("pausedAuth") : t("pausedOther")}>
      {words}
    </Callout>
  );
}
