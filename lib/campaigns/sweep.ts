import { sql } from "drizzle-orm";
import type { CampaignStatus } from "#drizzle/schema/campaigns.ts";
import type { Db } from "../db.ts";
import { breakers } from "../delivery/breakers.ts";
import { beginCanaryWait } from "../delivery/canary.ts";
import { log } from "../log.ts";
import { enqueue } from "../queue.ts";
import { carryOutCancel, finishIfDrained } from "./finish.ts";
import { startCampaign } from "./start.ts";
import { pauseIfTripped } from "./trouble.ts";

/** A freeze that moved no cursor for so long has lost its worker. A page takes well under a second. */
const stuckAfterSeconds = 20;

interface UnderWay extends Record<string, unknown> {
  workspace_id: string;
  id: string;
  status: CampaignStatus;
}

/**
 * Looks at every campaign under way, in all workspaces, and does what its rows call for: starts what is due, rings
 * again for a freeze or a decision that stands still, pauses what a breaker stops, begins the wait after a canary, finishes what is
 * drained, carries cancellations through. Runs every ten
 * seconds and whenever somebody rings; whatever a lost job or a killed worker left undone is done here.
 */
export async function sweepCampaigns(db: Db): Promise<void> {
  // Serves from the partial index campaign_under_way.
  const { rows } = await db.execute<UnderWay>(sql`
    select workspace_id, id, status from campaign
    where (status = 'scheduled' and launch_at <= clock_timestamp())
       or (status = 'freezing' and updated_at < clock_timestamp() - make_interval(secs => ${stuckAfterSeconds}))
       or status in ('sending', 'cancelling')
       or (status = 'paused' and frozen_at is not null and substring(pause_reason from '^[a-z]+') in ${[...breakers]})
    order by launch_at`);
  await ringForDecisions(db);
  for (const row of rows) {
    try {
      await sweepOne(db, row);
    } catch (err) {
      // One campaign in trouble must not keep the others waiting; the next sweep tries it again.
      log.error(
        { err, workspaceId: row.workspace_id, campaignId: row.id, status: row.status },
        "a campaign could not be swept",
      );
    }
  }
}

/** A decision that moved no chunk for so long has lost its worker, or waited for one. */
async function ringForDecisions(db: Db): Promise<void> {
  const { rows } = await db.execute<{ workspace_id: string; id: string }>(sql`
    select workspace_id, id from campaign
    where deciding is not null and updated_at < clock_timestamp() - make_interval(secs => ${stuckAfterSeconds})`);
  for (const { workspace_id: workspaceId, id: campaignId } of rows)
    await enqueue(db, "campaign.decide", { workspaceId, campaignId });
}

async function sweepOne(db: Db, { workspace_id: workspaceId, id: campaignId, status }: UnderWay): Promise<void> {
  switch (status) {
    case "scheduled":
      await startCampaign(db, workspaceId, campaignId);
      return;
    case "freezing":
      await enqueue(db, "campaign.freeze", { workspaceId, campaignId });
      return;
    case "sending":
      if (await pauseIfTripped(db, workspaceId, campaignId)) return;
      await beginCanaryWait(db, workspaceId, campaignId);
      await finishIfDrained(db, workspaceId, campaignId);
      return;
    case "cancelling":
      await carryOutCancel(db, workspaceId, campaignId);
      return;
    case "paused":
      // By a breaker: when nothing is left to send, there is nothing to overrule it for.
      await finishIfDrained(db, workspaceId, campaignId, "paused");
      return;
    case "draft":
    case "missed":
    case "finished":
    case "cancelled":
      return;
    default:
      status satisfies never;
  }
}
