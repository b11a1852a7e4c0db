import { z } from "zod";
import {
  contentSource,
  MAX_PREHEADER_CHARACTERS,
  MAX_SOURCE_BYTES,
  MAX_SUBJECT_CHARACTERS,
} from "../content/revision.ts";

/** Text of one line. No control characters anywhere: these values become headers. */
const line = (max: number) =>
  z
    .string()
    .max(max, "too_long")
    .refine((v) => !/[\p{Cc}\u2028\u2029]/u.test(v), "control_characters");

const name = line(200).trim().min(1, "required");

/** Content as it can be stored: PostgreSQL takes no NUL in a text. */
const storableContent = contentSource.refine((v) => !v.source.includes("\0"), "control_characters");

export const templateId = z.strictObject({ templateId: z.uuid() });
export const campaignId = z.strictObject({ campaignId: z.uuid() });

/** What to start from: one of lib/content's starters, or a template of the workspace. */
export const startFrom = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("starter"), starterId: z.string().min(1).max(60) }),
  z.strictObject({ kind: z.literal("template"), templateId: z.uuid() }),
]);
export type StartFrom = z.infer<typeof startFrom>;

export const createTemplateInput = z.strictObject({ name, from: startFrom });
export type CreateTemplateInput = z.infer<typeof createTemplateInput>;

export const renameTemplateInput = z.strictObject({ templateId: z.uuid(), name });

/** An autosave names the version it was typed over; a part that is not there stays as it is. */
export const saveTemplateInput = z.strictObject({
  templateId: z.uuid(),
  version: z.int().positive(),
  name: name.optional(),
  content: storableContent.optional(),
});
export type SaveTemplateInput = z.infer<typeof saveTemplateInput>;

export const createCampaignInput = z.strictObject({ name: line(200).trim(), from: startFrom });
export type CreateCampaignInput = z.infer<typeof createCampaignInput>;

const listIds = z.array(z.uuid()).max(200, "too_many");

/** The most people and minutes of a canary: what is bigger is a campaign of its own. */
export const canaryLimits = { count: 20_000, minutes: 1440 };

/** A draft may be unfinished in every part: only what could never be stored is refused here, the rest at launch. */
export const draftPatch = z.strictObject({
  name: line(200).optional(),
  subject: line(MAX_SUBJECT_CHARACTERS).optional(),
  preheader: line(MAX_PREHEADER_CHARACTERS).optional(),
  fromName: line(200).optional(),
  fromEmail: line(320).optional(),
  replyTo: line(320).optional(),
  senderId: z.uuid().nullable().optional(),
  trackOpens: z.boolean().optional(),
  trackClicks: z.boolean().optional(),
  inDoubtPolicy: z.enum(["resend", "hold"]).optional(),
  /** The first so many people get it, then it waits so many minutes. */
  canary: z
    .strictObject({
      count: z.int("canary_count").min(1, "canary_count").max(canaryLimits.count, "canary_count"),
      minutes: z.int("canary_minutes").min(1, "canary_minutes").max(canaryLimits.minutes, "canary_minutes"),
    })
    .nullable()
    .optional(),
  /** Nothing is sent from this instant on, retries neither. */
  endsAt: z.iso.datetime({ error: "datetime" }).nullable().optional(),
  /** Always both together, so that a list can change sides. */
  lists: z
    .strictObject({ include: listIds, exclude: listIds })
    .refine((v) => !v.include.some((id) => v.exclude.includes(id)), "list_on_both_sides")
    .optional(),
  content: storableContent.optional(),
});
export type DraftPatch = z.infer<typeof draftPatch>;

export const saveDraftInput = z.strictObject({
  campaignId: z.uuid(),
  version: z.int().positive(),
  patch: draftPatch,
});
export type SaveDraftInput = z.infer<typeof saveDraftInput>;

export const launchInput = z.strictObject({
  campaignId: z.uuid(),
  /** The version that was reviewed: what somebody changed meanwhile is not sent unseen. */
  version: z.int().positive(),
  when: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("now") }),
    z.strictObject({ kind: z.literal("at"), wallTime: z.string().max(40), zone: z.string().max(80) }),
  ]),
  /** Typed by the person; needed above `confirmCountAbove` recipients. */
  confirmedCount: z.int().nonnegative().optional(),
  acceptPlainHttp: z.boolean().default(false),
});
export type LaunchInput = z.infer<typeof launchInput>;

export const testSendInput = z.strictObject({
  campaignId: z.uuid(),
  to: z.array(z.string().max(320)).min(1, "required").max(10, "too_many"),
  /** Whose data fills the mail; sample data when null. */
  subscriberId: z.uuid().nullable(),
});
export type TestSendInput = z.infer<typeof testSendInput>;

export const previewInput = z.strictObject({
  content: contentSource,
  name: z.string().max(200).default(""),
  subject: z.string().max(MAX_SUBJECT_CHARACTERS).default(""),
  preheader: z.string().max(MAX_PREHEADER_CHARACTERS).default(""),
  subscriberId: z.uuid().nullable().default(null),
  scheme: z.enum(["light", "dark"]).default("light"),
});
export type PreviewInput = z.infer<typeof previewInput>;

export const canvasInput = z.strictObject({ source: z.string().max(MAX_SOURCE_BYTES) });

export const audienceQuery = z.strictObject({ include: listIds, exclude: listIds });

/** Filters of the lists of templates and campaigns. They come from an address bar: what does not fit is left out. */
export const pageQuery = z.object({
  q: z
    .string()
    .overwrite((v) => v.replaceAll("\0", ""))
    .trim()
    .min(1)
    .max(200)
    .optional()
    .catch(undefined),
  show: z.enum(["archived"]).optional().catch(undefined),
  after: z.uuid().optional().catch(undefined),
});

export const campaignListQuery = pageQuery.extend({
  show: z.enum(["drafts", "scheduled", "sending", "sent", "deleted"]).optional().catch(undefined),
});
