"use client";

import { useTranslations } from "next-intl";

/** Outcome classes and skip reasons in words; one without words is shown as it is stored. */
export function useReasonWords(): (reason: string) => string {
  const t = useTranslations("reports.reasons");
  return (reason) => (t.has(reason as "hard") ? t(reason as "hard") : t("other", { reason }));
}

export function ReasonWords({ reason }: { reason: string }) {
  return useReasonWords()(reason);
}
