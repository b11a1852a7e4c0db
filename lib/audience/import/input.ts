import { z } from "zod";
import { encodings } from "./encoding.ts";
import { delimiters } from "./layout.ts";

/** What a column of a file can fill. */
export type Target = "email" | "first_name" | "last_name" | "full_name" | "language" | `field:${string}`;

export const standardTargets = ["email", "first_name", "last_name", "full_name", "language"] as const;

const target = z.union([z.enum(standardTargets), z.templateLiteral(["field:", z.string().regex(/^[a-z0-9_]{1,40}$/)])]);

/** How a file is to be read, where the guess was wrong. */
export const layoutInput = z.strictObject({
  id: z.uuid(),
  encoding: z.enum(encodings),
  delimiter: z.enum(delimiters),
  hasHeader: z.boolean(),
});
export type LayoutInput = z.infer<typeof layoutInput>;

/** Everything a person decides before the dry run. */
export const mappingInput = z.strictObject({
  id: z.uuid(),
  mapping: z.array(target.nullable()).max(500),
  listIds: z.array(z.uuid()).min(1, "choose_list").max(50),
  consentBasis: z
    .string()
    .trim()
    .min(10, "consent_short")
    .max(500, "too_long")
    .refine((v) => !/[^\P{Cc}\n\r]/u.test(v), "control_characters"),
  confirmed: z.literal(true, "confirm_consent"),
  updateExisting: z.enum(["overwrite", "fill", "keep"]),
  dateOrder: z.enum(["dmy", "mdy"]),
});
export type MappingInput = z.infer<typeof mappingInput>;

export const importIdInput = z.strictObject({ id: z.uuid() });
