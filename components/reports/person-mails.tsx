import Link from "next/link";
import { useTranslations } from "next-intl";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { DateTime } from "#components/ui/time.tsx";
import type { PersonMail } from "#lib/reports/message-timeline.ts";
import { FeedbackBadge, StateBadge } from "./message-card.tsx";
import { ReasonWords } from "./reason-words.tsx";

/** The campaigns a person got or was to get; each leads to what became of the mail. */
export function PersonMails({ mails }: { mails: readonly PersonMail[] }) {
  const t = useTranslations("timeline");
  return (
    <Card>
      <CardHeader title={t("mails")} description={t("mailsHint")} />
      <CardBody>
        {mails.length === 0 ? (
          <p className="text-sm text-muted">{t("noMails")}</p>
        ) : (
          <ul className="divide-y divide-line">
            {mails.map((mail) => (
              <li
                key={mail.messageId}
                className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5 first:pt-0 last:pb-0"
              >
                <div className="min-w-0 flex-1">
                  <Link
                    href={`/campaigns/${mail.campaignId}/report/recipients/${mail.messageId}`}
                    className="link font-medium wrap-anywhere"
                  >
                    {mail.campaign || t("untitled")}
                  </Link>
                  <p className="text-sm text-muted">
                    <DateTime at={mail.launchedAt} />
                    {mail.reason && mail.state !== "sent" && (
                      <>
                        {" · "}
                        <ReasonWords reason={mail.reason} />
                      </>
                    )}
                  </p>
                </div>
                {mail.cameBack.map((kind) => (
                  <FeedbackBadge key={kind} kind={kind} />
                ))}
                <StateBadge state={mail.state} />
              </li>
            ))}
          </ul>
        )}
      </CardBody>
    </Card>
  );
}
