import { randomBytes } from "node:crypto";
import { and, asc, eq } from "drizzle-orm";
import { list } from "#drizzle/schema/audience.ts";
import { member, user, workspace } from "#drizzle/schema/auth.ts";
import { campaign } from "#drizzle/schema/campaigns.ts";
import type { Scope } from "../auth/scope.ts";
import { isSetUp, setUp } from "../auth/setup.ts";
import { tzdb } from "../auth/time-zones.ts";
import { getWorkspace } from "../auth/workspaces.ts";
import { launch } from "../campaigns/launch.ts";
import type { Db } from "../db.ts";
import { Refusal } from "../errors.ts";
import { demoCampaign } from "./campaigns.ts";
import { loadSample } from "./load.ts";
import { writeDraft } from "./write-campaign.ts";

/** What a demo start has done. The password is known here and nowhere else: show it once. */
export interface PreparedDemo {
  ownerCreated?: { email: string; password: string };
  /** The campaign that was launched now; null when an earlier start has done that. */
  launched: { workspaceId: string; campaignId: string } | null;
}

const demoEmail = "demo@example.com";

/**
 * Makes an installation show itself: an owner where there is none yet, the sample workspace where it is missing, and
 * one real campaign that goes through queue, worker and SMTP to the built-in inbox. Called at every demo start; what is
 * there already stays as it is, and the campaign is launched once per sample workspace.
 */
export async function prepareDemo(db: Db): Promise<PreparedDemo> {
  const ownerCreated = (await isSetUp(db)) ? null : await createOwner(db);
  const scope = await ownerScope(db);
  if (!scope) return { launched: null };
  const { workspaceId, isNew } = await loadSample(db, scope);
  // Whoever looks at a demo wants to see the sample: the older workspace is the one a login opens.
  if (ownerCreated && isNew) await openFirst(db, workspaceId, scope.workspaceId);
  const launched = await launchOnce(db, { workspaceId, role: "owner", userId: scope.userId });
  return { ...(ownerCreated && { ownerCreated }), launched };
}

async function createOwner(db: Db): Promise<PreparedDemo["ownerCreated"] | null> {
  const password = randomBytes(12).toString("base64url");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    await setUp(db, {
      name: "Demo",
      email: demoEmail,
      password,
      workspaceName: "My organisation",
      postalAddress: "1 Example Street\n12345 Example",
      timeZone: tzdb.has(zone) ? zone : "UTC",
      language: "en",
    });
  } catch (error) {
    // Another worker, or a person, was faster.
    if (error instanceof Refusal && error.code === "auth.already_set_up") return null;
    throw error;
  }
  return { email: demoEmail, password };
}

/** The first owner, in their first workspace that is no sample. */
async function ownerScope(db: Db): Promise<Scope | null> {
  const [found] = await db
    .select({ workspaceId: workspace.id, userId: user.id })
    .from(member)
    .innerJoin(user, eq(user.id, member.userId))
    .innerJoin(workspace, eq(workspace.id, member.organizationId))
    .where(and(eq(member.role, "owner"), eq(workspace.isSample, false)))
    .orderBy(asc(user.createdAt), asc(workspace.createdAt))
    .limit(1);
  return found ? { ...found, role: "owner" } : null;
}

async function openFirst(db: Db, sampleId: string, otherId: string): Promise<void> {
  const other = await getWorkspace(db, { workspaceId: otherId });
  await db
    .update(workspace)
    .set({ createdAt: new Date(other.createdAt.getTime() - 1000) })
    .where(eq(workspace.id, sampleId));
}

/** A launch like any other: it starts after the ten seconds in which it can be taken back. Draft and launch are one. */
async function launchOnce(db: Db, scope: Scope): Promise<PreparedDemo["launched"]> {
  const { workspaceId } = scope;
  return db.transaction(async (tx) => {
    // Two workers that start at once take turns here.
    await tx.select({ id: workspace.id }).from(workspace).where(eq(workspace.id, workspaceId)).for("update");
    const before = await tx
      .select({ id: campaign.id })
      .from(campaign)
      .where(and(eq(campaign.workspaceId, workspaceId), eq(campaign.name, demoCampaign.name)));
    if (before.length > 0) return null;
    const { timeZone } = await getWorkspace(tx, scope);
    const place = { scope, lists: await sampleLists(tx, workspaceId), timeZone, now: new Date() };
    const { id, version } = await writeDraft(tx, place, demoCampaign);
    await launch(tx, scope, { campaignId: id, version, when: { kind: "now" }, acceptPlainHttp: true });
    return { workspaceId, campaignId: id };
  });
}

async function sampleLists(db: Db, workspaceId: string): Promise<{ newsletter: string; wholesale: string }> {
  const rows = await db.select({ id: list.id, name: list.name }).from(list).where(eq(list.workspaceId, workspaceId));
  const idOf = (name: string) => rows.find((row) => row.name === name)?.id ?? rows[0]?.id ?? "";
  return { newsletter: idOf("Newsletter"), wholesale: idOf("Wholesale") };
}
