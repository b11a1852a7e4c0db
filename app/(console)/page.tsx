import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { GettingStarted } from "#components/home/getting-started.tsx";
import { RecentCampaigns } from "#components/home/recent-campaigns.tsx";
import { SampleCard } from "#components/sample/sample-card.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Stat, StatRow } from "#components/ui/stat.tsx";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { gettingStartedSteps, homeOverview } from "#lib/reports/home.ts";
import { dismissStepAction } from "./home-actions.ts";
import { loadSampleAction, removeSampleAction } from "./sample-actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("home"))("title") };
}

export default async function HomePage() {
  const { scope, user, workspace, workspaces } = await requireActor();
  const t = await getTranslations("home");
  const home = await homeOverview(db(), scope);
  const open = gettingStartedSteps.filter((step) => !workspace.dismissedSteps.includes(step));
  const startedAll = open.every((step) => home.done[step]);
  const mayWrite = may(scope, "write");
  const offersSample = may(scope, "own") && !startedAll && !workspaces.some((one) => one.isSample);
  return (
    <>
      <PageHeader
        title={t("hello", { name: user.name })}
        actions={
          mayWrite && (
            <ButtonLink href="/campaigns/new" variant="primary">
              {t("newCampaign")}
            </ButtonLink>
          )
        }
      />
      <div className="flex flex-col gap-5">
        {mayWrite && !startedAll && !workspace.isSample && (
          <GettingStarted steps={open.map((step) => ({ step, done: home.done[step] }))} putAway={dismissStepAction} />
        )}
        <StatRow>
          <Stat
            label={
              <Link href="/subscribers" className="link">
                {t("people")}
              </Link>
            }
            value={home.subscribers}
          />
          <Stat
            label={
              <Link href="/lists" className="link">
                {t("lists")}
              </Link>
            }
            value={home.lists}
          />
        </StatRow>
        <RecentCampaigns campaigns={home.recent} />
        {may(scope, "own") && workspace.isSample && (
          <SampleCard state="here" load={loadSampleAction} remove={removeSampleAction} />
        )}
        {offersSample && <SampleCard state="offer" load={loadSampleAction} remove={removeSampleAction} />}
      </div>
    </>
  );
}
