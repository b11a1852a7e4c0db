"use client";

import { useTranslations } from "next-intl";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import type { Progress } from "./use-progress.ts";

interface LiveNoticeProps {
  campaignId: string;
  progress: Progress;
  mayLaunch: boolean;
  backToDraft: () => void;
}

/** Why a campaign stands still, in words, and what can be done about it. */
export function LiveNotice({ campaignId, progress, mayLaunch, backToDraft }: LiveNoticeProps) {
  const t = useTranslations("campaigns.live");
  const tErrors = useTranslations("errors");
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
  if (pauseReason === null) return null;
  if (status === "paused" && pauseReason === "person") {
    return <Callout tone="warning">{t("pausedByPerson")}</Callout>;
  }
  const [kind, words] = splitReason(pauseReason);
  if (status === "sending" && kind === "sender") {
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
  const titles = { content: t("pausedContent"), block: t("pausedBlock"), auth: t("pausedAuth") };
  return (
    <Callout tone="danger" title={kind in titles ? titles[kind as keyof typeof titles] : t("pausedOther")}>
      {words}
    </Callout>
  );
}

/** "block: 550 5.7.1 …" → ["block", "550 5.7.1 …"]. */
function splitReason(reason: string): [string, string] {
  const at = reason.indexOf(": ");
  return at < 0 ? ["", reason] : [reason.slice(0, at), reason.slice(at + 2)];
}
