import { startCampaign } from "#lib/campaigns/start.ts";
import { db } from "#lib/db.ts";
import type { Payload } from "#lib/queue.ts";

/** The time of a scheduled campaign has come. */
export async function handleCampaignStart({ workspaceId, campaignId }: Payload<"campaign.start">): Promise<void> {
  await startCampaign(db(), workspaceId, campaignId);
}
