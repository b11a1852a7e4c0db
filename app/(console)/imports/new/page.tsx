import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { UploadBox } from "#components/audience/upload-box.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { may } from "#lib/auth/roles.ts";
import { config } from "#lib/config.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("imports"))("newTitle") };
}

export default async function NewImportPage() {
  const { scope } = await requireActor();
  if (!may(scope, "write")) redirect("/imports");
  const t = await getTranslations("imports");
  return (
    <>
      <PageHeader
        title={t("newTitle")}
        description={t("newDescription")}
        breadcrumbs={[{ label: t("title"), href: "/imports" }, { label: t("newTitle") }]}
      />
      <UploadBox maxBytes={config().IMPORT_MAX_BYTES} />
    </>
  );
}
