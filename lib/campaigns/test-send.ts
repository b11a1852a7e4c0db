import { parseAddress } from "../audience/address.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import { getWorkspace, type Workspace } from "../auth/workspaces.ts";
import { compileMail } from "../content/compile-mail.ts";
import { fillMail } from "../content/fill-mail.ts";
import type { SubscriberData } from "../content/render.ts";
import type { Db } from "../db.ts";
import { replacedByServer } from "../delivery/dkim.ts";
import { adviceFor } from "../delivery/explain-advice.ts";
import { addressHeader, textHeader } from "../delivery/headers.ts";
import { signerFor } from "../delivery/signer-for.ts";
import { openConnection } from "../delivery/smtp.ts";
import type { Outcome, SenderOptions } from "../delivery/transport.ts";
import { Refusal } from "../errors.ts";
import { newId } from "../ids.ts";
import { refuseWhileLocked } from "../instance/sending-lock.ts";
import { publicBaseUrl, unsubscribeUrl } from "../public-url.ts";
import { resolveSender } from "../senders/resolve.ts";
import { signToken } from "../tokens.ts";
import { compileCampaign } from "./checks.ts";
import { type CampaignDetail, getCampaign } from "./find.ts";
import type { TestSendInput } from "./input.ts";
import { previewPerson } from "./preview.ts";

/** What came of one test mail. `words` are the server's, or ours about the network; empty when it was accepted. */
export interface TestSendResult {
  email: string;
  accepted: boolean;
  words: string;
  advice: string | null;
}

/** A person waits for the answer, so nothing like the minutes of RFC 5321. */
const timeouts = {
  connect: 10_000,
  greeting: 15_000,
  command: 15_000,
  data: 15_000,
  bodyPiece: 15_000,
  afterDot: 30_000,
};
const subjectPrefix = "[Test] ";

/** Leads to the unsubscribe page of nobody: a tester who tries the link takes nobody off. */
const nobody = "00000000-0000-0000-0000-000000000000";

/**
 * Sends the campaign as it is stored to a few addresses, through its own sender and as a real mail, signed as such but
 * without tracking. Refuses `campaign.content_broken` (with line), `campaign.subject_empty`, `campaign.from_invalid`,
 * `campaign.test_address` (detail `email`), `domains.key_lost` and `instance.locked`; what the server says is a value per address.
 */
export async function sendTest(
  db: Db,
  scope: Scope,
  input: TestSendInput,
): Promise<{ sender: string; isInbox: boolean; results: TestSendResult[] }> {
  allow(scope, "write");
  await refuseWhileLocked(db);
  const campaign = await getCampaign(db, scope, input.campaignId);
  const workspace = await getWorkspace(db, scope);
  const recipients = [...new Set(input.to.map((email) => checkedAddress(email, "campaign.test_address")))];
  const fromEmail = checkedAddress(campaign.fromEmail, "campaign.from_invalid");
  const compiled = await compileCampaign(campaign, workspace);
  if (!compiled.ok) {
    const problem = compiled.problems[0];
    throw new Refusal("campaign.content_broken", {
      message: problem?.message ?? "",
      line: problem?.line ?? 0,
      where: problem?.where ?? "",
    });
  }
  if (compiled.subject === "") throw new Refusal("campaign.subject_empty");
  const mail = compileMail(compiled, {
    workspace: { name: workspace.name, postal_address: workspace.postalAddress },
    campaign: { name: campaign.name, subject: campaign.subject },
    trackOpens: false,
    trackClicks: false,
  });
  const person = await previewPerson(db, scope, input.subscriberId);
  const sender = await resolveSender(db, scope.workspaceId, campaign.senderId);
  const signer = await signerFor(db, scope.workspaceId, fromEmail);
  const messages = await Promise.all(
    recipients.map(async (email) => {
      const { head, body } = assembleTest({ campaign, workspace, fromEmail, mail, person, email });
      return { email, message: (await signer.sign(head, body, replacedByServer(sender.host))) + head + body };
    }),
  );
  const results = await handOver({ ...sender, timeouts }, fromEmail, messages);
  return { sender: sender.name, isInbox: sender.kind === "inbox", results };
}

function checkedAddress(text: string, code: string): string {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Refusal(code, { email: text, from: text });
  return parsed.email;
}

function assembleTest(one: {
  campaign: CampaignDetail;
  workspace: Workspace;
  fromEmail: string;
  mail: ReturnType<typeof compileMail>;
  person: SubscriberData;
  email: string;
}): { head: string; body: string } {
  const { campaign, workspace, fromEmail, mail, person, email } = one;
  const token = signToken({
    purpose: "unsubscribe",
    workspaceNumber: workspace.number,
    subscriberId: nobody,
    campaignId: campaign.id,
  });
  const unsubscribe = unsubscribeUrl(publicBaseUrl(workspace), token);
  const filled = fillMail(mail, person, { click: () => "", open: "", unsubscribe });
  const from = addressHeader(campaign.fromName.trim(), fromEmail);
  const replyTo = parseAddress(campaign.replyTo);
  const bareFrom = addressHeader("", fromEmail);
  const head =
    `From: ${from}\r\n` +
    (replyTo.ok ? `Reply-To: ${addressHeader("", replyTo.email)}\r\n` : "") +
    `To: ${addressHeader("", email)}\r\n` +
    `Subject: ${textHeader(subjectPrefix + filled.subject, "Subject: ".length)}\r\n` +
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}\r\n` +
    `Message-ID: <${newId()}@${bareFrom.slice(bareFrom.lastIndexOf("@") + 1)}>\r\n` +
    `List-Unsubscribe: <${unsubscribe}>\r\n` +
    `MIME-Version: 1.0\r\nContent-Type: ${filled.contentType}\r\n\r\n`;
  return { head, body: filled.body };
}

async function handOver(
  options: SenderOptions,
  from: string,
  messages: Array<{ email: string; message: string }>,
): Promise<TestSendResult[]> {
  const opened = await openConnection(options);
  if (!opened.ok) return messages.map(({ email }) => asResult(options, email, opened.outcome));
  const { connection } = opened;
  const results: TestSendResult[] = [];
  for (const { email, message } of messages) {
    results.push(asResult(options, email, await connection.send({ from, to: email }, message)));
  }
  await connection.quit();
  return results;
}

function asResult(options: SenderOptions, email: string, outcome: Outcome): TestSendResult {
  if (outcome.kind === "reply" && outcome.phase === "dot" && outcome.code < 300)
    return { email, accepted: true, words: "", advice: null };
  return { email, accepted: false, words: wordsOf(outcome), advice: adviceFor(options, outcome, "").text };
}

function wordsOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "reply":
      return `${outcome.code} ${outcome.enhanced ?? ""} ${outcome.text}`.replace(/\s+/g, " ").trim();
    case "network":
      return outcome.error;
    case "refused":
      return outcome.text;
    case "withheld":
      return "The server closed the connection.";
  }
}
