import { sql } from "drizzle-orm";
import type { CampaignStatus } from "#drizzle/schema/campaigns.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";

export const gettingStartedSteps = ["people", "newsletter", "sender", "send"] as const;
export type GettingStartedStep = (typeof gettingStartedSteps)[number];

export interface Home {
  done: Record<GettingStartedStep, boolean>;
  subscribers: number;
  lists: number;
  recent: Array<{ id: string; name: string; status: CampaignStatus; updatedAt: Date; frozenCount: number | null }>;
}

/** What the first page shows: which first steps are done, how many people there are, the latest campaigns. */
export async function homeOverview(db: Db, { workspaceId }: Scope): Promise<Home> {
  const { rows } = await db.execute<{
    people: boolean;
    newsletter: boolean;
    sender: boolean;
    send: boolean;
    subscribers: string;
    lists: string;
  }>(sql`
    select
      exists (select from subscriber where workspace_id = ${workspaceId}) as people,
      exists (select from campaign where workspace_id = ${workspaceId} and archived_at is null) as newsletter,
      exists (select from sender where workspace_id = ${workspaceId} and kind = 'smtp' and archived_at is null) as sender,
      exists (select from campaign where workspace_id = ${workspaceId} and launched_at is not null) as send,
      (select count(*) from subscriber where workspace_id = ${workspaceId}) as subscribers,
      (select count(*) from list where workspace_id = ${workspaceId} and archived_at is null) as lists`);
  const recent = await db.execute<{
    id: string;
    name: string;
    status: CampaignStatus;
    updated_at: Date;
    frozen_count: number | null;
  }>(sql`
    select id, name, status, updated_at, frozen_count from campaign
    where workspace_id = ${workspaceId} and archived_at is null
    order by updated_at desc, id desc limit 5`);
  const row = rows[0];
  if (!row) throw new Error("an aggregate without a row");
  return {
    done: { people: row.people, newsletter: row.newsletter, sender: row.sender, send: row.send },
    subscribers: Number(row.subscribers),
    lists: Number(row.lists),
    recent: recent.rows.map((c) => ({
      id: c.id,
      name: c.name,
      status: c.status,
      updatedAt: new Date(c.updated_at),
      frozenCount: c.frozen_count,
    })),
  };
}
