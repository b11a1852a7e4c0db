import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { CampaignEditor } from "#components/campaigns/campaign-editor.tsx";
import { CampaignLive } from "#components/campaigns/campaign-live.tsx";
import { listListsWithCounts } from "#lib/audience/lists.ts";
import { may } from "#lib/auth/roles.ts";
import { timeZoneChoices } from "#lib/auth/time-zones.ts";
import { canaryLimits } from "#lib/campaigns/input.ts";
import { listWorkspaceMergeTags } from "#lib/campaigns/preview.ts";
import { campaignProgress } from "#lib/campaigns/progress.ts";
import { db } from "#lib/db.ts";
import { listSenders } from "#lib/senders/list.ts";
import { listShares } from "#lib/senders/pool.ts";
import {
  archiveDraftAction,
  checkEndAction,
  draftVersionAction,
  duplicateCampaignAction,
  saveDraftAction,
  sendTestAction,
  stepAction,
} from "../actions.ts";
import { loadCampaign } from "../load.ts";

export async function generateMetadata({ params }: PageProps<"/campaigns/[id]">): Promise<Metadata> {
  const { name } = await loadCampaign((await params).id);
  return { title: name || (await getTranslations("campaigns"))("untitled") };
}

export default async function CampaignPage({ params }: PageProps<"/campaigns/[id]">) {
  const { scope, user, workspace } = await requireActor();
  const campaign = await loadCampaign((await params).id);
  if (campaign.status !== "draft" || !may(scope, "write")) {
    return (
      <CampaignLive
        key={campaign.id}
        campaign={{
          id: campaign.id,
          name: campaign.name,
          subject: campaign.subject,
          canaryCount: campaign.canaryCount,
          scheduledWallTime: campaign.scheduledWallTime,
          scheduledZone: campaign.scheduledZone,
          finishedAt: campaign.finishedAt,
          isDeleted: campaign.archivedAt !== null,
        }}
        initial={await campaignProgress(db(), scope, campaign.id)}
        mayLaunch={may(scope, "launch")}
        step={stepAction}
        duplicate={duplicateCampaignAction}
      />
    );
  }
  const [lists, senders, shares, mergeFields] = await Promise.all([
    listListsWithCounts(db(), scope),
    listSenders(db(), scope),
    listShares(db(), scope.workspaceId),
    listWorkspaceMergeTags(db(), scope),
  ]);
  return (
    <CampaignEditor
      key={`${campaign.id}/${campaign.archivedAt === null}`}
      campaign={{
        id: campaign.id,
        name: campaign.name,
        subject: campaign.subject,
        preheader: campaign.preheader,
        fromName: campaign.fromName,
        fromEmail: campaign.fromEmail,
        replyTo: campaign.replyTo,
        senderId: campaign.senderId,
        trackOpens: campaign.trackOpens,
        trackClicks: campaign.trackClicks,
        inDoubtPolicy: campaign.inDoubtPolicy,
        canary:
          campaign.canaryCount === null ? null : { count: campaign.canaryCount, minutes: campaign.canaryMinutes ?? 1 },
        endsAt: campaign.endsAt?.toISOString() ?? null,
        includeListIds: campaign.includeListIds,
        excludeListIds: campaign.excludeListIds,
        kind: campaign.content.kind === "doc" ? "doc" : "mjml",
        source: campaign.content.source,
        version: campaign.version,
        savedAt: campaign.updatedAt.toISOString(),
        isDeleted: campaign.archivedAt !== null,
      }}
      lists={lists.map(({ id, name, counts }) => ({ id, name, subscribed: counts.subscribed }))}
      senders={senders.map(({ id, name, kind, isDefault }) => ({ id, name, kind, isDefault }))}
      shares={shares}
      isSampleWorkspace={workspace.isSample}
      timing={{
        zone: workspace.timeZone,
        zones: timeZoneChoices().map(({ name, label }) => ({ value: name, label })),
        canaryLimits,
        checkEnd: checkEndAction,
      }}
      mergeFields={mergeFields}
      userEmail={user.email}
      save={saveDraftAction}
      currentVersion={draftVersionAction}
      sendTest={sendTestAction}
      archive={archiveDraftAction}
    />
  );
}
