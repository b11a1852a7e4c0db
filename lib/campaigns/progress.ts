import { and, eq, sql } from "drizzle-orm";
import { type CampaignStatus, campaign } from "#drizzle/schema/campaigns.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { type CanaryState, canaryState } from "../delivery/canary.ts";
import { stateCounts } from "../delivery/counts.ts";
import { NotFound } from "../errors.ts";

/** Where a campaign stands, in messages. The seven states add up to `written`; `written` is `frozen` once that is known. */
export interface CampaignProgress {
  status: CampaignStatus;
  pauseReason: string | null;
  launchAt: Date | null;
  /** People that wait for the end of a canary; null when there is none to wait for. */
  canary: CanaryState | null;
  /** Message rows so far. */
  written: number;
  /** Null until everybody's row is written. */
  frozen: number | null;
  pending: number;
  sending: number;
  sent: number;
  deferred: number;
  failed: number;
  inDoubt: number;
  skipped: number;
}

/**
 * Counts of the chunk rollups, which are kept in the transactions of the rows they count: 2,000 chunks of a million
 * messages take 1 ms, so a page can ask every second.
 */
export async function campaignProgress(db: Db, scope: Scope, campaignId: string): Promise<CampaignProgress> {
  allow(scope, "read");
  const [head] = await db
    .select({
      status: campaign.status,
      pauseReason: campaign.pauseReason,
      launchAt: campaign.launchAt,
      frozen: campaign.frozenCount,
      hasCanary: sql<boolean>`${campaign.canaryCount} is not null`,
    })
    .from(campaign)
    .where(and(eq(campaign.workspaceId, scope.workspaceId), eq(campaign.id, campaignId)));
  if (!head) throw new NotFound("campaign");
  const { total: written, ...counts } = await stateCounts(db, scope.workspaceId, campaignId);
  const { hasCanary, ...shown } = head;
  const canary = hasCanary ? await canaryState(db, scope.workspaceId, campaignId) : null;
  return { ...shown, canary, written, ...counts };
}
