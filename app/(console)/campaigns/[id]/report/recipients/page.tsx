import { UserSearch } from "lucide-react";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { orNotFound } from "#app/_web/or-not-found.ts";
import { RecipientFilters } from "#components/reports/recipient-filters.tsx";
import { RecipientsTable } from "#components/reports/recipients-table.tsx";
import { ReportHeader } from "#components/reports/report-header.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { isId, monthOf } from "#lib/ids.ts";
import { readReports } from "#lib/replica.ts";
import { deliveryReport } from "#lib/reports/delivery.ts";
import { keptDetails } from "#lib/reports/kept-details.ts";
import { movingStatuses } from "#lib/reports/live.ts";
import { listRecipients, type Read } from "#lib/reports/recipients.ts";
import { recipientPage } from "#lib/reports/recipients-input.ts";
import { needsFreshReads, reportHead } from "#lib/reports/report-head.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("reports"))("recipients") };
}

export default async function RecipientsPage({ params, searchParams }: PageProps<"/campaigns/[id]/report/recipients">) {
  const { scope } = await requireActor();
  const { id } = await params;
  if (!isId(id)) notFound();
  const head = await orNotFound(reportHead(db(), scope, id));
  if (!head.launchedAt) redirect(`/campaigns/${id}/report`);
  const { after, before, ...filter } = recipientPage.parse(await searchParams);
  const t = await getTranslations("reports.list");
  const isMoving = movingStatuses.includes(head.status);
  const read: Read = (work) => readReports(work, { fresh: needsFreshReads(head) });
  const [page, delivery, kept] = await Promise.all([
    read((db) => listRecipients(db, scope, id, { ...filter, after, before })),
    read((db) => deliveryReport(db, scope, id)),
    keptDetails(db(), scope, monthOf(head.launchedAt)),
  ]);
  const reasons = [...delivery.deferred, ...delivery.failed, ...delivery.skipped].map(({ reason }) => reason);
  const set = Object.entries(filter).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const query = (more: Record<string, string> = {}) => new URLSearchParams({ ...Object.fromEntries(set), ...more });
  const href = (cursor: Record<string, string>) => `/campaigns/${id}/report/recipients?${query(cursor)}`;
  const exportHref = may(scope, "export") ? `/api/campaigns/${id}/report/recipients?${query()}` : null;
  return (
    <>
      <ReportHeader head={head} isMoving={isMoving} exportHref={exportHref} isFiltered={set.length > 0} />
      <RecipientFilters reasons={[...new Set(reasons)]} />
      {page.rows.length === 0 ? (
        <EmptyState
          icon={<UserSearch aria-hidden="true" />}
          title={kept.recipients ? t("none") : t("gone")}
          description={kept.recipients ? t("noneHint") : t("goneHint")}
        />
      ) : (
        <RecipientsTable campaignId={id} rows={page.rows} />
      )}
      <Pagination
        previousHref={page.previous && href({ before: page.previous })}
        nextHref={page.next && href({ after: page.next })}
        summary={page.rows.length > 0 ? t("people", { count: page.rows.length }) : undefined}
      />
    </>
  );
}
