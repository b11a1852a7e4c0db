import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { SenderForm } from "#components/senders/sender-form.tsx";
import { SenderHealth } from "#components/senders/sender-health.tsx";
import { TrialMailForm } from "#components/senders/trial-mail-form.tsx";
import { WarmupCard } from "#components/senders/warmup-card.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { NotFound } from "#lib/errors.ts";
import { isId } from "#lib/ids.ts";
import { dayUsage } from "#lib/senders/allowance.ts";
import { getSender } from "#lib/senders/list.ts";
import { endWarmupAction, sendTrialMailAction, testSettingsAction, updateSenderAction } from "../actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("senders"))("title") };
}

export default async function SenderPage({ params }: PageProps<"/senders/[id]">) {
  const { scope, user } = await requireActor();
  const t = await getTranslations("senders");
  const { id } = await params;
  if (!may(scope, "manage") || !isId(id)) notFound();
  const sender = await getSender(db(), scope, id).catch((error: unknown) => {
    if (error instanceof NotFound) notFound();
    throw error;
  });
  if (sender.kind === "inbox" || sender.archivedAt) notFound();
  return (
    <>
      <PageHeader
        title={sender.name}
        badge={<SenderHealth sender={sender} />}
        breadcrumbs={[{ label: t("title"), href: "/senders" }, { label: sender.name }]}
      />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <SenderForm
          key={sender.updatedAt.toISOString()}
          sender={sender}
          isFirst={false}
          save={updateSenderAction.bind(null, id)}
          test={testSettingsAction.bind(null, id)}
        />
        <div className="flex min-w-0 flex-col gap-5">
          {sender.warmup && (
            <WarmupCard
              name={sender.name}
              plan={sender.warmup}
              used={(await dayUsage(db(), scope.workspaceId)).get(id) ?? 0}
              now={new Date()}
              end={endWarmupAction.bind(null, id)}
            />
          )}
          <TrialMailForm to={user.email} send={sendTrialMailAction.bind(null, id)} />
        </div>
      </div>
    </>
  );
}
