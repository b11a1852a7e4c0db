import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { SampleCard } from "#components/sample/sample-card.tsx";
import { NavTabs } from "#components/ui/nav-tabs.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { may } from "#lib/auth/roles.ts";
import { timeZoneChoices } from "#lib/auth/time-zones.ts";
import { loadSampleAction, removeSampleAction } from "../sample-actions.ts";
import { WorkspaceForm } from "./workspace-form.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth.settings"))("title") };
}

export default async function SettingsPage() {
  const { scope, workspace, workspaces } = await requireActor();
  const t = await getTranslations("auth.settings");
  const hasSample = workspaces.some((one) => one.isSample);
  return (
    <>
      <PageHeader title={t("title")} />
      <div className="mb-5">
        <NavTabs
          aria-label={t("title")}
          items={[
            { href: "/settings", label: t("workspace") },
            { href: "/settings/account", label: t("account") },
          ]}
        />
      </div>
      <WorkspaceForm
        workspace={{
          name: workspace.name,
          postalAddress: workspace.postalAddress,
          timeZone: workspace.timeZone,
          language: workspace.language,
        }}
        timeZones={timeZoneChoices().map((zone) => ({ value: zone.name, label: zone.label }))}
        mayChange={may(scope, "manage")}
      />
      {may(scope, "own") && (
        <div className="mt-5">
          <SampleCard
            state={workspace.isSample ? "here" : hasSample ? "there" : "offer"}
            load={loadSampleAction}
            remove={removeSampleAction}
          />
        </div>
      )}
    </>
  );
}
