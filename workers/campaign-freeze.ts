import { freezeCampaign } from "#lib/campaigns/freeze.ts";
import { db } from "#lib/db.ts";
import type { Payload } from "#lib/queue.ts";

/** Writes the message rows of a launched campaign. At a stop it ends between two pages; the sweep rings again. */
export async function handleCampaignFreeze(
  { workspaceId, campaignId }: Payload<"campaign.freeze">,
  signal?: AbortSignal,
): Promise<void> {
  await freezeCampaign(db(), workspaceId, campaignId, { signal });
}
