import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { CampaignStatusBadge } from "#components/campaigns/campaign-status-badge.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { NavTabs } from "#components/ui/nav-tabs.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { DateTime } from "#components/ui/time.tsx";
import type { ReportHead } from "#lib/reports/report-head.ts";

interface ReportHeaderProps {
  head: ReportHead;
  isMoving: boolean;
  /** Address of the CSV file; null where it may not be had. */
  exportHref: string | null;
  isFiltered?: boolean;
}

/** Whose report this is, and its pages. */
export function ReportHeader({ head, isMoving, exportHref, isFiltered }: ReportHeaderProps) {
  const t = useTranslations("reports");
  const here = `/campaigns/${head.id}`;
  return (
    <>
      <PageHeader
        title={head.name || head.subject}
        breadcrumbs={[
          { label: t("campaigns"), href: "/campaigns" },
          { label: head.name || head.subject, href: here },
          { label: t("title") },
        ]}
        badge={
          <>
            <CampaignStatusBadge status={head.status} />
            {isMoving && (
              <Badge tone="accent" dot="pulse">
                {t("live")}
              </Badge>
            )}
          </>
        }
        description={
          <>
            {head.subject}
            {head.launchedAt && (
              <>
                {" · "}
                {t.rich("sentOn", { when: () => <DateTime at={head.launchedAt ?? ""} /> })}
              </>
            )}
            {head.lists.length > 0 && ` · ${head.lists.join(", ")}`}
          </>
        }
        actions={
          <>
            {exportHref && head.launchedAt && (
              <ButtonLink href={exportHref} prefetch={false} download icon={<Download aria-hidden="true" />}>
                {t(isFiltered ? "list.exportFiltered" : "list.export")}
              </ButtonLink>
            )}
            <ButtonLink href={here} variant="ghost">
              {t("toCampaign")}
            </ButtonLink>
          </>
        }
      />
      {head.launchedAt && (
        <div className="mb-5">
          <NavTabs
            aria-label={t("title")}
            items={[
              { href: `${here}/report`, label: t("overview") },
              { href: `${here}/report/recipients`, label: t("recipients") },
            ]}
          />
        </div>
      )}
    </>
  );
}
