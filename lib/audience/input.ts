import { z } from "zod";
import type { FieldType, SubscriptionStatus } from "#drizzle/schema/audience.ts";

export const fieldTypes = ["text", "number", "boolean", "date"] as const satisfies readonly FieldType[];

export const subscriptionStatuses = [
  "subscribed",
  "unconfirmed",
  "unsubscribed",
  "bounced",
  "complained",
] as const satisfies readonly SubscriptionStatus[];

const noControls = (v: string) => !/[\p{Cc}\u2028\u2029]/u.test(v);
const line = (max: number) =>
  z.string().trim().min(1, "required").max(max, "too_long").refine(noControls, "control_characters");
const optionalLine = (max: number) =>
  z.string().trim().max(max, "too_long").refine(noControls, "control_characters").default("");

export const idInput = z.strictObject({ id: z.uuid() });

export const listInput = z.strictObject({ name: line(120), description: optionalLine(500) });
export type ListInput = z.infer<typeof listInput>;
export const listChangeInput = listInput.extend({ id: z.uuid() });

export const archiveInput = z.strictObject({ id: z.uuid(), archived: z.boolean() });

export const fieldInput = z.strictObject({ label: line(80), type: z.enum(fieldTypes) });
export type FieldInput = z.infer<typeof fieldInput>;
export const fieldChangeInput = z.strictObject({ id: z.uuid(), label: line(80) });

/** A person as a form gives them. Values of custom fields are texts still: lib reads them by the field's type. */
export const personInput = z.strictObject({
  email: z.string().trim().min(1, "required").max(320, "too_long"),
  firstName: optionalLine(120),
  lastName: optionalLine(120),
  fields: z.record(z.string().max(64), z.string().max(5000, "too_long")).default({}),
});
export type PersonInput = z.infer<typeof personInput>;

export const addPersonInput = personInput.extend({
  listIds: z.array(z.uuid()).max(100).default([]),
  /** How the person agreed, in the marketer's words. */
  wording: optionalLine(500),
});
export type AddPersonInput = z.infer<typeof addPersonInput>;

export const editPersonInput = personInput.extend({ id: z.uuid() });
export type EditPersonInput = z.infer<typeof editPersonInput>;

export const standingInput = z.strictObject({
  subscriberId: z.uuid(),
  listId: z.uuid(),
  status: z.enum(["subscribed", "unsubscribed"]),
  wording: optionalLine(500),
});
export type StandingInput = z.infer<typeof standingInput>;

export const removalInput = z.strictObject({ subscriberId: z.uuid(), listId: z.uuid() });

/** Text of an address bar. PostgreSQL takes no NUL in a text. */
const searched = (max: number) =>
  z
    .string()
    .overwrite((v) => v.replaceAll("\0", ""))
    .trim()
    .max(max);

/** What the table of people is narrowed to. Everything in it comes from an address bar. */
export const searchInput = z.object({
  q: searched(200).optional(),
  listId: z.uuid().optional(),
  status: z.enum([...subscriptionStatuses, "suppressed", "no_list"]).optional(),
  source: z.enum(["manual", "import", "form", "api", "sample"]).optional(),
  importId: z.uuid().optional(),
  field: searched(64).optional(),
  value: searched(200).optional(),
  after: z.uuid().optional(),
  before: z.uuid().optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type SearchInput = z.input<typeof searchInput>;
