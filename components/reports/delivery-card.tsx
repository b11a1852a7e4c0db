"use client";

import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { RelativeTime } from "#components/ui/time.tsx";
import type { StateCounts } from "#lib/delivery/counts.ts";
import type { DeliveryReport, Reason } from "#lib/reports/delivery.ts";
import { useReasonWords } from "./reason-words.tsx";
import { stateLooks } from "./state-looks.ts";
import { useShare } from "./use-share.ts";

interface DeliveryCardProps {
  campaignId: string;
  counts: StateCounts;
  frozen: number | null;
  delivery: Pick<DeliveryReport, "failed" | "skipped" | "deferred" | "nextTryAt">;
  excluded: ReadonlyArray<{ reason: string; people: number }>;
  actions?: ReactNode;
}

/** What became of every message: one bar, the numbers behind it, and why. */
export function DeliveryCard({ campaignId, counts, frozen, delivery, excluded, actions }: DeliveryCardProps) {
  const t = useTranslations("reports");
  const { total } = counts;
  const shown = stateLooks.filter(({ count }) => counts[count] > 0);
  const reasons: Partial<Record<string, readonly Reason[]>> = {
    deferred: delivery.deferred,
    failed: delivery.failed,
    skipped: delivery.skipped,
  };
  return (
    <Card>
      <CardHeader
        title={t("delivery.title")}
        description={frozen === null ? t("delivery.freezing", { total }) : t("delivery.description", { total })}
        actions={actions}
      />
      <CardBody className="flex flex-col gap-5">
        <div aria-hidden="true" className="flex h-5 gap-0.5 overflow-hidden rounded-md bg-neutral-soft">
          {shown.map(({ state, count, fill }) => (
            <div
              key={state}
              className={cn("min-w-1 transition-[flex-grow] duration-500", fill)}
              style={{ flexGrow: counts[count], flexBasis: 0 }}
            />
          ))}
        </div>
        <ul className="grid gap-x-8 gap-y-4 sm:grid-cols-[repeat(auto-fill,minmax(15rem,1fr))]">
          {shown.map(({ state, count, fill }) => (
            <StateRow key={state} state={state} count={counts[count]} total={total} fill={fill} campaignId={campaignId}>
              <Reasons campaignId={campaignId} state={state} reasons={reasons[state] ?? []} />
              {state === "deferred" && delivery.nextTryAt && (
                <p className="text-sm text-muted">
                  {t.rich("delivery.nextTry", { when: () => <RelativeTime at={delivery.nextTryAt ?? ""} /> })}
                </p>
              )}
            </StateRow>
          ))}
        </ul>
        <Excluded excluded={excluded} />
      </CardBody>
    </Card>
  );
}

interface StateRowProps {
  campaignId: string;
  state: (typeof stateLooks)[number]["state"];
  count: number;
  total: number;
  fill: string;
  children: React.ReactNode;
}

function StateRow({ campaignId, state, count, total, fill, children }: StateRowProps) {
  const t = useTranslations("reports");
  const format = useFormatter();
  const share = useShare();
  return (
    <li className="min-w-0">
      <div className="flex items-baseline gap-2.5">
        <span aria-hidden="true" className={cn("size-3 shrink-0 translate-y-px rounded-sm", fill)} />
        <Link
          href={`/campaigns/${campaignId}/report/recipients?state=${state}`}
          className="link min-w-0 flex-1 font-medium"
        >
          {t(`states.${state}`)}
        </Link>
        <span className="tabular font-semibold">{format.number(count)}</span>
        <span className="tabular w-14 text-right text-sm text-muted">
          {share(count, total)}
          <span className="sr-only"> {t("delivery.share", { share: "" })}</span>
        </span>
      </div>
      <div className="mt-1 flex flex-col gap-0.5 pl-5.5">{children}</div>
    </li>
  );
}

function Reasons({ campaignId, state, reasons }: { campaignId: string; state: string; reasons: readonly Reason[] }) {
  const words = useReasonWords();
  const format = useFormatter();
  return reasons.map(({ reason, messages }) => (
    <p key={reason} className="flex gap-2 text-sm text-muted">
      <Link
        href={`/campaigns/${campaignId}/report/recipients?state=${state}&reason=${reason}`}
        className="min-w-0 flex-1 underline decoration-line underline-offset-3 hover:text-ink"
      >
        {words(reason)}
      </Link>
      <span className="tabular">{format.number(messages)}</span>
      <span aria-hidden="true" className="w-14" />
    </p>
  ));
}

function Excluded({ excluded }: Pick<DeliveryCardProps, "excluded">) {
  const t = useTranslations("reports.delivery");
  const words = useReasonWords();
  const format = useFormatter();
  const people = excluded.reduce((sum, one) => sum + one.people, 0);
  return (
    <div className="border-t border-line pt-4">
      <h3 className="font-medium">{t("excluded")}</h3>
      <p className="text-sm text-muted">{people === 0 ? t("excludedNone") : t("excludedHint", { people })}</p>
      {people > 0 && (
        <ul className="mt-2 flex flex-wrap gap-x-6 gap-y-1 text-sm">
          {excluded.map((one) => (
            <li key={one.reason}>
              {words(one.reason)} <span className="tabular font-medium">{format.number(one.people)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
