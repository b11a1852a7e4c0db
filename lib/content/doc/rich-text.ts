import { z } from "zod";
import { colour, href } from "./values.ts";

/*
 * Text with formatting, in the shape TipTap keeps it in: a closed set of nodes and marks, so that whatever was pasted,
 * nothing else can be stored. HTML is never stored.
 */

const mark = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("bold") }),
  z.strictObject({ type: z.literal("italic") }),
  z.strictObject({ type: z.literal("underline") }),
  z.strictObject({ type: z.literal("strike") }),
  z.strictObject({ type: z.literal("colour"), attrs: z.strictObject({ colour }) }),
  z.strictObject({ type: z.literal("link"), attrs: z.strictObject({ href }) }),
]);
export type Mark = z.infer<typeof mark>;

const inline = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("text"),
    text: z.string().min(1).max(20_000),
    marks: z.array(mark).max(6).optional(),
  }),
  z.strictObject({ type: z.literal("hardBreak"), marks: z.array(mark).max(6).optional() }),
  z.strictObject({
    type: z.literal("mergeField"),
    attrs: z.strictObject({ field: z.string().min(1).max(60), fallback: z.string().max(200) }),
    marks: z.array(mark).max(6).optional(),
  }),
]);
export type Inline = z.infer<typeof inline>;

const textAlign = z.enum(["left", "center", "right", "justify"]);
const inlines = z.array(inline).max(2000).optional();
const paragraph = z.strictObject({
  type: z.literal("paragraph"),
  attrs: z.strictObject({ textAlign: textAlign.nullish() }).optional(),
  content: inlines,
});
const heading = z.strictObject({
  type: z.literal("heading"),
  attrs: z.strictObject({ level: z.union([z.literal(1), z.literal(2), z.literal(3)]), textAlign: textAlign.nullish() }),
  content: inlines,
});

/** Lists in lists, this deep. */
const deepestList = 4;
type Items = z.ZodType<ListNode>;
export type ListNode = {
  type: "bulletList" | "orderedList";
  attrs?: { start?: number | undefined } | undefined;
  content: { type: "listItem"; content: (z.infer<typeof paragraph> | ListNode)[] }[];
};
function list(depth: number): Items {
  const inside = depth < deepestList ? z.union([paragraph, z.lazy(() => list(depth + 1))]) : paragraph;
  return z.strictObject({
    type: z.enum(["bulletList", "orderedList"]),
    attrs: z.strictObject({ start: z.number().int().min(0).max(10_000).optional() }).optional(),
    content: z
      .array(z.strictObject({ type: z.literal("listItem"), content: z.array(inside).min(1).max(50) }))
      .min(1)
      .max(200),
  }) as Items;
}

const blockquote = z.strictObject({ type: z.literal("blockquote"), content: z.array(paragraph).min(1).max(100) });
const rule = z.strictObject({ type: z.literal("horizontalRule") });

const node = z.union([paragraph, heading, list(1), blockquote, rule]);
export type RichNode = z.infer<typeof node>;

export const richText = z.strictObject({ type: z.literal("doc"), content: z.array(node).max(1000) });
export type RichText = z.infer<typeof richText>;
