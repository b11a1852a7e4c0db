import { sql } from "drizzle-orm";
import type { CompiledMail } from "../content/compile-mail.ts";
import { isVerbatimBase } from "../content/fill-mail.ts";
import type { Db } from "../db.ts";
import { publicBaseUrl } from "../public-url.ts";
import { findBounceHost } from "../senders/domains/signing-keys.ts";
import type { DkimSigner } from "./dkim.ts";
import { addressHeader, phraseHeader } from "./headers.ts";
import { signerFor } from "./signer-for.ts";

/** Everything frozen about a campaign that its mails are made from. Loaded once per process and campaign. */
export interface CampaignMail {
  campaignId: string;
  workspaceId: string;
  workspaceNumber: number;
  baseUrl: string;
  /** Links under the base need no escaping anywhere in a mail. */
  verbatimUrls: boolean;
  fromEmail: string;
  /** Envelopes carry a signed address of this host; the from address where there is none. */
  bounceHost: string | null;
  /** The from address's domain as A-labels: the right side of our Message-IDs and the List-Id. */
  domain: string;
  /** From, Reply-To (when set), List-Id and Feedback-ID, encoded and folded: the same in every mail. */
  sharedHeaders: string;
  senderId: string | null;
  /** Shared among these; null when it has a sender of its own. */
  senderIds: string[] | null;
  inDoubtPolicy: "resend" | "hold";
  endsAt: Date | null;
  /** Signs for the from address's domain; with nothing where no domain of it is set up. */
  signer: DkimSigner;
  /** By variant id. */
  mails: Map<string, CompiledMail>;
}

/**
 * Reads a launched campaign. Throws when it was never frozen, and Refusal `domains.key_lost` when its domain's key
 * cannot be used: nothing may be sent of it then.
 */
export async function loadCampaignMail(db: Db, workspaceId: string, campaignId: string): Promise<CampaignMail> {
  const { rows } = await db.execute<{
    number: number;
    workspace_name: string;
    tracking_base_url: string | null;
    from_name: string;
    from_email: string;
    reply_to: string;
    sender_id: string | null;
    sender_ids: string[] | null;
    in_doubt_policy: "resend" | "hold";
    ends_at: string | null;
    variant_id: string;
    compiled: CompiledMail;
  }>(sql`
    select w.number, w.name as workspace_name, w.tracking_base_url, k.from_name, k.from_email, k.reply_to, k.sender_id, k.sender_ids,
      k.in_doubt_policy, k.ends_at, f.variant_id, f.compiled
    from campaign k
    join workspace w on w.id = k.workspace_id
    join frozen_content f on f.workspace_id = k.workspace_id and f.campaign_id = k.id
    where k.workspace_id = ${workspaceId} and k.id = ${campaignId}`);
  const first = rows[0];
  if (!first) throw new Error(`campaign ${campaignId} has no frozen content`);
  const bareFrom = addressHeader("", first.from_email);
  const domain = bareFrom.slice(bareFrom.lastIndexOf("@") + 1);
  const baseUrl = publicBaseUrl({ trackingBaseUrl: first.tracking_base_url });
  return {
    campaignId,
    workspaceId,
    workspaceNumber: first.number,
    baseUrl,
    verbatimUrls: isVerbatimBase(baseUrl),
    fromEmail: first.from_email,
    bounceHost: await findBounceHost(db, workspaceId, domain),
    domain,
    sharedHeaders:
      `From: ${addressHeader(first.from_name, first.from_email)}\r\n` +
      (first.reply_to === "" ? "" : `Reply-To: ${addressHeader("", first.reply_to)}\r\n`) +
      `List-Id: ${phraseHeader(first.workspace_name, `${workspaceId}.${domain}`)}\r\n` +
      `Feedback-ID: ${campaignId}:${workspaceId}:campaign:posthorn\r\n`,
    senderId: first.sender_id,
    senderIds: first.sender_ids,
    inDoubtPolicy: first.in_doubt_policy,
    endsAt: first.ends_at === null ? null : new Date(first.ends_at),
    signer: await signerFor(db, workspaceId, first.from_email),
    mails: new Map(rows.map((row) => [row.variant_id, row.compiled])),
  };
}
