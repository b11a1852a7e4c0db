import PostalMime, { type Email } from "postal-mime";
import type { AcceptedMessage } from "#tests/support/journal-smtp-controller.ts";

/** A browser that people use, so that a hit counts as a person's. */
export const browserAgent =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";

export interface ReadMail extends Email {
  header(name: string): string;
  /** The address of the first link whose words contain this, as it stands in the HTML. */
  linkOf(words: string): string;
  /** Where the pixel is. */
  pixel(): string | null;
}

/** A mail as its reader's program sees it. */
export async function readMail(raw: string | Buffer): Promise<ReadMail> {
  const mail = await PostalMime.parse(raw);
  const html = mail.html ?? "";
  const linkOf = (words: string): string => {
    for (const [, href = "", inner = ""] of html.matchAll(/<a\b[^>]*?\bhref="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g)) {
      if (inner.replace(/<[^>]+>/g, " ").includes(words)) return href.replaceAll("&amp;", "&");
    }
    throw new Error(`no link says “${words}” in:\n${html}`);
  };
  const header = (name: string): string =>
    mail.headers.find((one) => one.key === name.toLowerCase())?.value.replace(/\s+/g, " ") ?? "";
  const pixel = (): string | null => /<img\b[^>]*?\bsrc="([^"]*\/o\/[^"]+)"/.exec(html)?.[1] ?? null;
  return Object.assign(mail, { header, linkOf, pixel });
}

/** The mails a journal server has truly taken, by recipient. */
export async function byRecipient(accepted: readonly AcceptedMessage[]): Promise<Map<string, ReadMail[]>> {
  const mails = new Map<string, ReadMail[]>();
  for (const { to, message } of accepted) {
    // Journals keep a byte a character.
    const mail = await readMail(Buffer.from(message ?? "", "latin1"));
    mails.set(to, [...(mails.get(to) ?? []), mail]);
  }
  return mails;
}
