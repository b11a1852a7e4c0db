import { eq } from "drizzle-orm";
import { workspace } from "#drizzle/schema/auth.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import { config } from "../config.ts";
import type { Db } from "../db.ts";
import { Refusal } from "../errors.ts";
import { newId } from "../ids.ts";
import { refuseWhileLocked } from "../instance/sending-lock.ts";
import { parsePrivateHosts } from "../private-hosts.ts";
import { reportSenderUp } from "../senders/health.ts";
import type { ConnectionTestInput, TrialMailInput } from "../senders/input.ts";
import { getSender } from "../senders/list.ts";
import { resolveSender } from "../senders/resolve.ts";
import { mayReuseOauth, mayReusePassword } from "../senders/save.ts";
import { storedSecrets } from "../senders/stored-secrets.ts";
import { replacedByServer } from "./dkim.ts";
import { type ConnectionTest, testConnection } from "./explain.ts";
import { adviceFor } from "./explain-advice.ts";
import { addressHeader, textHeader } from "./headers.ts";
import { signerFor } from "./signer-for.ts";
import { openConnection } from "./smtp.ts";
import type { Outcome, SenderOptions } from "./transport.ts";

/** A person waits for the answer, so nothing like the minutes of RFC 5321. */
const timeouts = {
  connect: 10_000,
  greeting: 15_000,
  command: 15_000,
  data: 15_000,
  bodyPiece: 15_000,
  afterDot: 30_000,
};

/**
 * Tries settings as they stand in the form, before they are saved. With a from address it also asks whether the server
 * takes mail from it for `recipient`, and takes that back. No mail is sent. Refuses `senders.password_again` (or
 * `oauth_again`) when stored secrets would go to another host or under another name than they were given for.
 */
export async function checkSettings(
  db: Db,
  scope: Scope,
  input: ConnectionTestInput,
  recipient: string,
): Promise<ConnectionTest> {
  allow(scope, "manage");
  const [owner] = await db
    .select({ isSample: workspace.isSample })
    .from(workspace)
    .where(eq(workspace.id, scope.workspaceId));
  if (owner?.isSample !== false) throw new Refusal("senders.sample_workspace");
  const { host, port, tlsMode, verifyCertificate, authorities } = input;
  const options: SenderOptions = {
    ...{ host, port, tlsMode, verifyCertificate, authorities },
    login: await loginOf(db, scope, input),
    privateHosts: parsePrivateHosts(config().SENDER_PRIVATE_HOSTS),
  };
  return testConnection(options, input.defaultFromEmail ? { from: input.defaultFromEmail, to: recipient } : null);
}

/** Tries a saved sender as delivery would use it. When it works it is in use again at once. */
export async function checkSender(db: Db, scope: Scope, senderId: string): Promise<ConnectionTest> {
  allow(scope, "manage");
  const sender = await resolveSender(db, scope.workspaceId, senderId);
  const test = await testConnection(sender);
  if (test.ok) await reportSenderUp(db, scope.workspaceId, sender.id);
  return test;
}

/** What came of a trial mail: the server's own words, and what to do about them when it did not take it. */
export interface TrialMail {
  accepted: boolean;
  words: string;
  advice: string | null;
}

/**
 * Sends one short mail through a saved sender, from its default address or else from the person who asks, signed as
 * campaigns are. Refuses `domains.key_lost` and `instance.locked`.
 */
export async function sendTrialMail(
  db: Db,
  scope: Scope,
  { senderId, to }: TrialMailInput,
  by: { name: string; email: string },
): Promise<TrialMail> {
  allow(scope, "manage");
  await refuseWhileLocked(db);
  const sender = await resolveSender(db, scope.workspaceId, senderId);
  const { name, defaultFromEmail, defaultFromName } = await getSender(db, scope, sender.id);
  const from = defaultFromEmail ? { name: defaultFromName, email: defaultFromEmail } : by;
  const options: SenderOptions = { ...sender, timeouts };
  const signer = await signerFor(db, scope.workspaceId, from.email);
  const { head, body } = trialMessage(from, to, name);
  const signature = await signer.sign(head, body, replacedByServer(sender.host));
  const opened = await openConnection(options);
  if (!opened.ok) return trialOf(options, opened.outcome);
  const outcome = await opened.connection.send({ from: from.email, to }, signature + head + body);
  await opened.connection.quit();
  await audit(db, scope, "sender.trial_mail", { kind: "sender", id: sender.id });
  return trialOf(options, outcome);
}

async function loginOf(db: Db, scope: Scope, input: ConnectionTestInput): Promise<SenderOptions["login"]> {
  if (input.username === "") return null;
  const { username, authMethod: method } = input;
  const stored = input.senderId === null ? null : await storedSecrets(db, scope, input.senderId);
  if (!input.oauth) {
    const mayReuse = stored?.password == null || mayReusePassword(stored, input);
    if (input.password === "" && !mayReuse) throw new Refusal("senders.password_again");
    return { username, password: input.password || (stored?.password ?? ""), method };
  }
  const { oauthClientSecret: clientSecret, oauthRefreshToken: refreshToken } = input;
  const oauth = { username, password: "", method };
  if (refreshToken !== "") return { ...oauth, oauth: { ...input.oauth, clientSecret, refreshToken } };
  if (!stored?.secrets) return { ...oauth, oauth: null };
  if (clientSecret !== "" || !mayReuseOauth(stored, input)) throw new Refusal("senders.oauth_again");
  return { ...oauth, oauth: { ...input.oauth, ...stored.secrets } };
}

function trialMessage(
  from: { name: string; email: string },
  to: string,
  senderName: string,
): { head: string; body: string } {
  const subject = "Test mail from Posthorn";
  const head = [
    `From: ${addressHeader(from.name, from.email)}`,
    `To: ${addressHeader("", to)}`,
    `Subject: ${textHeader(subject, "Subject: ".length)}`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${newId()}@${from.email.split("@").at(-1) ?? "localhost"}>`,
    "Auto-Submitted: auto-generated",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "",
    "",
  ].join("\r\n");
  const text = `This mail was sent through the sender "${senderName}".\r\n\r\nIf you can read it, the sender works.\r\n`;
  return { head, body: `${base64Lines(text)}\r\n` };
}

function base64Lines(text: string): string {
  return Buffer.from(text).toString("base64").replace(/.{76}/g, "$&\r\n");
}

function trialOf(options: SenderOptions, outcome: Outcome): TrialMail {
  const accepted = outcome.kind === "reply" && outcome.phase === "dot" && outcome.code < 300;
  return { accepted, words: wordsOf(outcome), advice: accepted ? null : adviceFor(options, outcome, "").text };
}

function wordsOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "reply":
      return [outcome.code, outcome.enhanced, outcome.text].filter(Boolean).join(" ");
    case "network":
      return outcome.error;
    case "refused":
      return outcome.text;
    case "withheld":
      return "";
  }
}
