import { Plus, TextCursorInput } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { FieldDialog } from "#components/audience/field-dialog.tsx";
import { FieldTable } from "#components/audience/field-table.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { listFields } from "#lib/audience/fields.ts";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { archiveFieldAction, createFieldAction, renameFieldAction } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("fields"))("title") };
}

export default async function FieldsPage({ searchParams }: PageProps<"/fields">) {
  const { scope } = await requireActor();
  const t = await getTranslations("fields");
  const archived = (await searchParams).show === "archived";
  const fields = await listFields(db(), scope, { archived: archived ? "only" : "without" });
  const mayWrite = may(scope, "write");
  const add = (
    <FieldDialog
      create={createFieldAction}
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
        actions={mayWrite && !archived && fields.length > 0 && add}
      />
      {fields.length > 0 ? (
        <FieldTable
          fields={fields}
          actions={mayWrite ? { rename: renameFieldAction, archive: archiveFieldAction } : null}
        />
      ) : (
        <EmptyState
          icon={<TextCursorInput />}
          title={archived ? t("emptyArchived") : t("emptyTitle")}
          description={archived ? undefined : t("emptyText")}
          action={mayWrite && !archived && add}
        />
      )}
      <p className="mt-4 text-sm">
        <Link href={archived ? "/fields" : "/fields?show=archived"} className="link">
          {archived ? t("showActive") : t("showArchived")}
        </Link>
      </p>
    </>
  );
}
