import { ChartNoAxesColumn } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { orNotFound } from "#app/_web/or-not-found.ts";
import { CampaignReport } from "#components/reports/campaign-report.tsx";
import { ReportHeader } from "#components/reports/report-header.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { isId } from "#lib/ids.ts";
import { activity } from "#lib/reports/activity.ts";
import { deliveryReport } from "#lib/reports/delivery.ts";
import { engagement } from "#lib/reports/engagement.ts";
import { inDoubt } from "#lib/reports/in-doubt.ts";
import { linkClicks } from "#lib/reports/link-clicks.ts";
import { movingStatuses } from "#lib/reports/live.ts";
import { reportHead } from "#lib/reports/report-head.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("reports"))("title") };
}

export default async function ReportPage({ params }: PageProps<"/campaigns/[id]/report">) {
  const { scope, workspace } = await requireActor();
  const { id } = await params;
  if (!isId(id)) notFound();
  const t = await getTranslations("reports.nothingYet");
  const head = await orNotFound(reportHead(db(), scope, id));
  const isMoving = movingStatuses.includes(head.status);
  const exportHref = may(scope, "export") ? `/api/campaigns/${id}/report/recipients` : null;
  const { launchedAt } = head;
  if (!launchedAt) {
    return (
      <>
        <ReportHeader head={head} isMoving={false} exportHref={null} />
        <EmptyState
          icon={<ChartNoAxesColumn aria-hidden="true" />}
          title={t("title")}
          action={<ButtonLink href={`/campaigns/${id}`}>{t("action")}</ButtonLink>}
        />
      </>
    );
  }
  const { timeZone } = workspace;
  const [delivery, engaged, links, hours, days, doubts] = await Promise.all([
    deliveryReport(db(), scope, id),
    engagement(db(), scope, id),
    linkClicks(db(), scope, id),
    activity(db(), scope, { id, launchedAt }, { unit: "hour", timeZone }),
    activity(db(), scope, { id, launchedAt }, { unit: "day", timeZone }),
    inDoubt(db(), scope, id),
  ]);
  return (
    <>
      <ReportHeader head={head} isMoving={isMoving} exportHref={exportHref} />
      <CampaignReport
        head={head}
        delivery={delivery}
        engagement={engaged}
        links={links}
        activity={{ hour: hours, day: days }}
        doubts={doubts}
        timeZone={timeZone}
        isMoving={isMoving}
      />
    </>
  );
}
