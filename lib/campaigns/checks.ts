import { parseAddress } from "../audience/address.ts";
import type { Workspace } from "../auth/workspaces.ts";
import { type CompileResult, compileContent } from "../content/compile.ts";
import type { Db } from "../db.ts";
import { Refusal } from "../errors.ts";
import { publicBaseUrl } from "../public-url.ts";
import type { FromDomain } from "../senders/domains/signing-keys.ts";
import { type ResolvedSender, resolveSender } from "../senders/resolve.ts";
import type { CampaignDetail } from "./find.ts";

/**
 * One thing that was looked at before a launch. `code` is what a launch refuses with when `state` is "blocked";
 * "confirm" needs a person's yes; "warning" is only said.
 */
export interface Check {
  code: CheckCode;
  area: "subject" | "from" | "audience" | "content" | "sender" | "links" | "time";
  state: "ok" | "blocked" | "confirm" | "warning";
  detail: Record<string, string | number>;
}

export type CheckCode =
  | "campaign.subject_empty"
  | "campaign.preheader_empty"
  | "campaign.from_missing"
  | "campaign.from_invalid"
  | "campaign.reply_to_invalid"
  | "campaign.domain_unsigned"
  | "campaign.domain_gone"
  | "campaign.domain_lost"
  | "campaign.no_lists"
  | "campaign.no_recipients"
  | "campaign.content_broken"
  | "campaign.content_warnings"
  | "campaign.unsubscribe_missing"
  | "campaign.postal_address_missing"
  | "campaign.workspace_address_empty"
  | "campaign.no_sender"
  | "campaign.sender_down"
  | "campaign.test_inbox"
  | "campaign.public_url_localhost"
  | "campaign.plain_http"
  | "campaign.canary_everybody"
  | "campaign.ends_before_start"
  | "campaign.ends_before_rest"
  | "campaign.ends_soon";

/** What the checks look at. */
export interface CheckedCampaign {
  campaign: CampaignDetail;
  workspace: Workspace;
  compiled: CompileResult;
  /** Null when there is none that can be used. */
  sender: ResolvedSender | null;
  recipients: number;
  /** Null without a From address. */
  fromDomain: FromDomain | null;
  /** When it would start: now, or at the planned time. */
  startsAt: Date;
}

/** Content with its subject and preheader in the language of the workspace, strict as for sending. */
export function compileCampaign(campaign: CampaignDetail, workspace: Workspace): Promise<CompileResult> {
  const { content: source, subject, preheader } = campaign;
  return compileContent({ source, subject, preheader, language: workspace.language });
}

