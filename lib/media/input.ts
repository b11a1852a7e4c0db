import { z } from "zod";

const tag = z.string().trim().min(1, "required").max(40, "too_long");

export const mediaId = z.strictObject({ id: z.uuid() });

export const saveMediaInput = z.strictObject({
  id: z.uuid(),
  name: z.string().trim().min(1, "required").max(200, "too_long").optional(),
  alt: z.string().trim().max(500, "too_long").optional(),
  tags: z
    .array(tag)
    .max(20, "too_long")
    .transform((tags) => [...new Set(tags)])
    .optional(),
});

const pixels = z.int().min(0).max(100_000);

export const cropMediaInput = z.strictObject({
  id: z.uuid(),
  crop: z.strictObject({ left: pixels, top: pixels, width: pixels.min(1), height: pixels.min(1) }),
  /** Width of the result; it is never enlarged. */
  width: pixels.min(1),
  name: z.string().trim().min(1, "required").max(200, "too_long"),
});

export const mediaFromAddressInput = z.strictObject({
  address: z.string().trim().min(1, "required").max(2000, "too_long"),
});

export const mediaOrders = ["newest", "oldest", "name", "largest"] as const;

const unset = (value: unknown) => (value === "" ? undefined : value);

/** What the address bar says about a list of pictures; nonsense in it counts as not said. */
export const mediaQuery = z.object({
  q: z.preprocess(unset, z.string().trim().max(200).optional()).catch(undefined),
  tag: z.preprocess(unset, z.string().max(40).optional()).catch(undefined),
  sort: z.enum(mediaOrders).catch("newest"),
  after: z.coerce.number().int().min(0).max(1_000_000).catch(0),
});

export type SaveMediaInput = z.output<typeof saveMediaInput>;
export type CropMediaInput = z.output<typeof cropMediaInput>;
export type MediaQuery = z.output<typeof mediaQuery>;
