import { listFields } from "../audience/fields.ts";
import { getSubscriber } from "../audience/subscribers.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import { getWorkspace } from "../auth/workspaces.ts";
import { type Canvas, compileCanvas } from "../content/canvas.ts";
import { type CompiledContent, compileContent } from "../content/compile.ts";
import { type FieldDefinition, listMergeTags, type MergeTag } from "../content/fields.ts";
import { parseTemplate, renderTemplate } from "../content/liquid.ts";
import { type ColourScheme, renderPreview, samplePerson } from "../content/preview.ts";
import { armPlain, type MailData, mailScope, type SubscriberData } from "../content/render.ts";
import { ContentError, type ContentProblem, type ContentWarning } from "../content/revision.ts";
import { findStarter } from "../content/starters.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";
import { getCampaign } from "./find.ts";
import { getTemplate } from "./find-template.ts";
import type { PreviewInput } from "./input.ts";

/** A mail as one person would see it, or what keeps it from being made. `html` is for a frame that forbids scripts. */
export type Preview =
  | {
      ok: true;
      subject: string;
      preheader: string;
      html: string;
      text: string;
      sizeBytes: number;
      hasUnsubscribeLink: boolean;
      hasPostalAddress: boolean;
      warnings: ContentWarning[];
    }
  | { ok: false; problems: ContentProblem[] };

/**
 * Renders content that may not be saved yet for a subscriber of the workspace, or for a made-up person without one.
 * Lenient: it shows what it can while somebody types. Refuses nothing about the content; problems are a value.
 */
export async function previewContent(db: Db, scope: Scope, input: PreviewInput): Promise<Preview> {
  allow(scope, "read");
  const workspace = await getWorkspace(db, scope);
  const { content: source, subject, preheader } = input;
  const compiled = await compileContent({ source, subject, preheader, language: workspace.language, lenient: true });
  if (!compiled.ok) return { ok: false, problems: compiled.problems };
  const subscriber = await previewPerson(db, scope, input.subscriberId);
  const data: MailData = {
    workspace: { name: workspace.name, postal_address: workspace.postalAddress },
    campaign: { name: input.name, subject },
    subscriber,
    unsubscribeUrl: "https://example.com/unsubscribe",
  };
  return renderValue(compiled, data, input.scheme);
}

/** A document as the editor's canvas shows it, or what keeps it from being shown. */
export async function previewCanvas(db: Db, scope: Scope, source: string): Promise<Canvas> {
  allow(scope, "read");
  const { language } = await getWorkspace(db, scope);
  return compileCanvas(source, language);
}

/** The same for a campaign as it is stored. */
export async function previewCampaign(
  db: Db,
  scope: Scope,
  campaignId: string,
  choice: { subscriberId: string | null; scheme: ColourScheme },
): Promise<Preview> {
  const { name, subject, preheader, content } = await getCampaign(db, scope, campaignId);
  return previewContent(db, scope, { name, subject, preheader, content, ...choice });
}

function renderValue(compiled: CompiledContent, data: MailData, scheme: ColourScheme): Preview {
  try {
    const { subject, html, text } = renderPreview(compiled, data, scheme);
    const preheader = renderLine(compiled.preheader, data);
    const { sizeBytes, hasUnsubscribeLink, hasPostalAddress, warnings } = compiled;
    return { ok: true, subject, preheader, html, text, sizeBytes, hasUnsubscribeLink, hasPostalAddress, warnings };
  } catch (error) {
    if (error instanceof ContentError) return { ok: false, problems: error.problems };
    throw error;
  }
}

function renderLine(template: string, data: MailData): string {
  const scope = mailScope(data, data.subscriber, data.unsubscribeUrl);
  return renderTemplate(parseTemplate(armPlain(template, "line"), "preheader"), scope, "preheader");
}

/** A person's merge fields: a subscriber's own, or made-up ones where `subscriberId` is null. */
export async function previewPerson(db: Db, scope: Scope, subscriberId: string | null): Promise<SubscriberData> {
  if (subscriberId === null) return samplePerson(await fieldDefinitions(db, scope));
  const { email, firstName, lastName, fields } = await getSubscriber(db, scope, subscriberId);
  return { ...fields, email, first_name: firstName, last_name: lastName };
}

/** What can be merged in this workspace, for the editor's completion. */
export async function listWorkspaceMergeTags(db: Db, scope: Scope): Promise<MergeTag[]> {
  allow(scope, "read");
  return listMergeTags(await fieldDefinitions(db, scope));
}

async function fieldDefinitions(db: Db, scope: Scope): Promise<FieldDefinition[]> {
  const fields = await listFields(db, scope);
  return fields.map(({ key, label, type }) => ({ key, name: label, type }));
}

/** A template as it is stored, with made-up data. */
export async function previewTemplate(db: Db, scope: Scope, templateId: string): Promise<Preview> {
  const { name, content } = await getTemplate(db, scope, templateId);
  return previewContent(db, scope, { name, subject: "", preheader: "", content, subscriberId: null, scheme: "light" });
}

/** A starter of lib/content, with the workspace's own name and address. Throws NotFound for a key that is none. */
export async function previewStarter(db: Db, scope: Scope, key: string): Promise<Preview> {
  const starter = findStarter(key, (await getWorkspace(db, scope)).language);
  if (!starter) throw new NotFound("starter");
  const { subject, preheader, content } = starter;
  return previewContent(db, scope, { name: "", subject, preheader, content, subscriberId: null, scheme: "light" });
}
