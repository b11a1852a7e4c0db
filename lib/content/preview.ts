import type { CompiledContent } from "./compile.ts";
import { type FieldDefinition, sampleFieldValue } from "./fields.ts";
import { type MailData, type RenderedMail, renderMail, type SharedData, type SubscriberData } from "./render.ts";

/** A person who does not exist, for previews: every built-in and custom field is filled. */
export function samplePerson(fields: readonly FieldDefinition[] = []): SubscriberData {
  const custom = Object.fromEntries(fields.map((field) => [field.key, sampleFieldValue(field)]));
  return { ...custom, email: "ada@example.com", first_name: "Ada", last_name: "Lovelace" };
}

/** Sample data for a whole mail around what is really known about workspace and campaign. */
export function sampleMailData(shared: SharedData, fields: readonly FieldDefinition[] = []): MailData {
  return { ...shared, subscriber: samplePerson(fields), unsubscribeUrl: "https://example.com/unsubscribe" };
}

export type ColourScheme = "light" | "dark";

/**
 * The mail as a document for `<iframe sandbox srcdoc>`. Its policy forbids scripts, forms and frames whatever the
 * sandbox says. A frame cannot be told to prefer dark, so the media queries are settled here for the chosen scheme.
 */
export function renderPreview(compiled: CompiledContent, data: MailData, scheme: ColourScheme = "light"): RenderedMail {
  const mail = renderMail(compiled, data);
  return { ...mail, html: previewDocument(mail.html, scheme) };
}

const POLICY =
  "default-src 'none'; img-src * data:; style-src 'unsafe-inline' https:; font-src https:; form-action 'none'; base-uri 'none'";

/** The same for HTML that was rendered elsewhere. */
export function previewDocument(html: string, scheme: ColourScheme): string {
  const metas =
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">\n` +
    '<meta name="referrer" content="no-referrer">\n';
  const settled = html.replace(/\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/gi, (_query, wanted: string) =>
    wanted.toLowerCase() === scheme ? "(min-width: 0px)" : "(max-width: 0px)",
  );
  const coloured = settled.replace(/(name="(?:supported-)?color-scheme" content=")light dark"/g, `$1${scheme}"`);
  return coloured.replace(/<head\b[^>]*>/i, (head) => `${head}\n${metas}`);
}
