import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import { type CampaignStatus, campaign, campaignList, variant } from "#drizzle/schema/campaigns.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { ContentSource } from "../content/revision.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";
import { getRevision } from "./revisions.ts";

/** What people filter by. */
export const campaignGroups = {
  drafts: ["draft"],
  scheduled: ["scheduled", "missed"],
  sending: ["freezing", "sending", "paused", "cancelling"],
  sent: ["finished", "cancelled"],
} as const satisfies Record<string, readonly CampaignStatus[]>;
export type CampaignGroup = keyof typeof campaignGroups;

export interface CampaignListRow {
  id: string;
  name: string;
  subject: string;
  status: CampaignStatus;
  launchAt: Date | null;
  finishedAt: Date | null;
  frozenCount: number | null;
  /** Messages that will not be touched again, while it is sending. */
  done: number;
  updatedAt: Date;
  lists: string[];
}

const pageSize = 30;

/** Campaigns newest first, 30 a page; `after` is the last id of the page before. Deleted drafts only when asked for. */
export async function listCampaigns(
  db: Db,
  scope: Scope,
  filter: { group?: CampaignGroup; query?: string; archived?: boolean; after?: string } = {},
): Promise<{ rows: CampaignListRow[]; next: string | null }> {
  allow(scope, "read");
  const matches = (column: unknown) => sql`strpos(lower(${column}), lower(${filter.query})) > 0`;
  const rows = await db
    .select({
      id: campaign.id,
      name: campaign.name,
      subject: variant.subject,
      status: campaign.status,
      launchAt: campaign.launchAt,
      finishedAt: campaign.finishedAt,
      frozenCount: campaign.frozenCount,
      updatedAt: campaign.updatedAt,
      done: sql<number>`(select coalesce(sum(k.sent + k.failed + k.in_doubt + k.skipped), 0)::int from chunk k
        where k.workspace_id = ${campaign.workspaceId} and k.source_id = ${campaign.id})`,
      lists: sql<string[]>`array(select l.name from campaign_list cl
        join list l on l.workspace_id = cl.workspace_id and l.id = cl.list_id
        where cl.workspace_id = ${campaign.workspaceId} and cl.campaign_id = ${campaign.id} and cl.mode = 'include'
        order by l.name)`,
    })
    .from(campaign)
    .innerJoin(variant, and(eq(variant.workspaceId, campaign.workspaceId), eq(variant.campaignId, campaign.id)))
    .where(
      and(
        eq(campaign.workspaceId, scope.workspaceId),
        filter.archived ? isNotNull(campaign.archivedAt) : isNull(campaign.archivedAt),
        filter.group ? inArray(campaign.status, [...campaignGroups[filter.group]]) : undefined,
        filter.query ? or(matches(campaign.name), matches(variant.subject)) : undefined,
        filter.after ? lt(campaign.id, filter.after) : undefined,
      ),
    )
    .orderBy(desc(campaign.id))
    .limit(pageSize + 1);
  const page = rows.slice(0, pageSize);
  return { rows: page, next: rows.length > pageSize ? (page.at(-1)?.id ?? null) : null };
}

/** How many campaigns stand in each group, deleted drafts left out. */
export async function countCampaigns(db: Db, scope: Scope): Promise<Record<CampaignGroup, number>> {
  allow(scope, "read");
  const rows = await db
    .select({ status: campaign.status, count: sql<number>`count(*)::int` })
    .from(campaign)
    .where(and(eq(campaign.workspaceId, scope.workspaceId), isNull(campaign.archivedAt)))
    .groupBy(campaign.status);
  const sum = (group: CampaignGroup) => {
    const statuses: readonly CampaignStatus[] = campaignGroups[group];
    return rows.filter((row) => statuses.includes(row.status)).reduce((total, row) => total + row.count, 0);
  };
  return { drafts: sum("drafts"), scheduled: sum("scheduled"), sending: sum("sending"), sent: sum("sent") };
}

type CampaignColumns = Omit<typeof campaign.$inferSelect, "workspaceId">;

/** A campaign whole: its choices, what is mailed, and the lists by side. */
export interface CampaignDetail extends CampaignColumns {
  variantId: string;
  revisionId: string;
  subject: string;
  preheader: string;
  content: ContentSource;
  includeListIds: string[];
  excludeListIds: string[];
}

export async function getCampaign(
  db: Db,
  scope: Pick<Scope, "workspaceId" | "role">,
  campaignId: string,
): Promise<CampaignDetail> {
  allow(scope, "read");
  const [row] = await db
    .select()
    .from(campaign)
    .innerJoin(variant, and(eq(variant.workspaceId, campaign.workspaceId), eq(variant.campaignId, campaign.id)))
    .where(and(eq(campaign.workspaceId, scope.workspaceId), eq(campaign.id, campaignId)));
  if (!row) throw new NotFound("campaign");
  const lists = await db
    .select({ listId: campaignList.listId, mode: campaignList.mode })
    .from(campaignList)
    .where(and(eq(campaignList.workspaceId, scope.workspaceId), eq(campaignList.campaignId, campaignId)))
    .orderBy(asc(campaignList.listId));
  const side = (mode: "include" | "exclude") => lists.filter((l) => l.mode === mode).map((l) => l.listId);
  const { workspaceId: _workspaceId, ...columns } = row.campaign;
  return {
    ...columns,
    variantId: row.variant.id,
    revisionId: row.variant.revisionId,
    subject: row.variant.subject,
    preheader: row.variant.preheader,
    content: await getRevision(db, scope, row.variant.revisionId),
    includeListIds: side("include"),
    excludeListIds: side("exclude"),
  };
}
