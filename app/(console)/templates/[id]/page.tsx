import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { requireActor } from "#app/_web/actor.ts";
import { orNotFound } from "#app/_web/or-not-found.ts";
import { TemplateEditor } from "#components/templates/template-editor.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { may } from "#lib/auth/roles.ts";
import { getTemplate } from "#lib/campaigns/find-template.ts";
import { listWorkspaceMergeTags } from "#lib/campaigns/preview.ts";
import { db } from "#lib/db.ts";
import { isId } from "#lib/ids.ts";
import { createCampaignAction } from "../../campaigns/actions.ts";
import { archiveTemplateAction, saveTemplateAction, templateVersionAction } from "../actions.ts";

const load = cache(async (id: string) => {
  const { scope } = await requireActor();
  if (!isId(id)) notFound();
  return orNotFound(getTemplate(db(), scope, id));
});

export async function generateMetadata({ params }: PageProps<"/templates/[id]">): Promise<Metadata> {
  return { title: (await load((await params).id)).name };
}

export default async function TemplatePage({ params }: PageProps<"/templates/[id]">) {
  const { scope } = await requireActor();
  const template = await load((await params).id);
  const t = await getTranslations("templates");
  if (!may(scope, "write")) {
    return (
      <>
        <PageHeader
          title={template.name}
          breadcrumbs={[{ label: t("title"), href: "/templates" }, { label: template.name }]}
        />
        <iframe
          src={`/api/previews/templates/${template.id}?v=${template.version}`}
          title={(await getTranslations("editor.preview"))("frameTitle")}
          sandbox=""
          referrerPolicy="no-referrer"
          className="block h-[75vh] w-full rounded-xl border border-line bg-white"
        />
      </>
    );
  }
  return (
    <TemplateEditor
      key={`${template.id}/${template.archivedAt === null}`}
      template={{
        id: template.id,
        name: template.name,
        version: template.version,
        savedAt: template.updatedAt.toISOString(),
        kind: template.content.kind === "doc" ? "doc" : "mjml",
        source: template.content.source,
        isArchived: template.archivedAt !== null,
      }}
      mergeFields={await listWorkspaceMergeTags(db(), scope)}
      breadcrumbs={[{ label: t("title"), href: "/templates" }]}
      save={saveTemplateAction}
      currentVersion={templateVersionAction}
      restore={archiveTemplateAction}
      use={createCampaignAction}
    />
  );
}
