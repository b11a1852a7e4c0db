"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { ButtonLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { RelativeTime } from "#components/ui/time.tsx";
import type { Recipient } from "#lib/reports/recipients.ts";

interface DoubtCardProps {
  campaignId: string;
  count: number;
  recipients: readonly Recipient[];
  more: boolean;
}

/** Named one by one, because nobody can say what became of them. */
export function DoubtCard({ campaignId, count, recipients, more }: DoubtCardProps) {
  const t = useTranslations("reports.doubt");
  return (
    <Callout
      tone="warning"
      title={t("title", { count: Math.max(count, recipients.length) })}
      actions={
        more && (
          <ButtonLink size="sm" href={`/campaigns/${campaignId}/report/recipients?state=in_doubt`}>
            {t("more")}
          </ButtonLink>
        )
      }
    >
      <p className="max-w-prose">{t("text")}</p>
      <ul className="mt-2 flex flex-col gap-1.5">
        {recipients.map((row) => (
          <li key={row.email} className="flex flex-wrap gap-x-3">
            {row.subscriberId ? (
              <Link className="link font-medium" href={`/subscribers/${row.subscriberId}`}>
                {row.email}
              </Link>
            ) : (
              <span className="font-medium">{row.email}</span>
            )}
            {row.name && <span>{row.name}</span>}
            <span className="text-muted">
              {row.nextTryAt ? t.rich("resend", { when: () => <RelativeTime at={row.nextTryAt ?? ""} /> }) : t("hold")}
            </span>
          </li>
        ))}
      </ul>
    </Callout>
  );
}
