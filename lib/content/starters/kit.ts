import type { Block, Column, EmailDoc, Footer, Section, Theme } from "../doc/email-doc.ts";
import type { Inline, RichNode, RichText } from "../doc/rich-text.ts";
import type { Line, MergeField, Padding } from "../doc/values.ts";

/* Short words for writing documents by hand. Ids are given by `mail`, in the order of reading. */

export type StarterCategory = "empty" | "newsletter" | "promotion" | "event" | "relationship" | "transactional";

/** A finished design to begin from. `key` is stable; name and description are worded by the app through it. */
export interface StarterDesign {
  key: string;
  category: StarterCategory;
  subject: string;
  preheader: string;
  doc: EmailDoc;
}

type Loose<Part> = Part extends unknown ? Omit<Part, "id"> : never;
type LooseBlock = Loose<Block>;
type Options<Type extends Block["type"]> = Partial<Omit<Extract<Block, { type: Type }>, "id" | "type">>;
type Align = "left" | "center" | "right";
type Words = string | Inline | Words[];

export const pad = (top: number, right = top, bottom = top, left = right): Padding => ({ top, right, bottom, left });

/** The reader's first name where it is known. */
export const firstName = (fallback: string): MergeField => ({ field: "first_name", fallback });
const chip = (field: MergeField): Inline => ({ type: "mergeField", attrs: field });
export const name: Inline = chip(firstName("there"));

export const bold = (text: string): Inline => ({ type: "text", text, marks: [{ type: "bold" }] });
export const italic = (text: string): Inline => ({ type: "text", text, marks: [{ type: "italic" }] });
export const link = (text: string, href: string): Inline => ({
  type: "text",
  text,
  marks: [{ type: "link", attrs: { href } }],
});
export const br: Inline = { type: "hardBreak" };

function paragraph(words: Words, align?: Align): RichNode {
  const parts = (Array.isArray(words) ? words : [words]).flat() as (string | Inline)[];
  return {
    type: "paragraph",
    ...(align ? { attrs: { textAlign: align } } : {}),
    content: parts.map((part): Inline => (typeof part === "string" ? { type: "text", text: part } : part)),
  };
}

/** Formatted text; each argument is a paragraph. */
export const rich = (...paragraphs: Words[]): RichText => ({
  type: "doc",
  content: paragraphs.map((words) => paragraph(words)),
});

export function text(words: Words[], { align, ...options }: Options<"text"> & { align?: Align } = {}): LooseBlock {
  return {
    type: "text",
    content: { type: "doc", content: words.map((one) => paragraph(one, align)) },
    ...options,
  };
}

/** A small line above a heading. */
export const kicker = (words: string, options: Options<"text"> & { align?: Align } = {}): LooseBlock =>
  text([[bold(words)]], { size: 14, padding: pad(0, 32, 8), ...options });

export const heading = (level: 1 | 2 | 3, content: string | Line, options: Options<"heading"> = {}): LooseBlock => ({
  type: "heading",
  level,
  content: typeof content === "string" ? [content] : content,
  ...options,
});

export const button = (label: string, href: string, options: Options<"button"> = {}): LooseBlock => ({
  type: "button",
  label: [label],
  href,
  align: "left",
  ...options,
});

export const divider = (options: Options<"divider"> = {}): LooseBlock => ({ type: "divider", ...options });
export const list = (
  marker: Extract<Block, { type: "list" }>["marker"],
  items: Words[],
  options: Options<"list"> = {},
): LooseBlock => ({ type: "list", marker, items: items.map((item) => ({ content: rich(item) })), ...options });

export const quote = (words: string, author: string, options: Options<"quote"> = {}): LooseBlock => ({
  type: "quote",
  content: rich(words),
  author: [author],
  ...options,
});

export const product = (
  title: string,
  words: string,
  options: Omit<Options<"product">, "button"> & { button?: { label: Line; href: string } } = {},
): LooseBlock => ({ type: "product", name: [title], text: rich(words), ...options });

export const links = (items: Record<string, string>, options: Options<"links"> = {}): LooseBlock => ({
  type: "links",
  use: "menu",
  items: Object.entries(items).map(([label, href]) => ({ label, href })),
  ...options,
});

type LooseColumn = Omit<Column, "id" | "blocks"> & { blocks: LooseBlock[] };
type LooseSection = Omit<Section, "id" | "columns" | "ratio"> & { ratio: number[]; columns: LooseColumn[] };

/** A section of one column. */
export const section = (options: Omit<Section, "id" | "columns" | "ratio">, ...blocks: LooseBlock[]): LooseSection => ({
  ...options,
  ratio: [1],
  columns: [{ blocks }],
});

export const column = (blocks: LooseBlock[], options: Omit<LooseColumn, "blocks"> = {}): LooseColumn => ({
  ...options,
  blocks,
});

/** A section of several columns, equally wide unless `ratio` says otherwise. */
export const columns = (
  { ratio, ...options }: Omit<Section, "id" | "columns" | "ratio"> & { ratio?: number[] },
  ...all: LooseColumn[]
): LooseSection => ({ ...options, ratio: ratio ?? all.map(() => 1), columns: all });

const plain: Theme = {
  width: 600,
  font: "sans",
  headingFont: "sans",
  textSize: 16,
  pageBackground: "#f1f2f0",
  background: "#ffffff",
  text: "#3b4340",
  heading: "#161a18",
  link: "#1b6b52",
  button: { background: "#1b6b52", text: "#ffffff", radius: 6 },
};

/** The document of these sections; `why` is the sentence in the footer that says why people get it. */
export function mail(
  theme: Partial<Theme>,
  why: string,
  sections: LooseSection[],
  footer: Partial<Footer> = {},
): EmailDoc {
  return {
    v: 1,
    theme: { ...plain, ...theme },
    sections: sections.map(
      (one, s): Section => ({
        ...one,
        id: `s${s + 1}`,
        columns: one.columns.map((inner, c) => ({
          ...inner,
          id: `s${s + 1}c${c + 1}`,
          blocks: inner.blocks.map((block, b) => ({ ...block, id: `s${s + 1}c${c + 1}b${b + 1}` }) as Block),
        })),
      }),
    ),
    footer: { content: rich(why), unsubscribeLabel: "Unsubscribe", ...footer },
  };
}
