import { List, Plus } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { ListDialog } from "#components/audience/list-dialog.tsx";
import { ListTable } from "#components/audience/list-table.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { listListsWithCounts } from "#lib/audience/lists.ts";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { archiveListAction, createListAction, saveListAction } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("lists"))("title") };
}

export default async function ListsPage({ searchParams }: PageProps<"/lists">) {
  const { scope } = await requireActor();
  const t = await getTranslations("lists");
  const archived = (await searchParams).show === "archived";
  const lists = await listListsWithCounts(db(), scope, { archived });
  const mayWrite = may(scope, "write");
  const add = (
    <ListDialog
      save={createListAction}
      trigger={
        <Button variant="primary" icon={<Plus aria-hidden="true" />}>
          {t("add")}
        </Button>
      }
    />
  );
  return (
    <>
      <PageHeader
        title={archived ? t("archivedTitle") : t("title")}
        description={archived ? undefined : t("description")}
        actions={mayWrite && !archived && lists.length > 0 && add}
      />
      {lists.length > 0 ? (
        <ListTable lists={lists} actions={mayWrite ? { save: saveListAction, archive: archiveListAction } : null} />
      ) : (
        <EmptyState
          icon={<List />}
          title={archived ? t("emptyArchived") : t("emptyTitle")}
          description={archived ? undefined : t("emptyText")}
          action={mayWrite && !archived && add}
        />
      )}
      <p className="mt-4 text-sm">
        <Link href={archived ? "/lists" : "/lists?show=archived"} className="link">
          {archived ? t("showActive") : t("showArchived")}
        </Link>
      </p>
    </>
  );
}
