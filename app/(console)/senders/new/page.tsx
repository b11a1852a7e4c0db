import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { SenderForm } from "#components/senders/sender-form.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { listSenders } from "#lib/senders/list.ts";
import { createSenderAction, testSettingsAction } from "../actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("senders"))("new.title") };
}

export default async function NewSenderPage() {
  const { scope, workspace } = await requireActor();
  if (!may(scope, "manage") || workspace.isSample) notFound();
  const t = await getTranslations("senders");
  const senders = await listSenders(db(), scope);
  return (
    <>
      <PageHeader
        title={t("new.title")}
        description={t("new.description")}
        breadcrumbs={[{ label: t("title"), href: "/senders" }, { label: t("new.title") }]}
      />
      <SenderForm
        sender={null}
        isFirst={senders.every((sender) => sender.kind === "inbox")}
        save={createSenderAction}
        test={testSettingsAction.bind(null, null)}
      />
    </>
  );
}
