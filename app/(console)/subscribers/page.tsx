import { SearchX, Upload, Users } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { AddPersonDialog } from "#components/audience/add-person-dialog.tsx";
import { FieldFilter } from "#components/audience/field-filter.tsx";
import { SubscriberTable } from "#components/audience/subscriber-table.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FilterBar, SearchFilter, SelectFilter } from "#components/ui/filter-bar.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { listFields } from "#lib/audience/fields.ts";
import { listLists } from "#lib/audience/lists.ts";
import { countSubscribers, readSearch, searchSubscribers } from "#lib/audience/subscriber-search.ts";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { addPersonAction } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("subscribers"))("title") };
}

const params = ["q", "list", "status", "source", "field", "value", "import"] as const;
const statuses = [
  "subscribed",
  "unconfirmed",
  "unsubscribed",
  "bounced",
  "complained",
  "suppressed",
  "no_list",
] as const;
const sources = ["manual", "import", "form", "api", "sample"] as const;

export default async function SubscribersPage({ searchParams }: PageProps<"/subscribers">) {
  const { scope } = await requireActor();
  const t = await getTranslations("subscribers");
  const given = await searchParams;
  const search = readSearch(given);
  const [page, counted, lists, fields] = await Promise.all([
    searchSubscribers(db(), scope, search),
    countSubscribers(db(), scope, search),
    listLists(db(), scope),
    listFields(db(), scope),
  ]);
  const mayWrite = may(scope, "write");
  const isNarrowed = params.some((param) => given[param]);
  const isEmpty = page.rows.length === 0 && !isNarrowed && !search.after && !search.before;
  const add = (
    <AddPersonDialog
      fields={fields.map(({ key, label, type }) => ({ key, label, type }))}
      lists={lists.map(({ id, name }) => ({ id, name }))}
      listId={lists.some((list) => list.id === search.listId) ? search.listId : undefined}
      add={addPersonAction}
    />
  );
  const importPeople = (
    <ButtonLink href="/imports/new" variant="primary" icon={<Upload aria-hidden="true" />}>
      {t("import")}
    </ButtonLink>
  );
  const hrefOf = (cursor: { after: string } | { before: string }) => {
    const kept = params.flatMap((param) => (typeof given[param] === "string" ? [[param, given[param]]] : []));
    return `/subscribers?${new URLSearchParams([...kept, ...Object.entries(cursor)])}`;
  };
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          mayWrite &&
          !isEmpty && (
            <>
              {add}
              {importPeople}
            </>
          )
        }
      />
      {isEmpty ? (
        <EmptyState
          icon={<Users />}
          title={t("emptyTitle")}
          description={t("emptyText")}
          action={mayWrite && importPeople}
          secondary={mayWrite && add}
        />
      ) : (
        <>
          <FilterBar params={params}>
            <SearchFilter label={t("search")} placeholder={t("searchPlaceholder")} />
            <SelectFilter
              label={t("byList")}
              param="list"
              items={lists.map(({ id, name }) => ({ value: id, label: name }))}
              allLabel={t("everyList")}
            />
            <SelectFilter
              label={t("byStatus")}
              param="status"
              items={statuses.map((value) => ({ value, label: t(`status.${value}`) }))}
              allLabel={t("everyStatus")}
            />
            <SelectFilter
              label={t("bySource")}
              param="source"
              items={sources.map((value) => ({ value, label: t(`sourceItems.${value}`) }))}
              allLabel={t("everySource")}
            />
            {fields.length > 0 && <FieldFilter fields={fields.map(({ key, label }) => ({ key, label }))} />}
          </FilterBar>
          {page.rows.length === 0 ? (
            <EmptyState icon={<SearchX />} title={t("noneTitle")} description={t("noneText")} />
          ) : (
            <SubscriberTable rows={page.rows} listId={search.listId} />
          )}
          <Pagination
            previousHref={page.previous && hrefOf({ before: page.previous })}
            nextHref={page.next && hrefOf({ after: page.next })}
            summary={
              counted.atLeast ? t("summaryMore", { count: counted.people }) : t("summary", { count: counted.people })
            }
          />
        </>
      )}
    </>
  );
}
