import { createHash } from "node:crypto";
import type { CompiledContent } from "./compile.ts";
import type { Landing } from "./escape.ts";
import type { LinkSlot } from "./links.ts";
import { parseTemplate, renderTemplate } from "./liquid.ts";
import { compileOps, type Op } from "./mail-ops.ts";
import { armHtml, armPlain, mailScope, type SharedData } from "./render.ts";

export type MailSettings = SharedData & { trackOpens: boolean; trackClicks: boolean };

/** One part of a mail: pre-encoded segments with holes, or a template that is rendered whole for every message. */
export type MailPart = { mode: "segments"; ops: Op[] } | { mode: "liquid"; template: string };

/** A mail frozen for sending. JSON-serialisable; fillMail makes one message of it. */
export type CompiledMail = {
  v: 1;
  /** The frozen table of links: what click token i leads to. Empty when clicks are not tracked. */
  links: string[];
  trackOpens: boolean;
  trackClicks: boolean;
  shared: SharedData;
  boundary: string;
  subject: MailPart;
  text: MailPart;
  html: MailPart;
};

/**
 * Freezes content for one campaign: workspace and campaign data are printed in, links and the open pixel become slots
 * that fillMail fills with signed addresses. Parts that set variables or load lists take the slower `liquid` mode.
 */
export function compileMail(compiled: CompiledContent, settings: MailSettings): CompiledMail {
  const shared: SharedData = {
    workspace: { name: settings.workspace.name, postal_address: settings.workspace.postal_address },
    campaign: { name: settings.campaign.name, subject: settings.campaign.subject },
    ...(settings.now === undefined ? {} : { now: settings.now }),
  };
  const { links, indexes } = settings.trackClicks ? freezeLinks(compiled.links, shared) : { links: [], indexes: [] };
  const html = addPixel(putSlots(compiled.html, compiled.htmlLinkSlots, indexes), settings.trackOpens);
  const text = putSlots(compiled.text, compiled.textLinkSlots, indexes);
  const hash = createHash("sha256").update(JSON.stringify([compiled.subject, html, text, shared]));
  return {
    v: 1,
    links,
    trackOpens: settings.trackOpens,
    trackClicks: settings.trackClicks,
    shared,
    // "=_" never occurs in quoted-printable, so this cannot occur in a part (RFC 2045, 6.7, note 5).
    boundary: `=_${hash.digest("hex").slice(0, 32)}`,
    subject: compilePart(armPlain(compiled.subject, "line"), "line", shared),
    text: compilePart(armPlain(text, "plain"), "body", shared),
    html: compilePart(armHtml(html), "body", shared),
  };
}

function compilePart(template: string, kind: "line" | "body", shared: SharedData): MailPart {
  const ops = compileOps(template, kind, shared);
  return ops === null ? { mode: "liquid", template } : { mode: "segments", ops };
}

/** Targets with campaign data become final; two that come out alike share one entry. */
function freezeLinks(templates: string[], shared: SharedData): { links: string[]; indexes: (number | null)[] } {
  const links: string[] = [];
  const scope = mailScope(shared, {}, "");
  const indexes = templates.map((template) => {
    const target = renderTemplate(parseTemplate(armPlain(template, "url_part" satisfies Landing)), scope);
    if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return null;
    const known = links.indexOf(target);
    return known >= 0 ? known : links.push(target) - 1;
  });
  return { links, indexes };
}

function putSlots(template: string, slots: LinkSlot[], indexes: (number | null)[]): string {
  let filled = "";
  let at = 0;
  for (const slot of slots) {
    const link = indexes[slot.link] ?? null;
    if (link === null) continue;
    filled += `${template.slice(at, slot.begin)}{{ _click[${link}] }}`;
    at = slot.end;
  }
  return filled + template.slice(at);
}

function addPixel(html: string, trackOpens: boolean): string {
  if (!trackOpens) return html;
  const pixel =
    '<img src="{{ _open }}" width="1" height="1" alt="" role="presentation" style="display:block;width:1px;height:1px;border:0;">\n';
  const end = html.toLowerCase().lastIndexOf("</body>");
  return end < 0 ? html + pixel : html.slice(0, end) + pixel + html.slice(end);
}
