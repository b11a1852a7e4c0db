import { z } from "zod";
import { MAX_BLOCKS, MAX_COLUMN_BLOCKS, MAX_COLUMNS, MAX_SECTIONS } from "./limits.ts";
import { richText } from "./rich-text.ts";
import { align, colour, hide, href, id, line, padding, pictureSource } from "./values.ts";
import { visibility } from "./visibility.ts";

/*
 * What a mail is made of, as the editor stores it: sections of one to four columns of blocks, under one theme. The footer
 * is a part of its own, because every mail has it. Compiled to MJML by emit.ts. A new version of the shape gets a new
 * number and a step in read-doc.ts.
 */

export const DOC_VERSION = 1;

/** Fonts that mail clients have. */
export const fontNames = ["sans", "humanist", "serif", "oldstyle", "mono"] as const;

const theme = z.strictObject({
  width: z.number().int().min(320).max(800),
  font: z.enum(fontNames),
  headingFont: z.enum(fontNames),
  /** Bold where nothing is said. */
  headingWeight: z.union([z.literal(400), z.literal(600), z.literal(700), z.literal(800)]).optional(),
  /** Pixels. */
  textSize: z.number().int().min(12).max(24),
  /** Around the mail, and under its sections. */
  pageBackground: colour,
  background: colour,
  text: colour,
  heading: colour,
  link: colour,
  button: z.strictObject({ background: colour, text: colour, radius: z.number().int().min(0).max(40) }),
});
export type Theme = z.infer<typeof theme>;

const base = {
  id,
  padding: padding.optional(),
  background: colour.optional(),
  hide: hide.optional(),
  visibility: visibility.optional(),
};

const image = {
  src: pictureSource,
  alt: z.string().max(500),
  /** Says nothing that the text does not: screen readers pass over it. */
  decorative: z.boolean().optional(),
};

const block = z.discriminatedUnion("type", [
  z.strictObject({
    ...base,
    type: z.literal("text"),
    content: richText,
    colour: colour.optional(),
    size: z.number().int().min(10).max(40).optional(),
  }),
  z.strictObject({
    ...base,
    type: z.literal("heading"),
    level: z.union([z.literal(1), z.literal(2), z.literal(3)]),
    content: line,
    align: align.optional(),
    colour: colour.optional(),
    size: z.number().int().min(12).max(80).optional(),
  }),
  z.strictObject({
    ...base,
    ...image,
    type: z.literal("image"),
    href: href.optional(),
    width: z.number().int().min(8).max(1600).optional(),
    align: align.optional(),
    radius: z.number().int().min(0).max(400).optional(),
    /** As wide as the phone. */
    fluid: z.boolean().optional(),
  }),
  z.strictObject({
    ...base,
    type: z.literal("button"),
    label: line,
    href,
    align: align.optional(),
    colour: colour.optional(),
    textColour: colour.optional(),
    radius: z.number().int().min(0).max(40).optional(),
    fullWidth: z.boolean().optional(),
  }),
  z.strictObject({
    ...base,
    type: z.literal("divider"),
    colour: colour.optional(),
    thickness: z.number().int().min(1).max(20).optional(),
    line: z.enum(["solid", "dashed", "dotted"]).optional(),
    /** Per cent of the column. */
    width: z.number().int().min(5).max(100).optional(),
    align: align.optional(),
  }),
  z.strictObject({ ...base, type: z.literal("spacer"), height: z.number().int().min(1).max(300) }),
  z.strictObject({
    ...base,
    type: z.literal("links"),
    /** A menu, or places on social networks. */
    use: z.enum(["menu", "social"]),
    items: z
      .array(z.strictObject({ label: z.string().max(60), href }))
      .min(1)
      .max(12),
    align: align.optional(),
    colour: colour.optional(),
  }),
  z.strictObject({
    ...base,
    type: z.literal("product"),
    picture: z.strictObject(image).optional(),
    name: line,
    text: richText.optional(),
    price: z.string().max(40).optional(),
    oldPrice: z.string().max(40).optional(),
    button: z.strictObject({ label: line, href }).optional(),
    align: align.optional(),
    textColour: colour.optional(),
  }),
  z.strictObject({ ...base, ...image, type: z.literal("video"), href, label: z.string().max(100) }),
  z.strictObject({
    ...base,
    type: z.literal("list"),
    marker: z.enum(["check", "dot", "number", "arrow"]),
    items: z
      .array(z.strictObject({ content: richText }))
      .min(1)
      .max(50),
    markerColour: colour.optional(),
    textColour: colour.optional(),
  }),
  z.strictObject({
    ...base,
    type: z.literal("quote"),
    content: richText,
    author: line,
    colour: colour.optional(),
    textColour: colour.optional(),
  }),
  /** Written by hand; what runs is refused when it is compiled. */
  z.strictObject({
    ...base,
    type: z.literal("html"),
    html: z
      .string()
      .max(100_000)
      .refine((html) => !/<\/?\s*mj/i.test(html), "MJML cannot stand in a block of HTML."),
  }),
]);
export type Block = z.infer<typeof block>;
export type BlockType = Block["type"];

