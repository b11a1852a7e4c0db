import { z } from "zod";

export const recipientStates = ["pending", "sending", "sent", "deferred", "failed", "in_doubt", "skipped"] as const;
export type RecipientState = (typeof recipientStates)[number];

/**
 * "not_…" is about people whose mail was accepted: of the others nothing can be expected. The last two are what came back
 * after it was.
 */
export const engagementFilters = [
  "opened",
  "clicked",
  "not_opened",
  "not_clicked",
  "machine_only",
  "unsubscribed",
  "complained",
  "bounced",
] as const;
export type EngagementFilter = (typeof engagementFilters)[number];

/** What the list of recipients is narrowed to. Everything in it comes from an address bar; what does not fit is no filter. */
export const recipientFilter = z.object({
  state: z.enum(recipientStates).optional().catch(undefined),
  reason: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .optional()
    .catch(undefined),
  did: z.enum(engagementFilters).optional().catch(undefined),
  q: z
    .string()
    // PostgreSQL takes no NUL in a text.
    .overwrite((v) => v.replaceAll("\0", ""))
    .trim()
    .max(320)
    .optional()
    .catch(undefined),
});
export type RecipientFilter = z.infer<typeof recipientFilter>;

export const recipientPage = recipientFilter.extend({
  after: z.uuid().optional().catch(undefined),
  before: z.uuid().optional().catch(undefined),
});
export type RecipientPage = z.infer<typeof recipientPage>;
