import type { Db } from "../db.ts";
import { log } from "../log.ts";
import { findMessage } from "./find-message.ts";
import { type ReadMail, readMail } from "./read-mail.ts";
import { recordBounce, recordComplaint } from "./record.ts";

/**
 * What became of a mail: recorded · known (reported before) · stranger (no message of ours) · ignored (by its nature) ·
 * unknown (nothing that we can read).
 */
export interface Taken {
  kind: ReadMail["kind"];
  outcome: "recorded" | "known" | "stranger" | "ignored" | "unknown";
  /** The class of a bounce, the type of a complaint, or why it was ignored. */
  detail: string | null;
  messageId: string | null;
}

/**
 * Takes one mail that came back, as raw bytes: reads it, finds its message and writes down what it means. Doing it again
 * changes nothing. Throws only when the database is away, so that the mail can be handed over once more.
 */
export async function takeMail(db: Db, raw: Buffer): Promise<Taken> {
  const taken = await take(db, await readMail(raw));
  log.info({ ...taken, bytes: raw.length }, "a mail that came back was taken");
  return taken;
}

async function take(db: Db, mail: ReadMail): Promise<Taken> {
  switch (mail.kind) {
    case "unknown":
      return { kind: mail.kind, outcome: "unknown", detail: null, messageId: null };
    case "ignored":
      return { kind: mail.kind, outcome: "ignored", detail: mail.why, messageId: null };
    case "complaint":
    case "bounce": {
      const message = await findMessage(db, mail.traces);
      if (!message) return { kind: mail.kind, outcome: "stranger", detail: mail.class, messageId: null };
      const record = mail.kind === "complaint" ? recordComplaint : recordBounce;
      const outcome = (await record(db, message, mail)) ? "recorded" : "known";
      return { kind: mail.kind, outcome, detail: mail.class, messageId: message.messageId };
    }
    default:
      return mail satisfies never;
  }
}

/** Whether bytes are a mail at all: a header field stands first, after the line that mailboxes put before a mail. */
export function isMail(raw: Buffer): boolean {
  const start = raw.subarray(0, 4096).toString("latin1");
  return /^(?:>?From [^\r\n]*\r?\n)?[!-9;-~]+[ \t]*:/.test(start);
}

/** The mails of a mailbox file (mbox), as raw bytes. */
export function mailsOfMbox(file: Buffer): Buffer[] {
  const text = file.toString("latin1");
  return text
    .split(/(?:^|\n)(?=From [^\n]*\n)/)
    .map((mail) => mail.replace(/^>(>*From )/gm, "$1"))
    .filter((mail) => mail.trim() !== "")
    .map((mail) => Buffer.from(mail, "latin1"));
}
