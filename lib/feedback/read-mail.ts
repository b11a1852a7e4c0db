import PostalMime, { type Attachment, type Email } from "postal-mime";
import { type DeliveryStatus, readDeliveryStatus } from "./delivery-status.ts";
import { type Fields, readBlocks, wordsOf } from "./report-fields.ts";

/** By what a report may tell which message it is about. Nobody vouches for any of it. */
export interface Traces {
  /** Local parts with @ that look like bounce addresses of ours. */
  addresses: string[];
  /** What looks like the token of an unsubscribe link of ours, in the header of what was returned. */
  tokens: string[];
}

/** What a mail that came in says. */
export type ReadMail =
  | { kind: "complaint"; class: string; words: string; traces: Traces }
  | (Extract<DeliveryStatus, { kind: "bounce" }> & { traces: Traces })
  | { kind: "ignored"; why: "auto_reply" | "delayed" | "delivered" | "no_complaint" }
  | { kind: "unknown" };

/** Feedback types (RFC 5965 7.3) that say that the mail is unwanted; "not-spam", "auth-failure" and others do not. */
const complaints = ["abuse", "fraud", "other"];

/** Where a mail server notes whom a mail was for, the most certain first. */
const recipientFields = ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc"];
const mostTraces = 20;

/**
 * Reads what mail servers and providers send back: complaints (ARF, RFC 5965) and delivery status notifications
 * (RFC 3464). Replies of machines are told from the rest, which is unknown. Never throws, whatever the bytes are.
 */
export async function readMail(raw: Buffer): Promise<ReadMail> {
  let mail: Email;
  try {
    mail = await PostalMime.parse(withoutMailboxLine(raw), {
      forceRfc822Attachments: true,
      maxNestingDepth: 20,
      maxHeadersSize: 512 * 1024,
    });
  } catch {
    return { kind: "unknown" };
  }
  if (/^\s*multipart\/report\b/i.test(headerOf(mail, "content-type"))) {
    const complaint = partOf(mail, ["message/feedback-report"]);
    if (complaint) return readComplaint(mail, readBlocks(bytesOf(complaint))[0]);
    const status = partOf(mail, ["message/delivery-status", "message/global-delivery-status"]);
    const read = status && readDeliveryStatus(readBlocks(bytesOf(status)));
    if (read) return read.kind === "bounce" ? { ...read, traces: tracesOf(mail, []) } : read;
    const receipt = partOf(mail, ["message/disposition-notification"]);
    return receipt ? { kind: "ignored", why: "auto_reply" } : { kind: "unknown" };
  }
  return isAutoReply(mail) ? { kind: "ignored", why: "auto_reply" } : { kind: "unknown" };
}

/** "From MAILER-DAEMON Tue Mar  3 …", which mail servers put before a mail that they hand to a program. */
function withoutMailboxLine(raw: Buffer): Buffer {
  const isThere = /^>?From /.test(raw.subarray(0, 6).toString("latin1"));
  return isThere ? raw.subarray(raw.indexOf("\n") + 1) : raw;
}

function readComplaint(mail: Email, fields: Fields | undefined): ReadMail {
  const type = /^[a-z-]+/.exec(fields?.get("feedback-type")?.toLowerCase() ?? "")?.[0];
  if (!fields || !type) return { kind: "unknown" };
  if (!complaints.includes(type)) return { kind: "ignored", why: "no_complaint" };
  const words = wordsOf(fields.get("user-agent") ?? "");
  return { kind: "complaint", class: type, words, traces: tracesOf(mail, [fields.get("original-mail-from") ?? ""]) };
}

/** RFC 3834 5; older programs have names of their own for it. */
function isAutoReply(mail: Email): boolean {
  const submitted = headerOf(mail, "auto-submitted").trim().toLowerCase();
  return (
    (submitted !== "" && !/^no\b/.test(submitted)) ||
    /^\s*(auto_reply|vacation)\b/i.test(headerOf(mail, "precedence")) ||
    ["x-autoreply", "x-autorespond", "x-vacation"].some((name) => headerOf(mail, name) !== "")
  );
}

function tracesOf(mail: Email, named: string[]): Traces {
  const returned = partOf(mail, [
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
  ]);
  const returnedHeader = returned && readBlocks(bytesOf(returned))[0];
  const texts = [
    ...recipientFields
      .flatMap((name) => mail.headers.filter((header) => header.key === name))
      .map(({ value }) => value),
    ...named,
    returnedHeader?.get("return-path") ?? "",
  ];
  const addresses = texts.flatMap((text) => text.match(/\bb-[a-z2-7]{60}@/gi) ?? []);
  const token = /\/u\/([A-Za-z0-9_-]{72})(?![A-Za-z0-9_-])/.exec(returnedHeader?.get("list-unsubscribe") ?? "")?.[1];
  return { addresses: [...new Set(addresses)].slice(0, mostTraces), tokens: token ? [token] : [] };
}

function headerOf(mail: Email, name: string): string {
  return mail.headers.find((header) => header.key === name)?.value ?? "";
}

function partOf(mail: Email, types: readonly string[]): Attachment | undefined {
  return mail.attachments.find(({ mimeType }) => types.includes(mimeType));
}

function bytesOf({ content }: Attachment): Uint8Array {
  return typeof content === "string" ? Buffer.from(content) : new Uint8Array(content as ArrayBuffer);
}
