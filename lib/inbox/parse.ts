import PostalMime, { type Address, type Attachment, type Email } from "postal-mime";
import { oneLine } from "./header-fields.ts";

/** A mail taken apart for reading. Made from bytes that nobody vouches for: every text is to be shown as text. */
export interface ParsedMail {
  subject: string;
  from: string;
  to: string;
  headers: Array<{ name: string; value: string }>;
  /** Headers beyond the shown ones. */
  headersLeftOut: number;
  html: string | null;
  text: string | null;
  attachments: Array<{ name: string; mediaType: string; contentId: string | null; content: Buffer }>;
  /** False when the mail is broken beyond reading: only the source can be shown. */
  isReadable: boolean;
}

const mostHeaders = 300;
const mostHeaderLength = 5000;
const mostAttachments = 100;

/** Never throws: what cannot be read comes back as not readable. */
export async function parseMail(raw: Buffer): Promise<ParsedMail> {
  try {
    return readable(await PostalMime.parse(raw, { forceRfc822Attachments: true, maxNestingDepth: 50 }));
  } catch {
    return {
      subject: "",
      from: "",
      to: "",
      headers: [],
      headersLeftOut: 0,
      html: null,
      text: null,
      attachments: [],
      isReadable: false,
    };
  }
}

function readable(mail: Email): ParsedMail {
  return {
    subject: oneLine(mail.subject ?? "").slice(0, 1000),
    from: mail.from ? nameOf(mail.from) : "",
    to: (mail.to ?? []).slice(0, 50).map(nameOf).join(", "),
    headers: mail.headers.slice(0, mostHeaders).map(({ originalKey, value }) => ({
      name: oneLine(originalKey).slice(0, 200),
      value: value.toWellFormed().slice(0, mostHeaderLength),
    })),
    headersLeftOut: Math.max(0, mail.headers.length - mostHeaders),
    html: mail.html ?? null,
    text: mail.text ?? null,
    attachments: mail.attachments.slice(0, mostAttachments).map((attachment, i) => ({
      name: fileName(attachment, i),
      mediaType: mediaType(attachment),
      contentId: attachment.contentId?.replace(/^<|>$/g, "") ?? null,
      content: bytesOf(attachment),
    })),
    isReadable: true,
  };
}

function nameOf(address: Address): string {
  const own = address.group === undefined ? address.address : "";
  return oneLine([address.name, own && (address.name ? `<${own}>` : own)].filter(Boolean).join(" ")).slice(0, 500);
}

/** No path and nothing that would end a header; never empty. */
function fileName({ filename }: Attachment, i: number): string {
  const name = oneLine(filename ?? "")
    .replace(/[/\\:*?"<>|]/g, "_")
    .replace(/^\.+/, "")
    .slice(0, 150);
  return name || `attachment-${i + 1}`;
}

function mediaType({ mimeType }: Attachment): string {
  return /^[a-z0-9][a-z0-9!#$&^_.+-]{0,100}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}$/.test(mimeType)
    ? mimeType
    : "application/octet-stream";
}

function bytesOf({ content }: Attachment): Buffer {
  return typeof content === "string" ? Buffer.from(content) : Buffer.from(content as ArrayBuffer);
}
