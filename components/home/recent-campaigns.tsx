import { Send } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { CampaignStatusBadge } from "#components/campaigns/campaign-status-badge.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { RelativeTime } from "#components/ui/time.tsx";

interface RecentCampaignsProps {
  campaigns: Array<{ id: string; name: string; status: string; updatedAt: Date; frozenCount: number | null }>;
}

export function RecentCampaigns({ campaigns }: RecentCampaignsProps) {
  const t = useTranslations("home");
  return (
    <Card>
      <CardHeader
        title={t("recent")}
        actions={
          campaigns.length > 0 && (
            <ButtonLink href="/campaigns" size="sm" variant="ghost">
              {t("allCampaigns")}
            </ButtonLink>
          )
        }
      />
      <CardBody>
        {campaigns.length === 0 ? (
          <EmptyState
            icon={<Send aria-hidden="true" />}
            title={t("noCampaigns")}
            action={<ButtonLink href="/campaigns/new">{t("newCampaign")}</ButtonLink>}
          />
        ) : (
          <ul className="flex flex-col divide-y divide-line">
            {campaigns.map((campaign) => (
              <li key={campaign.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5 first:pt-0 last:pb-0">
                <Link href={`/campaigns/${campaign.id}`} className="link min-w-0 flex-1 basis-48 truncate font-medium">
                  {campaign.name}
                </Link>
                {campaign.frozenCount !== null && (
                  <span className="tabular text-sm text-muted">
                    {t("peopleCount", { count: campaign.frozenCount })}
                  </span>
                )}
                <CampaignStatusBadge status={campaign.status} />
                <span className="text-sm text-muted">
                  <RelativeTime at={campaign.updatedAt} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </CardBody>
    </Card>
  );
}
