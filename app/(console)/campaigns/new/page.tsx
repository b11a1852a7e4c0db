import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { StartPicker } from "#components/editor/start-picker.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { may } from "#lib/auth/roles.ts";
import { listTemplates } from "#lib/campaigns/find-template.ts";
import { listStarters } from "#lib/content/starters.ts";
import { db } from "#lib/db.ts";
import { createCampaignAction } from "../actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("campaigns"))("new") };
}

export default async function NewCampaignPage() {
  const { scope } = await requireActor();
  if (!may(scope, "write")) redirect("/campaigns");
  const t = await getTranslations("campaigns");
  const { rows } = await listTemplates(db(), scope);
  return (
    <>
      <PageHeader
        title={t("new")}
        description={t("newHint")}
        breadcrumbs={[{ label: t("title"), href: "/campaigns" }, { label: t("new") }]}
      />
      <StartPicker
        starters={listStarters("en").map(({ key, category }) => ({ key, category }))}
        templates={rows.map(({ id, name, version }) => ({ id, name, version }))}
        start={createCampaignAction}
      />
    </>
  );
}
