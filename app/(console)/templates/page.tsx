import { LayoutTemplate, Plus } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { TemplateGrid } from "#components/templates/template-grid.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FilterBar, SearchFilter, SelectFilter } from "#components/ui/filter-bar.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { may } from "#lib/auth/roles.ts";
import { listTemplates } from "#lib/campaigns/find-template.ts";
import { pageQuery } from "#lib/campaigns/input.ts";
import { db } from "#lib/db.ts";
import { createCampaignAction } from "../campaigns/actions.ts";
import { archiveTemplateAction, duplicateTemplateAction, renameTemplateAction } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("templates"))("title") };
}

export default async function TemplatesPage({ searchParams }: PageProps<"/templates">) {
  const { scope } = await requireActor();
  const t = await getTranslations("templates");
  const { q, show, after } = pageQuery.parse(await searchParams);
  const { rows, next } = await listTemplates(db(), scope, { query: q, archived: show === "archived", after });
  const isFiltered = q !== undefined || show !== undefined || after !== undefined;
  const newButton = (
    <ButtonLink href="/templates/new" variant="primary" icon={<Plus aria-hidden="true" />}>
      {t("new")}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} actions={may(scope, "write") && newButton} />
      {rows.length === 0 && !isFiltered ? (
        <EmptyState icon={<LayoutTemplate aria-hidden="true" />} title={t("empty")} action={newButton} />
      ) : (
        <>
          <FilterBar params={["q", "show"]}>
            <SearchFilter label={t("search")} placeholder={t("search")} />
            <SelectFilter
              label={t("show")}
              param="show"
              items={[{ value: "archived", label: t("archived") }]}
              allLabel={t("inUse")}
            />
          </FilterBar>
          {rows.length === 0 ? (
            <EmptyState icon={<LayoutTemplate aria-hidden="true" />} title={t("noMatch")} />
          ) : (
            <TemplateGrid
              templates={rows.map(({ id, name, version, updatedAt, archivedAt }) => ({
                id,
                name,
                version,
                updatedAt,
                isArchived: archivedAt !== null,
              }))}
              mayWrite={may(scope, "write")}
              rename={renameTemplateAction}
              duplicate={duplicateTemplateAction}
              archive={archiveTemplateAction}
              use={createCampaignAction}
            />
          )}
          {(after || next) && (
            <Pagination
              previousHref={after ? "/templates" : null}
              nextHref={
                next &&
                `/templates?${new URLSearchParams({ ...(q ? { q } : {}), ...(show ? { show } : {}), after: next })}`
              }
            />
          )}
        </>
      )}
    </>
  );
}
