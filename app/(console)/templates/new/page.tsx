import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { StartPicker } from "#components/editor/start-picker.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { may } from "#lib/auth/roles.ts";
import { listStarters } from "#lib/content/starters.ts";
import { createTemplateAction } from "../actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("templates"))("new") };
}

export default async function NewTemplatePage() {
  const { scope } = await requireActor();
  if (!may(scope, "write")) redirect("/templates");
  const t = await getTranslations("templates");
  return (
    <>
      <PageHeader
        title={t("new")}
        description={t("newHint")}
        breadcrumbs={[{ label: t("title"), href: "/templates" }, { label: t("new") }]}
      />
      <StartPicker
        starters={listStarters("en").map(({ key, category }) => ({ key, category }))}
        templates={[]}
        start={createTemplateAction}
      />
    </>
  );
}
