import { FileUp, Upload } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { ImportTable } from "#components/audience/import-table.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { listImports } from "#lib/audience/import/imports.ts";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("imports"))("title") };
}

export default async function ImportsPage() {
  const { scope } = await requireActor();
  const t = await getTranslations("imports");
  const imports = await listImports(db(), scope);
  const start = may(scope, "write") && (
    <ButtonLink href="/imports/new" variant="primary" icon={<Upload aria-hidden="true" />}>
      {t("new")}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} actions={imports.length > 0 && start} />
      {imports.length > 0 ? (
        <ImportTable imports={imports} />
      ) : (
        <EmptyState icon={<FileUp />} title={t("emptyTitle")} description={t("emptyText")} action={start} />
      )}
    </>
  );
}
