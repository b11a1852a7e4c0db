import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { list } from "#drizzle/schema/audience.ts";
import { user } from "#drizzle/schema/auth.ts";
import { campaign, campaignList, variant } from "#drizzle/schema/campaigns.ts";
import { sender } from "#drizzle/schema/senders.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import { getWorkspace } from "../auth/workspaces.ts";
import type { Db } from "../db.ts";
import { NotFound, Refusal } from "../errors.ts";
import { newId } from "../ids.ts";
import { listSenders } from "../senders/list.ts";
import type { CreateCampaignInput, DraftPatch, SaveDraftInput } from "./input.ts";
import { saveRevision } from "./revisions.ts";
import { contentToStartFrom } from "./start-from.ts";

/** Starts a campaign from a starter or a template. From and reply-to begin as the default sender's. Returns its id. */
export async function createCampaign(db: Db, scope: Scope, input: CreateCampaignInput): Promise<string> {
  allow(scope, "write");
  const content = await contentToStartFrom(db, scope, input.from);
  const from = await usualFrom(db, scope);
  return db.transaction(async (tx) => {
    const id = newId();
    const revisionId = await saveRevision(tx, scope, content);
    await tx
      .insert(campaign)
      .values({ workspaceId: scope.workspaceId, id, name: input.name, ...from, createdBy: scope.userId });
    await tx.insert(variant).values({ workspaceId: scope.workspaceId, campaignId: id, revisionId });
    return id;
  });
}

/** The sender's own From; without one the workspace's name and the address of the person who writes. */
async function usualFrom(db: Db, scope: Scope): Promise<{ fromName: string; fromEmail: string }> {
  const workspace = await getWorkspace(db, scope);
  const preferred = (await listSenders(db, scope)).find((row) => row.isDefault);
  const [writer] = scope.userId
    ? await db.select({ email: user.email }).from(user).where(eq(user.id, scope.userId))
    : [];
  return {
    fromName: preferred?.defaultFromName || workspace.name,
    fromEmail: preferred?.defaultFromEmail || writer?.email || "",
  };
}

/**
 * Saves a part of a draft, if nobody saved meanwhile and it is still a draft. Returns the new version and when it was
 * saved. Refuses `campaign.version_conflict` (detail `version`: the one that is stored now) and `campaign.not_draft`.
 */
export async function saveDraft(
  db: Db,
  scope: Scope,
  input: SaveDraftInput,
): Promise<{ version: number; savedAt: Date }> {
  allow(scope, "write");
  const { patch } = input;
  return db.transaction(async (tx) => {
    // The campaign's row first: it is the lock that two saves of one draft meet at.
    const [saved] = await tx
      .update(campaign)
      .set({ ...ownColumns(patch), version: sql`${campaign.version} + 1`, updatedAt: sql`clock_timestamp()` })
      .where(
        and(
          eq(campaign.workspaceId, scope.workspaceId),
          eq(campaign.id, input.campaignId),
          eq(campaign.status, "draft"),
          eq(campaign.version, input.version),
        ),
      )
      .returning({ version: campaign.version, savedAt: campaign.updatedAt });
    if (!saved) throw await whyNotSaved(tx, scope, input.campaignId);
    if (patch.senderId) await checkSender(tx, scope, patch.senderId);
    await saveVariant(tx, scope, input.campaignId, patch);
    if (patch.lists) await saveLists(tx, scope, input.campaignId, patch.lists);
    return saved;
  });
}

function ownColumns(patch: DraftPatch) {
  const { name, fromName, fromEmail, replyTo, senderId, trackOpens, trackClicks, inDoubtPolicy, canary, endsAt } =
    patch;
  return {
    ...{ name, fromName, fromEmail, replyTo, senderId, trackOpens, trackClicks, inDoubtPolicy },
    ...(canary !== undefined && { canaryCount: canary?.count ?? null, canaryMinutes: canary?.minutes ?? null }),
    ...(endsAt !== undefined && { endsAt: endsAt === null ? null : new Date(endsAt) }),
  };
}

async function whyNotSaved(tx: Db, scope: Scope, campaignId: string): Promise<Refusal> {
  const [current] = await tx
    .select({ status: campaign.status, version: campaign.version })
    .from(campaign)
    .where(and(eq(campaign.workspaceId, scope.workspaceId), eq(campaign.id, campaignId)));
  if (!current) return new NotFound("campaign");
  if (current.status !== "draft") return new Refusal("campaign.not_draft", { status: current.status });
  return new Refusal("campaign.version_conflict", { version: current.version });
}

