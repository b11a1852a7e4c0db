"use client";

import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Callout } from "#components/ui/callout.tsx";
import type { Progress } from "./use-progress.ts";

interface CanaryNoticeProps {
  /** How many go first. */
  count: number;
  canary: NonNullable<Progress["canary"]>;
  actions: ReactNode;
}

/** That only the first people get it for now, when the others follow, and the ways to hurry or stop it. */
export function CanaryNotice({ count, canary: { held, until }, actions }: CanaryNoticeProps) {
  const t = useTranslations("campaigns.live.canary");
  const format = useFormatter();
  if (until === null) {
    return (
      <Callout tone="info" title={t("goingOut", { count })} actions={actions}>
        {t("goingOutText", { held })}
      </Callout>
    );
  }
  const at = new Date(until);
  // The day too, when it is another: a wait may last until tomorrow.
  const isToday = at.getTime() - Date.now() < 12 * 3_600_000;
  const time = format.dateTime(at, isToday ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" });
  return (
    <Callout tone="info" title={t("out", { count, time })} actions={actions}>
      {t("outText", { held })}
    </Callout>
  );
}
