import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { orNotFound } from "#app/_web/or-not-found.ts";
import { DoubtButtons } from "#components/decisions/doubt-buttons.tsx";
import { AttemptList, FeedbackList, HitList, MessageStanding } from "#components/reports/message-card.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { isId } from "#lib/ids.ts";
import { messageTimeline } from "#lib/reports/message-timeline.ts";
import { reportHead } from "#lib/reports/report-head.ts";
import { decideAction, previewDecisionAction } from "../../../../decision-actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("timeline"))("title") };
}

export default async function MessagePage({ params }: PageProps<"/campaigns/[id]/report/recipients/[message]">) {
  const { scope, workspace } = await requireActor();
  const { id, message: messageId } = await params;
  if (!isId(id) || !isId(messageId)) notFound();
  const t = await getTranslations("timeline");
  const tReports = await getTranslations("reports");
  const head = await orNotFound(reportHead(db(), scope, id));
  const message = await orNotFound(messageTimeline(db(), scope, id, messageId));
  const canDecide =
    may(scope, "launch") &&
    message.state === "in_doubt" &&
    ["sending", "paused", "finished", "cancelled"].includes(head.status);
  return (
    <>
      <PageHeader
        title={message.email}
        description={[message.name, head.subject].filter(Boolean).join(" · ")}
        breadcrumbs={[
          { label: tReports("campaigns"), href: "/campaigns" },
          { label: head.name || head.subject, href: `/campaigns/${id}` },
          { label: tReports("recipients"), href: `/campaigns/${id}/report/recipients` },
          { label: message.email },
        ]}
        actions={
          message.subscriberId && <ButtonLink href={`/subscribers/${message.subscriberId}`}>{t("toPerson")}</ButtonLink>
        }
      />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,5fr)_minmax(0,3fr)]">
        <div className="flex min-w-0 flex-col gap-5">
          <MessageStanding
            message={message}
            actions={
              canDecide && (
                <DoubtButtons
                  campaignId={id}
                  one={{ messageId, email: message.email }}
                  decisions={{
                    preview: previewDecisionAction,
                    decide: decideAction,
                    timeZone: workspace.timeZone,
                  }}
                />
              )
            }
          />
          {message.cameBack.length > 0 && <FeedbackList feedback={message.cameBack} />}
          <AttemptList attempts={message.attempts} />
        </div>
        <HitList hits={message.hits} more={message.moreHits} />
      </div>
    </>
  );
}