async function checkSender(tx: Db, scope: Scope, senderId: string): Promise<void> {
  const found = await tx
    .select({ id: sender.id })
    .from(sender)
    .where(and(eq(sender.workspaceId, scope.workspaceId), eq(sender.id, senderId), isNull(sender.archivedAt)));
  if (found.length === 0) throw new NotFound("sender");
}

async function saveVariant(tx: Db, scope: Scope, campaignId: string, patch: DraftPatch): Promise<void> {
  const { subject, preheader, content } = patch;
  if (subject === undefined && preheader === undefined && content === undefined) return;
  const revisionId = content ? await saveRevision(tx, scope, content) : undefined;
  await tx
    .update(variant)
    .set({ subject, preheader, revisionId })
    .where(and(eq(variant.workspaceId, scope.workspaceId), eq(variant.campaignId, campaignId)));
}

async function saveLists(
  tx: Db,
  scope: Scope,
  campaignId: string,
  lists: NonNullable<DraftPatch["lists"]>,
): Promise<void> {
  const include = [...new Set(lists.include)];
  const exclude = [...new Set(lists.exclude)];
  const wanted = [...include, ...exclude];
  if (wanted.length > 0) {
    const found = await tx
      .select({ id: list.id })
      .from(list)
      .where(and(eq(list.workspaceId, scope.workspaceId), inArray(list.id, wanted)));
    if (found.length !== wanted.length) throw new NotFound("list");
  }
  await tx
    .delete(campaignList)
    .where(and(eq(campaignList.workspaceId, scope.workspaceId), eq(campaignList.campaignId, campaignId)));
  if (wanted.length === 0) return;
  const side = (mode: "include" | "exclude") => (listId: string) => ({
    workspaceId: scope.workspaceId,
    campaignId,
    listId,
    mode,
  });
  await tx.insert(campaignList).values([...include.map(side("include")), ...exclude.map(side("exclude"))]);
}

/** A draft with the same choices and content as any campaign, without its times; returns its id. */
export async function duplicateCampaign(db: Db, scope: Scope, campaignId: string, name: string): Promise<string> {
  allow(scope, "write");
  return db.transaction(async (tx) => {
    const id = newId();
    const copied = await tx.execute(sql`
      insert into campaign (workspace_id, id, name, from_name, from_email, reply_to, sender_id, track_opens, track_clicks,
        in_doubt_policy, canary_count, canary_minutes, created_by)
      select c.workspace_id, ${id}, ${name.slice(0, 200)}, c.from_name, c.from_email, c.reply_to,
        (select s.id from sender s where s.workspace_id = c.workspace_id and s.id = c.sender_id and s.archived_at is null),
        c.track_opens, c.track_clicks, c.in_doubt_policy, c.canary_count, c.canary_minutes, ${scope.userId}
      from campaign c where c.workspace_id = ${scope.workspaceId} and c.id = ${campaignId}`);
    if (copied.rowCount !== 1) throw new NotFound("campaign");
    await tx.execute(sql`
      insert into variant (workspace_id, campaign_id, name, subject, preheader, revision_id)
      select workspace_id, ${id}, name, subject, preheader, revision_id
      from variant where workspace_id = ${scope.workspaceId} and campaign_id = ${campaignId}`);
    await tx.execute(sql`
      insert into campaign_list (workspace_id, campaign_id, list_id, mode)
      select cl.workspace_id, ${id}, cl.list_id, cl.mode
      from campaign_list cl
      join list l on l.workspace_id = cl.workspace_id and l.id = cl.list_id and l.archived_at is null
      where cl.workspace_id = ${scope.workspaceId} and cl.campaign_id = ${campaignId}`);
    return id;
  });
}

/** Deletes a draft so that it can be taken back. Refuses `campaign.not_draft` for anything that was launched. */
export async function archiveDraft(db: Db, scope: Scope, campaignId: string): Promise<void> {
  await setArchived(db, scope, campaignId, true);
}

export async function restoreDraft(db: Db, scope: Scope, campaignId: string): Promise<void> {
  await setArchived(db, scope, campaignId, false);
}

async function setArchived(db: Db, scope: Scope, campaignId: string, archived: boolean): Promise<void> {
  allow(scope, "write");
  await db.transaction(async (tx) => {
    const [row] = await tx
      .update(campaign)
      .set({ archivedAt: archived ? sql`clock_timestamp()` : null })
      .where(
        and(
          eq(campaign.workspaceId, scope.workspaceId),
          eq(campaign.id, campaignId),
          inArray(campaign.status, ["draft", "missed"]),
        ),
      )
      .returning({ name: campaign.name });
    if (!row) throw await whyNotSaved(tx, scope, campaignId);
    const action = archived ? "campaign.archive" : "campaign.restore";
    await audit(tx, scope, action, { kind: "campaign", id: campaignId }, { name: row.name });
  });
}
