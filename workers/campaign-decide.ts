import { carryOutDecision } from "#lib/campaigns/carry-out-decision.ts";
import { db } from "#lib/db.ts";
import type { Payload } from "#lib/queue.ts";

/** Carries out a decision about many messages. At a stop it ends between two batches; the sweep rings again. */
export async function handleCampaignDecide(
  { workspaceId, campaignId }: Payload<"campaign.decide">,
  signal?: AbortSignal,
): Promise<void> {
  await carryOutDecision(db(), workspaceId, campaignId, { signal });
}
