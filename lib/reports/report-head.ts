import { and, eq, sql } from "drizzle-orm";
import { list } from "#drizzle/schema/audience.ts";
import { type CampaignStatus, campaign, campaignList, variant } from "#drizzle/schema/campaigns.ts";
import { sender } from "#drizzle/schema/senders.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";
import { monthOf } from "../ids.ts";
import { type LiveReport, shownDecision } from "./live.ts";

/** What a report says before any number: which campaign, where it stands, what was measured. */
export interface ReportHead {
  id: string;
  name: string;
  subject: string;
  status: CampaignStatus;
  pauseReason: string | null;
  /** Null before the launch: then there is nothing to report. */
  launchedAt: Date | null;
  finishedAt: Date | null;
  /** A decision about many messages that is being carried out. */
  deciding: LiveReport["deciding"];
  /** Partition of its messages, YYYY-MM-DD; null before the launch. */
  launchMonth: string | null;
  /** Everybody who got a message row; null until all are written. */
  frozen: number | null;
  /** Left out at launch, by reason; only reasons that left somebody out. */
  excluded: Array<{ reason: string; people: number }>;
  trackOpens: boolean;
  trackClicks: boolean;
  lists: string[];
  sender: { name: string; isInbox: boolean } | null;
}

/** Refuses NotFound for a campaign that is not there or not of this workspace. */
export async function reportHead(db: Db, scope: Scope, campaignId: string): Promise<ReportHead> {
  allow(scope, "read");
  const [row] = await db
    .select({
      campaign,
      subject: variant.subject,
      senderName: sender.name,
      senderKind: sender.kind,
      lists: sql<string[]>`array(select ${list.name} from ${campaignList}
        join ${list} on ${list.workspaceId} = ${campaignList.workspaceId} and ${list.id} = ${campaignList.listId}
        where ${campaignList.workspaceId} = ${campaign.workspaceId} and ${campaignList.campaignId} = ${campaign.id}
          and ${campaignList.mode} = 'include' order by ${list.name})`,
    })
    .from(campaign)
    .innerJoin(variant, and(eq(variant.workspaceId, campaign.workspaceId), eq(variant.campaignId, campaign.id)))
    .leftJoin(sender, and(eq(sender.workspaceId, campaign.workspaceId), eq(sender.id, campaign.senderId)))
    .where(and(eq(campaign.workspaceId, scope.workspaceId), eq(campaign.id, campaignId)));
  if (!row) throw new NotFound("campaign");
  const { id, name, status, pauseReason, launchedAt, finishedAt, frozenCount, excludedCounts } = row.campaign;
  const excluded = Object.entries(excludedCounts ?? {}).map(([reason, people]) => ({ reason, people }));
  return {
    ...{ id, name, status, pauseReason, launchedAt, finishedAt },
    deciding: shownDecision(row.campaign.deciding),
    subject: row.subject,
    launchMonth: launchedAt && monthOf(launchedAt),
    frozen: frozenCount,
    excluded: excluded.filter(({ people }) => people > 0).sort((a, b) => b.people - a.people),
    trackOpens: row.campaign.trackOpens,
    trackClicks: row.campaign.trackClicks,
    lists: row.lists,
    sender: row.senderName === null ? null : { name: row.senderName, isInbox: row.senderKind === "inbox" },
  };
}

/** Longer than a read replica that is used may be behind (lib/replica.ts). */
const settledAfterMs = 60_000;

/**
 * Whether a report's details must be read where they are written: as long as they move by themselves or by a click, and
 * a little longer. Of a campaign that ended a while ago a replica has everything but the last seconds' opens and clicks.
 */
export function needsFreshReads(
  { finishedAt, deciding }: Pick<ReportHead, "finishedAt"> & Partial<Pick<ReportHead, "deciding">>,
  now = Date.now(),
): boolean {
  return Boolean(deciding) || finishedAt === null || finishedAt.getTime() > now - settledAfterMs;
}

/** The campaign a statement is about, once it has been launched. */
export interface Launched {
  workspaceId: string;
  campaignId: string;
  /** All its messages are in this partition. */
  launchMonth: string;
}

/** The keys of a launched campaign, or null before its launch. Refuses NotFound like reportHead. */
export async function findLaunched(db: Db, scope: Scope, campaignId: string): Promise<Launched | null> {
  allow(scope, "read");
  const { workspaceId } = scope;
  const [row] = await db
    .select({ launchedAt: campaign.launchedAt })
    .from(campaign)
    .where(and(eq(campaign.workspaceId, workspaceId), eq(campaign.id, campaignId)));
  if (!row) throw new NotFound("campaign");
  return row.launchedAt && { workspaceId, campaignId, launchMonth: monthOf(row.launchedAt) };
}
