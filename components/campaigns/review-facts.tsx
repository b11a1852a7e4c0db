import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { DateTime } from "#components/ui/time.tsx";
import { ExcludedList } from "./audience-count.tsx";

interface ReviewFactsProps {
  campaign: {
    name: string;
    subject: string;
    preheader: string;
    fromName: string;
    fromEmail: string;
    replyTo: string;
    trackOpens: boolean;
    trackClicks: boolean;
    inDoubtPolicy: "resend" | "hold";
    canaryCount: number | null;
    canaryMinutes: number | null;
    endsAt: Date | null;
  };
  include: readonly string[];
  exclude: readonly string[];
  sender: string | null;
  audience: { candidates: number; recipients: number; excluded: Record<string, number>; optedOutElsewhere: number };
}

/** Every choice that was made, as it will be sent. */
export function ReviewFacts({ campaign, include, exclude, sender, audience }: ReviewFactsProps) {
  const t = useTranslations("campaigns.facts");
  const format = useFormatter();
  const from = campaign.fromName ? `${campaign.fromName} <${campaign.fromEmail}>` : campaign.fromEmail;
  const facts: Array<[string, ReactNode]> = [
    ["subject", campaign.subject || "–"],
    ["preheader", campaign.preheader || "–"],
    ["from", from || "–"],
    ["replyTo", campaign.replyTo || t("sameAsFrom")],
    ["include", include.join(", ") || "–"],
    ["exclude", exclude.join(", ") || t("nobody")],
    ["sender", sender ?? "–"],
    [
      "tracking",
      t(`track.${campaign.trackOpens ? "opens" : "noOpens"}.${campaign.trackClicks ? "clicks" : "noClicks"}`),
    ],
    ...(campaign.canaryCount === null
      ? []
      : ([
          ["canary", t("canaryFirst", { count: campaign.canaryCount, minutes: campaign.canaryMinutes ?? 0 })],
        ] satisfies Array<[string, ReactNode]>)),
    ["end", campaign.endsAt ? <DateTime key="end" at={campaign.endsAt} /> : t("noEnd")],
    ["inDoubt", t(campaign.inDoubtPolicy)],
  ];
  return (
    <section aria-labelledby="facts" className="rounded-xl border border-line bg-surface p-4 shadow-xs sm:p-5">
      <h2 id="facts" className="mb-4 font-semibold">
        {t("title")}
      </h2>
      <div className="mb-4 flex flex-col gap-2 rounded-lg bg-sunken px-4 py-3">
        <p className="tabular text-2xl font-semibold" data-recipients={audience.recipients}>
          {t("recipients", { count: audience.recipients, shown: format.number(audience.recipients) })}
        </p>
        <ExcludedList summary={audience} />
      </div>
      <dl className="grid gap-x-6 gap-y-2.5 text-sm sm:grid-cols-[9rem_minmax(0,1fr)]">
        {facts.map(([key, value]) => (
          <div key={key} className="contents max-sm:flex max-sm:flex-col">
            <dt className="text-muted">{t(key)}</dt>
            <dd className="min-w-0 wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
