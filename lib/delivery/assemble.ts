import { bounceAddress } from "../bounce-address.ts";
import { fillMail } from "../content/fill-mail.ts";
import { clickUrl, openUrl, unsubscribeUrl } from "../public-url.ts";
import { signToken } from "../tokens.ts";
import type { CampaignMail } from "./campaign-mail.ts";
import { addressHeader, textHeader } from "./headers.ts";
import type { LoadedMessage } from "./load-chunk.ts";
import type { ComposedMessage } from "./transport.ts";

/** One mail, ready for the wire: its envelope and its message. */
export interface AssembledMail {
  from: string;
  to: string;
  message: ComposedMessage;
}

/**
 * Makes one person's mail of a campaign. The same message gives the same Message-ID at every attempt, so a receiver
 * can tell a second copy. Headers: RFC 5322, List-Unsubscribe (RFC 2369) with one-click (RFC 8058; only over https,
 * as it demands), List-Id (RFC 2919), Feedback-ID (Gmail's feedback loop), Precedence.
 */
export function assembleMail(campaign: CampaignMail, message: LoadedMessage, at: Date): AssembledMail {
  const mail = campaign.mails.get(message.variantId);
  if (!mail) throw new Error(`variant ${message.variantId} has no frozen content`);
  const { workspaceNumber, baseUrl } = campaign;
  const unsubscribe = unsubscribeUrl(
    baseUrl,
    signToken({
      purpose: "unsubscribe",
      workspaceNumber,
      subscriberId: message.subscriberId ?? nobody,
      campaignId: campaign.campaignId,
    }),
  );
  const filled = fillMail(mail, message.fields as Parameters<typeof fillMail>[1], {
    click: (linkPosition) =>
      clickUrl(baseUrl, signToken({ purpose: "click", workspaceNumber, messageId: message.id, linkPosition })),
    open: mail.trackOpens
      ? openUrl(baseUrl, signToken({ purpose: "open", workspaceNumber, messageId: message.id }))
      : "",
    unsubscribe,
    verbatim: campaign.verbatimUrls,
  });
  const head =
    campaign.sharedHeaders +
    `To: ${addressHeader("", message.email)}\r\n` +
    `Subject: ${textHeader(filled.subject, "Subject: ".length)}\r\n` +
    `Date: ${at.toUTCString().replace("GMT", "+0000")}\r\n` +
    `Message-ID: <${message.id}@${campaign.domain}>\r\n` +
    `List-Unsubscribe: <${unsubscribe}>\r\n` +
    (baseUrl.startsWith("https:") ? "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" : "") +
    "Precedence: bulk\r\nMIME-Version: 1.0\r\n" +
    `Content-Type: ${filled.contentType}\r\n\r\n`;
  const from =
    campaign.bounceHost === null ? campaign.fromEmail : bounceAddress(workspaceNumber, message.id, campaign.bounceHost);
  return { from, to: message.email, message: { head, body: filled.body } };
}

/** A message without a subscriber has nobody to unsubscribe; the page says so. */
const nobody = "00000000-0000-0000-0000-000000000000";