/** The sender a campaign would go through now, or null when its own is gone. */
export async function findUsableSender(
  db: Db,
  workspaceId: string,
  senderId: string | null,
): Promise<ResolvedSender | null> {
  try {
    return await resolveSender(db, workspaceId, senderId);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** Every check in the order people read them. Pure. */
export function runChecks(checked: CheckedCampaign): Check[] {
  return [
    ...checkEnvelope(checked),
    ...checkDomain(checked),
    ...checkAudience(checked),
    ...checkContent(checked),
    ...checkSender(checked),
    ...checkCanary(checked),
    ...checkEnd(checked.campaign, checked.startsAt),
  ];
}

type State = Check["state"];
const result = (area: Check["area"], code: CheckCode, state: State, detail: Check["detail"] = {}): Check => ({
  code,
  area,
  state,
  detail,
});
const when = (bad: boolean, state: State): State => (bad ? state : "ok");

function checkEnvelope({ campaign, compiled }: CheckedCampaign): Check[] {
  const checks = [result("subject", "campaign.subject_empty", when(campaign.subject.trim() === "", "blocked"))];
  const hasPreheader = compiled.ok ? compiled.preheader !== "" : campaign.preheader.trim() !== "";
  if (!hasPreheader) checks.push(result("subject", "campaign.preheader_empty", "warning"));
  const fromEmail = campaign.fromEmail.trim();
  if (fromEmail === "") checks.push(result("from", "campaign.from_missing", "blocked"));
  else
    checks.push(
      result("from", "campaign.from_invalid", when(!parseAddress(fromEmail).ok, "blocked"), { from: fromEmail }),
    );
  const replyTo = campaign.replyTo.trim();
  if (replyTo !== "")
    checks.push(result("from", "campaign.reply_to_invalid", when(!parseAddress(replyTo).ok, "blocked"), { replyTo }));
  return checks;
}

/** Whether mail is signed for the domain it comes from. The test inbox does not mind; a key that is lost stops everything. */
function checkDomain({ fromDomain, sender, workspace }: CheckedCampaign): Check[] {
  if (!fromDomain) return [];
  const { domain, covered } = fromDomain;
  const detail = { domain: covered?.domain ?? domain, from: domain, domainId: covered?.id ?? "" };
  if (covered?.signing && covered.status === "lost") return [result("from", "campaign.domain_lost", "blocked", detail)];
  if (sender?.kind !== "smtp" || workspace.isSample) return [];
  if (!covered?.signing) return [result("from", "campaign.domain_unsigned", "warning", detail)];
  if (covered.status === "signing") return [result("from", "campaign.domain_unsigned", "ok", detail)];
  return [result("from", "campaign.domain_gone", "warning", detail)];
}

function checkAudience({ campaign, recipients }: CheckedCampaign): Check[] {
  const lists = campaign.includeListIds.length;
  if (lists === 0) return [result("audience", "campaign.no_lists", "blocked")];
  return [result("audience", "campaign.no_recipients", when(recipients === 0, "blocked"), { count: recipients })];
}

function checkContent({ compiled, workspace }: CheckedCampaign): Check[] {
  if (!compiled.ok) {
    // An empty subject is said by its own check, not as broken content.
    const problem = compiled.problems[0];
    const detail = { message: problem?.message ?? "", line: problem?.line ?? 0, where: problem?.where ?? "content" };
    return [result("content", "campaign.content_broken", "blocked", detail)];
  }
  const checks = [
    result("content", "campaign.content_broken", "ok"),
    result("content", "campaign.unsubscribe_missing", when(!compiled.hasUnsubscribeLink, "blocked")),
  ];
  if (workspace.postalAddress.trim() === "")
    checks.push(result("content", "campaign.workspace_address_empty", "blocked"));
  else checks.push(result("content", "campaign.postal_address_missing", when(!compiled.hasPostalAddress, "blocked")));
  const first = compiled.warnings[0];
  if (first) {
    const more = compiled.warnings.length - 1;
    checks.push(
      result("content", "campaign.content_warnings", "warning", {
        message: first.message,
        line: first.line ?? 0,
        more,
      }),
    );
  }
  return checks;
}

function checkSender({ sender, workspace }: CheckedCampaign): Check[] {
  if (!sender) return [result("sender", "campaign.no_sender", "blocked")];
  const checks = [result("sender", "campaign.no_sender", "ok", { name: sender.name })];
  if (sender.kind === "inbox") {
    return [...checks, result("sender", "campaign.test_inbox", "warning", { sample: workspace.isSample ? 1 : 0 })];
  }
  if (sender.health === "down") checks.push(result("sender", "campaign.sender_down", "warning", { name: sender.name }));
  const url = publicBaseUrl(workspace);
  const { protocol, hostname } = new URL(url);
  if (isLocal(hostname)) checks.push(result("links", "campaign.public_url_localhost", "blocked", { url }));
  else checks.push(result("links", "campaign.plain_http", when(protocol === "http:", "confirm"), { url }));
  return checks;
}

function checkCanary({ campaign: { canaryCount }, recipients }: CheckedCampaign): Check[] {
  if (canaryCount === null || recipients === 0 || recipients > canaryCount) return [];
  return [result("time", "campaign.canary_everybody", "warning", { count: canaryCount })];
}

/** So long should be left between the start and the end: what is put off for a moment comes after 1, 5, 15 and 30 minutes. */
const shortestMinutes = 60;

/** Whether the end of a campaign leaves it time to be sent when it starts at an instant. Pure. */
export function checkEnd(
  campaign: Pick<CampaignDetail, "endsAt" | "canaryCount" | "canaryMinutes">,
  startsAt: Date,
): Check[] {
  if (campaign.endsAt === null) return [];
  const minutes = (campaign.endsAt.getTime() - startsAt.getTime()) / 60_000;
  if (minutes <= 0) return [result("time", "campaign.ends_before_start", "blocked")];
  const wait = campaign.canaryCount === null ? 0 : (campaign.canaryMinutes ?? 0);
  if (minutes <= wait) return [result("time", "campaign.ends_before_rest", "blocked", { minutes: wait })];
  if (minutes - wait < shortestMinutes)
    return [result("time", "campaign.ends_soon", "warning", { minutes: Math.floor(minutes - wait) })];
  return [];
}

/** Whether a host name of PUBLIC_URL means this machine only, so that links in a mail would lead nobody here. */
export function isLocal(hostname: string): boolean {
  const name = hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  return (
    name === "localhost" ||
    name.endsWith(".localhost") ||
    name === "::1" ||
    name === "0.0.0.0" ||
    name === "::" ||
    /^127\./.test(name)
  );
}
