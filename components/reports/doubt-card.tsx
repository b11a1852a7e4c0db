"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { DoubtButtons, DoubtMenu } from "#components/decisions/doubt-buttons.tsx";
import type { Decisions } from "#components/decisions/use-decision.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { RelativeTime } from "#components/ui/time.tsx";
import type { Recipient } from "#lib/reports/recipients.ts";

interface DoubtCardProps {
  campaignId: string;
  count: number;
  recipients: readonly Recipient[];
  more: boolean;
  /** Null for people who may only look, and while rows are still being written. */
  decisions: Decisions | null;
}

/** Named one by one, because nobody can say what became of them. */
export function DoubtCard({ campaignId, count, recipients, more, decisions }: DoubtCardProps) {
  const t = useTranslations("reports.doubt");
  return (
    <Callout
      tone="warning"
      title={t("title", { count: Math.max(count, recipients.length) })}
      actions={
        (more || decisions) && (
          <>
            {decisions && <DoubtButtons campaignId={campaignId} decisions={decisions} />}
            {more && (
              <ButtonLink size="sm" variant="ghost" href={`/campaigns/${campaignId}/report/recipients?state=in_doubt`}>
                {t("more")}
              </ButtonLink>
            )}
          </>
        )
      }
    >
      <p className="max-w-prose">{t("text")}</p>
      <ul className="mt-2 flex flex-col gap-1.5">
        {recipients.map((row) => (
          <li key={row.messageId} className="flex items-center gap-2">
            <span className="flex min-w-0 flex-1 flex-wrap gap-x-3">
              <Link
                className="link font-medium wrap-anywhere"
                href={`/campaigns/${campaignId}/report/recipients/${row.messageId}`}
              >
                {row.email}
              </Link>
              {row.name && <span>{row.name}</span>}
              <span className="text-muted">
                {row.nextTryAt
                  ? t.rich("resend", { when: () => <RelativeTime at={row.nextTryAt ?? ""} /> })
                  : t("hold")}
              </span>
            </span>
            {decisions && (
              <DoubtMenu
                campaignId={campaignId}
                decisions={decisions}
                one={{ messageId: row.messageId, email: row.email }}
              />
            )}
          </li>
        ))}
      </ul>
    </Callout>
  );
}
