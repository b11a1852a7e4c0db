import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getFormatter, getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { CheckList } from "#components/campaigns/check-list.tsx";
import { LaunchForm } from "#components/campaigns/launch-form.tsx";
import { ReviewFacts } from "#components/campaigns/review-facts.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { listLists } from "#lib/audience/lists.ts";
import { may } from "#lib/auth/roles.ts";
import { timeZoneChoices } from "#lib/auth/time-zones.ts";
import { confirmCountAbove } from "#lib/campaigns/launch.ts";
import { reviewCampaign } from "#lib/campaigns/review.ts";
import { db } from "#lib/db.ts";
import { listShares } from "#lib/senders/pool.ts";
import { launchAction, planStartAction } from "../../actions.ts";
import { loadCampaign } from "../../load.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("campaigns"))("review") };
}

export default async function ReviewPage({ params }: PageProps<"/campaigns/[id]/review">) {
  const { scope, workspace } = await requireActor();
  const { id, status, archivedAt } = await loadCampaign((await params).id);
  if (!["draft", "missed"].includes(status) || archivedAt) redirect(`/campaigns/${id}`);
  const t = await getTranslations("campaigns");
  const [{ campaign, checks, audience, sender }, lists, shares, format] = await Promise.all([
    reviewCampaign(db(), scope, id),
    listLists(db(), scope),
    listShares(db(), scope.workspaceId),
    getFormatter(),
  ]);
  const oneName = sender?.kind === "inbox" ? t("delivery.inbox") : (sender?.name ?? null);
  const percent = (share: number) => format.number(share, { style: "percent" });
  const senderName =
    campaign.senderId === null && shares.length > 1
      ? format.list(shares.map(({ name, share }) => `${name} (${percent(share)})`))
      : oneName;
  const names = (ids: string[]) => lists.filter((list) => ids.includes(list.id)).map((list) => list.name);
  return (
    <>
      <PageHeader
        title={t("reviewTitle")}
        description={t("reviewHint")}
        breadcrumbs={[
          { label: t("title"), href: "/campaigns" },
          { label: campaign.name || t("untitled"), href: `/campaigns/${id}` },
          { label: t("review") },
        ]}
        actions={<ButtonLink href={`/campaigns/${id}`}>{t("backToEditor")}</ButtonLink>}
      />
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="flex min-w-0 flex-col gap-5">
          <ReviewFacts
            campaign={campaign}
            include={names(campaign.includeListIds)}
            exclude={names(campaign.excludeListIds)}
            sender={senderName}
            audience={audience}
          />
          <section
            aria-label={t("preview")}
            className="overflow-hidden rounded-xl border border-line bg-surface shadow-xs"
          >
            <h2 className="border-b border-line px-4 py-3 font-semibold">{t("preview")}</h2>
            <iframe
              src={`/api/previews/campaigns/${id}?v=${campaign.version}`}
              title={t("preview")}
              sandbox=""
              referrerPolicy="no-referrer"
              className="block h-[60vh] w-full bg-white"
            />
          </section>
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <CheckList
            checks={checks.map((check) =>
              check.code === "campaign.no_sender" && senderName ? { ...check, detail: { name: senderName } } : check,
            )}
          />
          {may(scope, "launch") && (
            <LaunchForm
              campaignId={id}
              version={campaign.version}
              recipients={audience.recipients}
              typeCount={audience.recipients > confirmCountAbove}
              isBlocked={checks.some((check) => check.state === "blocked")}
              confirmUrl={String(checks.find((check) => check.state === "confirm")?.detail.url ?? "") || null}
              isInbox={sender?.kind === "inbox"}
              zone={workspace.timeZone}
              zones={timeZoneChoices().map(({ name, label }) => ({ value: name, label }))}
              launch={launchAction}
              planStart={planStartAction}
            />
          )}
        </div>
      </div>
    </>
  );
}
