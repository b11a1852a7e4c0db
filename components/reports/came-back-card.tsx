"use client";

import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import type { CameBack } from "#lib/reports/came-back.ts";
import { useShare } from "./use-share.ts";

/** Complaints and bounces that came in after a server had accepted the mail; each leads to its people. */
export function CameBackCard({ campaignId, sent, cameBack }: { campaignId: string; sent: number; cameBack: CameBack }) {
  const t = useTranslations("reports.cameBack");
  const format = useFormatter();
  const share = useShare();
  const { complaints, bounces, hardBounces } = cameBack;
  const rows = [
    {
      key: "complaints",
      did: "complained",
      count: complaints,
      hint: t("complaintsHint", { share: share(complaints, sent), sent: format.number(sent) }),
    },
    { key: "bounces", did: "bounced", count: bounces, hint: t("bouncesHint", { hard: hardBounces }) },
  ] as const;
  return (
    <Card>
      <CardHeader title={t("title")} />
      <CardBody>
        {complaints + bounces === 0 ? (
          <p className="text-sm text-muted">{t("none")}</p>
        ) : (
          <ul className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
            {rows.map(({ key, did, count, hint }) => (
              <li key={key} className="min-w-0">
                <p className="flex items-baseline gap-2.5">
                  {count > 0 ? (
                    <Link
                      href={`/campaigns/${campaignId}/report/recipients?did=${did}`}
                      className="link min-w-0 flex-1 font-medium"
                    >
                      {t(key)}
                    </Link>
                  ) : (
                    <span className="min-w-0 flex-1 font-medium">{t(key)}</span>
                  )}
                  <span className="tabular font-semibold">{format.number(count)}</span>
                </p>
                {count > 0 && <p className="mt-1 text-sm text-muted">{hint}</p>}
              </li>
            ))}
          </ul>
        )}
      </CardBody>
    </Card>
  );
}
