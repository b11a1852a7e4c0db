import { Plus, Send } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { CampaignTable } from "#components/campaigns/campaign-table.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FilterBar, SearchFilter, SelectFilter } from "#components/ui/filter-bar.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { may } from "#lib/auth/roles.ts";
import { countCampaigns, listCampaigns } from "#lib/campaigns/find.ts";
import { campaignListQuery } from "#lib/campaigns/input.ts";
import { db } from "#lib/db.ts";
import { archiveDraftAction, duplicateCampaignAction } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("campaigns"))("title") };
}

export default async function CampaignsPage({ searchParams }: PageProps<"/campaigns">) {
  const { scope } = await requireActor();
  const t = await getTranslations("campaigns");
  const { q, show, after } = campaignListQuery.parse(await searchParams);
  const group = show === "deleted" ? undefined : show;
  const [{ rows, next }, counts] = await Promise.all([
    listCampaigns(db(), scope, { query: q, group, archived: show === "deleted", after }),
    countCampaigns(db(), scope),
  ]);
  const isFiltered = q !== undefined || show !== undefined || after !== undefined;
  const newButton = may(scope, "write") && (
    <ButtonLink href="/campaigns/new" variant="primary" icon={<Plus aria-hidden="true" />}>
      {t("new")}
    </ButtonLink>
  );
  const groups = ["drafts", "scheduled", "sending", "sent"] as const;
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} actions={newButton} />
      {rows.length === 0 && !isFiltered ? (
        <EmptyState icon={<Send aria-hidden="true" />} title={t("empty")} action={newButton} />
      ) : (
        <>
          <FilterBar params={["q", "show"]}>
            <SearchFilter label={t("search")} placeholder={t("search")} />
            <SelectFilter
              label={t("show")}
              param="show"
              allLabel={t("all")}
              items={[
                ...groups.map((value) => ({ value, label: t(`groups.${value}`, { count: counts[value] }) })),
                { value: "deleted", label: t("groups.deleted") },
              ]}
            />
          </FilterBar>
          {rows.length === 0 ? (
            <EmptyState icon={<Send aria-hidden="true" />} title={t("noMatch")} />
          ) : (
            <CampaignTable
              campaigns={rows}
              isDeleted={show === "deleted"}
              mayWrite={may(scope, "write")}
              duplicate={duplicateCampaignAction}
              archive={archiveDraftAction}
            />
          )}
          {(after || next) && (
            <Pagination
              previousHref={after ? "/campaigns" : null}
              nextHref={
                next &&
                `/campaigns?${new URLSearchParams({ ...(q ? { q } : {}), ...(show ? { show } : {}), after: next })}`
              }
            />
          )}
        </>
      )}
    </>
  );
}
