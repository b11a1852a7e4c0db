import { sweepCampaigns } from "#lib/campaigns/sweep.ts";
import { db } from "#lib/db.ts";

/** Starts, resumes and finishes campaigns by what their rows say. Runs every ten seconds and whenever somebody rings. */
export async function handleCampaignSweep(): Promise<void> {
  await sweepCampaigns(db());
}
