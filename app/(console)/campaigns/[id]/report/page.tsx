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
import { isId, monthOf } from "#lib/ids.ts";
import { readReports } from "#lib/replica.ts";
import { activity } from "#lib/reports/activity.ts";
import { cameBack } from "#lib/reports/came-back.ts";
import { deliveryReport } from "#lib/reports/delivery.ts";
import { engagement } from "#lib/reports/engagement.ts";
import { inDoubt } from "#lib/reports/in-doubt.ts";
import { keptDetails } from "#lib/reports/kept-details.ts";
import { linkClicks } from "#lib/reports/link-clicks.ts";
import { movingStatuses } from "#lib/reports/live.ts";
import type { Read } from "#lib/reports/recipients.ts";
import { needsFreshReads, reportHead } from "#lib/reports/report-head.ts";
import { decideAction, previewDecisionAction } from "../../decision-actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("reports"))("title") };
}

export default async function ReportPage({ params }: PageProps<"/campaigns/[id]/report">) {
  const { scope, workspace } = await requireActor();
  const { id } = await params;
  if (!isId(id)) notFound();
  const t = await getTranslations("reports.nothingYet");
  const head = await orNotFound(reportHead(db(), scope, id));
  const isMoving = movingStatuses.includes(head.status) || head.deciding !== null;
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
  const read: Read = (work) => readReports(work, { fresh: needsFreshReads(head) });
  const [delivery, back, engaged, links, hours, days, doubts, kept] = await Promise.all([
    read((db) => deliveryReport(db, scope, id)),
    // Complaints come in for days, and a person looks right after one.
    cameBack(db(), scope, id),
    read((db) => engagement(db, scope, id)),
    read((db) => linkClicks(db, scope, id)),
    read((db) => activity(db, scope, { id, launchedAt }, { unit: "hour", timeZone })),
    read((db) => activity(db, scope, { id, launchedAt }, { unit: "day", timeZone })),
    read((db) => inDoubt(db, scope, id)),
    keptDetails(db(), scope, monthOf(launchedAt)),
  ]);
  return (
    <>
      <ReportHeader head={head} isMoving={isMoving} exportHref={exportHref} />
      <CampaignReport
        head={head}
        delivery={delivery}
        cameBack={back}
        engagement={engaged}
        links={links}
        activity={{ hour: hours, day: days }}
        doubts={doubts}
        kept={kept}
        timeZone={timeZone}
        isMoving={isMoving}
        decisions={may(scope, "launch") ? { preview: previewDecisionAction, decide: decideAction, timeZone } : null}
      />
    </>
  );
}
