import { z } from "zod";

/** The small values that documents are made of. What they let through cannot leave the attribute it is printed in. */

export const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, "A colour is written #rrggbb.");

/** Ids are made by the editor; they name a block in a class of the canvas, so they are plain. */
export const id = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/);

/** Pixels. */
export const padding = z.strictObject({
  top: z.number().int().min(0).max(200),
  right: z.number().int().min(0).max(200),
  bottom: z.number().int().min(0).max(200),
  left: z.number().int().min(0).max(200),
});
export type Padding = z.infer<typeof padding>;

export const align = z.enum(["left", "center", "right"]);
export const hide = z.enum(["phone", "desktop"]);

/**
 * Where a link leads. Empty while somebody is still writing, which the checks before sending find; anything but the web,
 * mail, telephone and the own unsubscribe link is refused.
 */
export const href = z
  .string()
  .trim()
  .max(2000)
  .regex(
    /^(?:|https?:\/\/.*|mailto:.*|tel:.*|unsubscribe)$/i,
    "A link begins with https://, http://, mailto: or tel:.",
  );

/** Where a picture comes from. */
export const pictureSource = z
  .string()
  .trim()
  .max(2000)
  .regex(/^(?:|https?:\/\/.*)$/i, "A picture's address begins with https://.");

/** A merge field with what stands there for people who have nothing in it. */
export const mergeField = z.strictObject({ field: z.string().min(1).max(60), fallback: z.string().max(200) });
export type MergeField = z.infer<typeof mergeField>;

/** One line of plain text with merge fields in it: a button's label, a name under a quote. */
export const line = z.array(z.union([z.string().max(1000), mergeField])).max(50);
export type Line = z.infer<typeof line>;
