import { parseAddress } from "../audience/address.ts";
import { type AudienceCounts, countAudience } from "../audience/audience-query.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import { getWorkspace, type Workspace } from "../auth/workspaces.ts";
import type { CompileResult } from "../content/compile.ts";
import { type Db, databaseNow } from "../db.ts";
import { findFromDomain } from "../senders/domains/signing-keys.ts";
import type { ResolvedSender } from "../senders/resolve.ts";
import { type Check, compileCampaign, findUsableSender, runChecks } from "./checks.ts";
import { type CampaignDetail, getCampaign } from "./find.ts";

/** Everything a person decides by before pressing Send, and what the launch itself goes by. */
export interface Review {
  campaign: CampaignDetail;
  workspace: Workspace;
  checks: Check[];
  audience: AudienceCounts;
  compiled: CompileResult;
  sender: Pick<ResolvedSender, "id" | "name" | "kind" | "health"> | null;
}

/** Reviews a campaign as it is stored now: the same checks and the same count that launch() uses. It starts now, unless said. */
export async function reviewCampaign(db: Db, scope: Scope, campaignId: string, startsAt?: Date): Promise<Review> {
  allow(scope, "read");
  const campaign = await getCampaign(db, scope, campaignId);
  const workspace = await getWorkspace(db, scope);
  const compiled = await compileCampaign(campaign, workspace);
  const sender = await findUsableSender(db, scope.workspaceId, campaign.senderId);
  const audience = await countAudience(db, scope.workspaceId, campaign);
  const from = parseAddress(campaign.fromEmail);
  const fromDomain = from.ok ? await findFromDomain(db, scope.workspaceId, from.domain) : null;
  const { recipients } = audience;
  const checks = runChecks({
    campaign,
    workspace,
    compiled,
    sender,
    recipients,
    fromDomain,
    startsAt: startsAt ?? (await databaseNow(db)),
  });
  const shown = sender && { id: sender.id, name: sender.name, kind: sender.kind, health: sender.health };
  return { campaign, workspace, checks, audience, compiled, sender: shown };
}
