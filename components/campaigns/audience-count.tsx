"use client";

import { useFormatter, useTranslations } from "next-intl";
import { cn } from "#components/ui/cn.ts";
import type { AudienceState, AudienceSummary } from "./use-audience.ts";

const reasons = [
  "unsubscribed",
  "unconfirmed",
  "bounced",
  "complained",
  "suppressed",
  "excluded_list",
  "invalid",
] as const;

/** The number that would be sent to now, everyone left out by reason, and the first few by name. */
export function AudienceCount({ audience: { summary, busy } }: { audience: AudienceState }) {
  const t = useTranslations("campaigns.audience");
  const format = useFormatter();
  return (
    <section
      aria-label={t("countLabel")}
      className="flex flex-col gap-4 rounded-xl border border-line bg-surface p-4 shadow-xs sm:p-5"
    >
      <div aria-live="polite" className={cn(busy && "opacity-60")}>
        <p className="text-sm text-muted">{t("countLabel")}</p>
        <p className="tabular text-3xl font-semibold" data-recipients={summary?.recipients}>
          {summary ? format.number(summary.recipients) : "–"}
        </p>
        {!summary && !busy && <p className="text-sm text-warning-text">{t("countFailed")}</p>}
      </div>
      {summary && <ExcludedList summary={summary} />}
      {summary && summary.first.length > 0 && (
        <details className="border-t border-line pt-3 text-sm">
          <summary className="cursor-pointer font-medium">{t("who")}</summary>
          <ul className="mt-2 flex max-h-56 flex-col gap-1 overflow-y-auto">
            {summary.first.map((email) => (
              <li key={email} className="truncate">
                {email}
              </li>
            ))}
            {summary.recipients > summary.first.length && (
              <li className="text-muted">{t("andMore", { count: summary.recipients - summary.first.length })}</li>
            )}
          </ul>
        </details>
      )}
    </section>
  );
}

/** Left out, by reason; with what adds up to everybody on the lists. */
export function ExcludedList({
  summary,
}: {
  summary: Pick<AudienceSummary, "candidates" | "excluded" | "optedOutElsewhere">;
}) {
  const t = useTranslations("campaigns.audience");
  const format = useFormatter();
  const left = reasons.filter((reason) => (summary.excluded[reason] ?? 0) > 0);
  return (
    <>
      {left.length > 0 && (
        <dl className="flex flex-col gap-1 border-t border-line pt-3 text-sm">
          <div className="flex justify-between gap-4 text-muted">
            <dt>{t("candidates")}</dt>
            <dd className="tabular">{format.number(summary.candidates)}</dd>
          </div>
          {left.map((reason) => (
            <div key={reason} className="flex justify-between gap-4">
              <dt>{t(`reasons.${reason}`)}</dt>
              <dd className="tabular">−{format.number(summary.excluded[reason] ?? 0)}</dd>
            </div>
          ))}
        </dl>
      )}
      {summary.optedOutElsewhere > 0 && (
        <p className="text-sm text-muted">{t("optedOutElsewhere", { count: summary.optedOutElsewhere })}</p>
      )}
    </>
  );
}