const column = z.strictObject({
  id,
  padding: padding.optional(),
  background: colour.optional(),
  radius: z.number().int().min(0).max(80).optional(),
  verticalAlign: z.enum(["top", "middle", "bottom"]).optional(),
  blocks: z.array(block).max(MAX_COLUMN_BLOCKS),
});
export type Column = z.infer<typeof column>;

const section = z.strictObject({
  id,
  /** The columns' shares of the width. */
  ratio: z.array(z.number().int().min(1).max(6)).min(1).max(MAX_COLUMNS),
  columns: z.array(column).min(1).max(MAX_COLUMNS),
  padding: padding.optional(),
  background: colour.optional(),
  /** Behind the section; never the only bearer of a message, many readers do not see it. */
  picture: pictureSource.optional(),
  fullWidth: z.boolean().optional(),
  radius: z.number().int().min(0).max(80).optional(),
  border: z.strictObject({ colour, thickness: z.number().int().min(1).max(20) }).optional(),
  /** On phones: below each other, in the other order, or still side by side. */
  onPhone: z.enum(["stack", "reverse", "keep"]).optional(),
  hide: hide.optional(),
  visibility: visibility.optional(),
});
export type Section = z.infer<typeof section>;

const footer = z.strictObject({
  /** Why people get this, in the language of the mail. */
  content: richText,
  unsubscribeLabel: z.string().trim().min(1).max(80),
  align: align.optional(),
  colour: colour.optional(),
  background: colour.optional(),
});
export type Footer = z.infer<typeof footer>;

export const emailDoc = z
  .strictObject({ v: z.literal(DOC_VERSION), theme, sections: z.array(section).max(MAX_SECTIONS), footer })
  .superRefine((doc, context) => {
    const seen = new Set<string>();
    let blocks = 0;
    doc.sections.forEach(({ id: sectionId, columns, ratio }, at) => {
      if (columns.length !== ratio.length) {
        context.addIssue({
          code: "custom",
          path: ["sections", at],
          message: "Each column needs its share of the width.",
        });
      }
      const ids = [sectionId, ...columns.flatMap((one) => [one.id, ...one.blocks.map((each) => each.id)])];
      for (const one of ids) {
        if (seen.has(one))
          context.addIssue({ code: "custom", path: ["sections", at], message: `The id ${one} occurs twice.` });
        seen.add(one);
      }
      blocks += columns.reduce((sum, one) => sum + one.blocks.length, 0);
    });
    if (blocks > MAX_BLOCKS)
      context.addIssue({ code: "custom", path: ["sections"], message: `More than ${MAX_BLOCKS} blocks.` });
  });
export type EmailDoc = z.infer<typeof emailDoc>;
