import { Globe, Plus } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { AddDomainDialog } from "#components/domains/add-domain-dialog.tsx";
import { DomainTable } from "#components/domains/domain-table.tsx";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { listDomains } from "#lib/senders/domains/list.ts";
import { listSenders } from "#lib/senders/list.ts";
import { addDomainAction } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("domains"))("title") };
}

export default async function DomainsPage() {
  const { scope, workspace } = await requireActor();
  const t = await getTranslations("domains");
  const domains = await listDomains(db(), scope);
  const from = (await listSenders(db(), scope)).map((sender) => sender.defaultFromEmail.split("@").at(-1) ?? "");
  const add = may(scope, "manage") && !workspace.isSample && (
    <AddDomainDialog
      add={addDomainAction}
      suggested={from.find((domain) => domain !== "" && !domains.some((known) => known.domain === domain)) ?? ""}
      trigger={
        <Button variant="primary" icon={<Plus aria-hidden="true" />}>
          {t("add.open")}
        </Button>
      }
    />
  );
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} actions={domains.length > 0 && add} />
      <div className="flex flex-col gap-5">
        {workspace.isSample && <Callout title={t("sampleTitle")}>{t("sampleText")}</Callout>}
        {domains.length > 0 ? (
          <DomainTable domains={domains} />
        ) : (
          <EmptyState icon={<Globe />} title={t("emptyTitle")} description={t("emptyText")} action={add} />
        )}
      </div>
    </>
  );
}
