import { and, eq, sql } from "drizzle-orm";
import { field, list } from "#drizzle/schema/audience.ts";
import { member, workspace } from "#drizzle/schema/auth.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import { getWorkspace } from "../auth/workspaces.ts";
import { createTemplate, saveTemplate } from "../campaigns/templates.ts";
import type { Db } from "../db.ts";
import { monthOf, newId } from "../ids.ts";
import { ensureInboxSender } from "../senders/inbox-sender.ts";
import { storage } from "../storage.ts";
import { draftCampaign, sentCampaigns } from "./campaigns.ts";
import { deleteWorkspaceRows } from "./delete-workspace-rows.ts";
import { issueMjml } from "./mails.ts";
import { type SampleList, samplePeople } from "./people.ts";
import { type SamplePlace, writeDraft, writeSentCampaign } from "./write-campaign.ts";
import { writePeople } from "./write-people.ts";

const dayMs = 86_400_000;

/** The sample workspace of a person, or null. */
export async function findSample(db: Db, userId: string): Promise<string | null> {
  const [found] = await db
    .select({ id: workspace.id })
    .from(workspace)
    .innerJoin(member, eq(member.organizationId, workspace.id))
    .where(and(eq(member.userId, userId), eq(workspace.isSample, true)));
  return found?.id ?? null;
}

/**
 * Makes the sample workspace "Acme Coffee" for the calling owner: 500 people on example.com, two lists, three campaigns
 * sent in the last weeks with their reports, a template and a draft; the same data every time, with dates that follow
 * today's. Whole or not at all; called again it returns the one that is there. `isNew` says which. Takes about a second.
 */
export async function loadSample(
  db: Db,
  scope: Scope,
  now: Date = new Date(),
): Promise<{ workspaceId: string; isNew: boolean }> {
  allow(scope, "own");
  const { userId } = scope;
  if (userId === null) throw new Error("a sample belongs to a person");
  // Outside of the transaction: making a partition locks the tables for everybody.
  for (const month of recentMonths(now)) await db.execute(sql`select ensure_month_partitions(${month}::timestamptz)`);
  return db.transaction(async (tx) => {
    // Two clicks at once make one.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`sample of ${userId}`}, 0))`);
    const found = await findSample(tx, userId);
    if (found) return { workspaceId: found, isNew: false };
    const workspaceId = await makeWorkspace(tx, scope, userId);
    await fillWorkspace(tx, { workspaceId, role: "owner", userId }, now);
    await audit(tx, scope, "sample.load", { kind: "workspace", id: workspaceId });
    return { workspaceId, isNew: true };
  });
}

/** Deletes the calling owner's sample workspace with everything in it. Nothing happens when there is none. */
export async function removeSample(db: Db, scope: Scope): Promise<void> {
  allow(scope, "own");
  const { userId } = scope;
  if (userId === null) throw new Error("a sample belongs to a person");
  const { storageKeys } = await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`sample of ${userId}`}, 0))`);
    const found = await findSample(tx, userId);
    if (!found) return { storageKeys: [] };
    const removed = await deleteWorkspaceRows(tx, found);
    // Noted where the person stands, or for the installation when they stand in what is gone now.
    const workspaceId = scope.workspaceId === found ? null : scope.workspaceId;
    await audit(tx, { workspaceId, userId }, "sample.remove", { kind: "workspace", id: found });
    return removed;
  });
  for (const key of storageKeys) await storage().remove(key);
}

/** A moment in every month from the first sample campaign to today. */
function recentMonths(now: Date): string[] {
  const days = Math.max(...sentCampaigns.map((sent) => sent.sentDaysAgo)) + 1;
  const moments = Array.from({ length: days + 1 }, (_, ago) => new Date(now.getTime() - ago * dayMs));
  return [...new Map(moments.map((at) => [monthOf(at), at.toISOString()])).values()];
}

/** Zone and language as in the workspace it was asked for from. */
async function makeWorkspace(tx: Db, scope: Scope, userId: string): Promise<string> {
  const { timeZone, language } = await getWorkspace(tx, scope);
  const id = newId();
  await tx.insert(workspace).values({
    id,
    name: "Acme Coffee",
    slug: id,
    isSample: true,
    postalAddress: "Acme Coffee Roasters\n12 Harbour Lane\n20457 Hamburg",
    timeZone,
    language,
  });
  await tx.insert(member).values({ organizationId: id, userId, role: "owner" });
  return id;
}

async function fillWorkspace(tx: Db, scope: Scope, now: Date): Promise<void> {
  const { workspaceId } = scope;
  await ensureInboxSender(tx, workspaceId);
  await writeFields(tx, workspaceId);
  const { timeZone } = await getWorkspace(tx, scope);
  const place: SamplePlace = { scope, lists: await writeLists(tx, workspaceId), timeZone, now };

  // In the order of history, so that each campaign finds the people, and their standings, of its day.
  let waiting = samplePeople();
  for (const sent of sentCampaigns) {
    const joined = waiting.filter((person) => person.joinedDaysAgo > sent.sentDaysAgo);
    waiting = waiting.filter((person) => person.joinedDaysAgo <= sent.sentDaysAgo);
    await writePeople(tx, workspaceId, place.lists, joined, now);
    await writeSentCampaign(tx, place, sent);
  }
  await writePeople(tx, workspaceId, place.lists, waiting, now);

  await writeDraft(tx, place, draftCampaign);
  const templateId = await createTemplate(tx, scope, {
    name: "Acme letter",
    from: { kind: "starter", starterId: "newsletter" },
  });
  const content = { kind: "mjml", v: 1, source: issueMjml(draftCampaign.issue) } as const;
  await saveTemplate(tx, scope, { templateId, version: 1, content });
}

async function writeLists(tx: Db, workspaceId: string): Promise<Record<SampleList, string>> {
  const ids = { newsletter: newId(), wholesale: newId() };
  await tx.insert(list).values([
    { workspaceId, id: ids.newsletter, name: "Newsletter", description: "One letter a month, about coffee" },
    {
      workspaceId,
      id: ids.wholesale,
      name: "Wholesale",
      description: "Prices and dates for cafés, bakeries and hotels",
    },
  ]);
  return ids;
}

async function writeFields(tx: Db, workspaceId: string): Promise<void> {
  const fields = [
    { key: "city", label: "City", type: "text" },
    { key: "favourite_roast", label: "Favourite roast", type: "text" },
    { key: "cups_a_day", label: "Cups a day", type: "number" },
    { key: "loyalty_card", label: "Loyalty card", type: "boolean" },
    { key: "business", label: "Business", type: "text" },
  ] as const;
  await tx.insert(field).values(fields.map((one, i) => ({ workspaceId, ...one, position: i + 1 })));
}
