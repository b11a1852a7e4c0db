import { armTemplate, landingOf, placeTemplate } from "./arm.ts";
import type { CompiledContent } from "./compile.ts";
import type { Landing } from "./escape.ts";
import { type LiquidScope, parseTemplate, renderTemplate } from "./liquid.ts";
import { readTree } from "./template-tree.ts";

/** What a custom field may hold. Anything else prints nothing. */
export type FieldValue = string | number | boolean | null | undefined | readonly (string | number)[];

/** The person a mail is for: email, first_name, last_name and the custom fields by key. */
export type SubscriberData = Record<string, FieldValue>;

/** What is the same for everyone who gets the mail. */
export type SharedData = {
  workspace: { name: string; postal_address: string };
  campaign: { name: string; subject: string };
  /** What {{ "now" | date }} means; the clock when left out. */
  now?: string;
};

export type MailData = SharedData & { subscriber: SubscriberData; unsubscribeUrl: string };

/** A mail as text: what the inbox shows. */
export type RenderedMail = { subject: string; html: string; text: string };

/**
 * The whole mail for one person, without tracking: for previews, test sends and the archive. Values are escaped for
 * where they land. Throws ContentError (code `liquid_limit`) when the template does more work than is allowed.
 */
export function renderMail(compiled: CompiledContent, data: MailData): RenderedMail {
  const scope = mailScope(data, data.subscriber, data.unsubscribeUrl);
  return {
    subject: renderTemplate(parseTemplate(armPlain(compiled.subject, "line"), "subject"), scope, "subject"),
    html: renderTemplate(parseTemplate(armHtml(compiled.html)), scope),
    text: renderTemplate(parseTemplate(armPlain(compiled.text, "plain")), scope),
  };
}

/** An HTML template whose outputs carry the escape of their place. */
export function armHtml(source: string): string {
  const placed = placeTemplate(source);
  return armTemplate(source, (begin) => landingOf(placed, begin), placed.nodes);
}

/** A subject or a plain text whose outputs are cleaned but not escaped. */
export function armPlain(source: string, landing: Landing): string {
  return armTemplate(source, () => landing, readTree(source));
}

/** The names that templates see, as plain data. */
export function mailScope(shared: SharedData, subscriber: SubscriberData, unsubscribeUrl: string): LiquidScope {
  return {
    subscriber,
    workspace: shared.workspace,
    campaign: shared.campaign,
    unsubscribe_url: unsubscribeUrl,
    ...(shared.now === undefined ? {} : { _now: shared.now }),
  };
}
