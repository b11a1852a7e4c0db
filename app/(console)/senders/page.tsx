import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { SenderTable } from "#components/senders/sender-table.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { dayUsage } from "#lib/senders/allowance.ts";
import { listSenders } from "#lib/senders/list.ts";
import { listPool, shareOf } from "#lib/senders/pool.ts";
import { todayOf } from "#lib/senders/today.ts";
import { archiveSenderAction, makeDefaultAction, restoreSenderAction, testSenderAction } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("senders"))("title") };
}

export default async function SendersPage() {
  const { scope, workspace } = await requireActor();
  const t = await getTranslations("senders");
  const [senders, pool, usage] = await Promise.all([
    listSenders(db(), scope),
    listPool(db(), scope.workspaceId),
    dayUsage(db(), scope.workspaceId),
  ]);
  const rows = senders.map((sender) => ({
    ...sender,
    share: shareOf(pool, sender.id),
    today: todayOf(sender, usage.get(sender.id) ?? 0, new Date()),
  }));
  const mayManage = may(scope, "manage");
  const add = (
    <ButtonLink href="/senders/new" variant="primary" icon={<Plus aria-hidden="true" />}>
      {t("add")}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} actions={mayManage && !workspace.isSample && add} />
      <div className="flex flex-col gap-5">
        {workspace.isSample && <Callout title={t("sampleTitle")}>{t("sampleText")}</Callout>}
        {!workspace.isSample && senders.every((sender) => sender.kind === "inbox") && (
          <Callout title={t("onlyInboxTitle")}>{t("onlyInboxText")}</Callout>
        )}
        <SenderTable
          senders={rows}
          actions={
            mayManage
              ? {
                  test: testSenderAction,
                  makeDefault: makeDefaultAction,
                  archive: archiveSenderAction,
                  restore: restoreSenderAction,
                }
              : null
          }
        />
      </div>
    </>
  );
}
