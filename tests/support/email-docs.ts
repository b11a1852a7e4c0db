import type { Block, EmailDoc, Section } from "#lib/content/doc/email-doc.ts";
import type { Inline, RichText } from "#lib/content/doc/rich-text.ts";

/** Formatted text of one paragraph. */
export const rich = (...content: (string | Inline)[]): RichText => ({
  type: "doc",
  content: [
    {
      type: "paragraph",
      content: content.map((part): Inline => (typeof part === "string" ? { type: "text", text: part } : part)),
    },
  ],
});

/** A sound document with these sections. */
export function makeDoc(sections: Section[], changes: Partial<EmailDoc> = {}): EmailDoc {
  return {
    v: 1,
    theme: {
      width: 600,
      font: "sans",
      headingFont: "serif",
      textSize: 16,
      pageBackground: "#eef0ec",
      background: "#ffffff",
      text: "#33403b",
      heading: "#14211c",
      link: "#1b6b52",
      button: { background: "#1b6b52", text: "#ffffff", radius: 6 },
    },
    sections,
    footer: { content: rich("You get this because you asked for it."), unsubscribeLabel: "Unsubscribe" },
    ...changes,
  };
}

/** A section of one column. */
export function makeSection(blocks: Block[], changes: Partial<Section> = {}): Section {
  const id = changes.id ?? `s-${blocks[0]?.id ?? "empty"}`;
  return { id, ratio: [1], columns: [{ id: `${id}-c`, blocks }], ...changes };
}

/** One of every kind of block, with nothing left out. */
export const everyBlock: Block[] = [
  {
    id: "text",
    type: "text",
    content: {
      type: "doc",
      content: [
        { type: "heading", attrs: { level: 2, textAlign: "center" }, content: [{ type: "text", text: "A heading" }] },
        {
          type: "paragraph",
          attrs: { textAlign: "right" },
          content: [
            { type: "text", text: "Hello " },
            { type: "mergeField", attrs: { field: "first_name", fallback: "there" }, marks: [{ type: "bold" }] },
            { type: "hardBreak" },
            {
              type: "text",
              text: "all of it",
              marks: [
                { type: "link", attrs: { href: "https://example.com/?a=1&b=2" } },
                { type: "bold" },
                { type: "italic" },
                { type: "underline" },
                { type: "strike" },
                { type: "colour", attrs: { colour: "#aa0000" } },
              ],
            },
          ],
        },
        {
          type: "bulletList",
          content: [
            {
              type: "listItem",
              content: [
                { type: "paragraph", content: [{ type: "text", text: "one" }] },
                {
                  type: "orderedList",
                  attrs: { start: 3 },
                  content: [
                    { type: "listItem", content: [{ type: "paragraph", content: [{ type: "text", text: "three" }] }] },
                  ],
                },
              ],
            },
          ],
        },
        { type: "blockquote", content: [{ type: "paragraph", content: [{ type: "text", text: "quoted" }] }] },
        { type: "horizontalRule" },
        { type: "paragraph" },
      ],
    },
  },
  {
    id: "heading",
    type: "heading",
    level: 1,
    content: ["News for ", { field: "city", fallback: "you" }],
    align: "center",
    size: 40,
  },
  {
    id: "image",
    type: "image",
    src: "https://example.com/a.png",
    alt: 'A "cup" of coffee',
    href: "https://example.com/cup",
    width: 400,
    align: "center",
    radius: 8,
    fluid: true,
  },
  { id: "button", type: "button", label: ["To the shop"], href: "https://example.com/shop", fullWidth: true },
  { id: "divider", type: "divider", colour: "#cccccc", thickness: 2, line: "dashed", width: 50 },
  { id: "spacer", type: "spacer", height: 24 },
  {
    id: "menu",
    type: "links",
    use: "menu",
    items: [
      { label: "Shop", href: "https://example.com/shop" },
      { label: "Help", href: "mailto:help@example.com" },
    ],
  },
  { id: "social", type: "links", use: "social", items: [{ label: "Mastodon", href: "https://example.com/@acme" }] },
  {
    id: "product",
    type: "product",
    picture: { src: "https://example.com/p.png", alt: "A pot" },
    name: ["The pot"],
    text: rich("Keeps warm for an hour."),
    price: "€ 29",
    oldPrice: "€ 39",
    button: { label: ["Buy"], href: "https://example.com/pot" },
    align: "center",
  },
  {
    id: "video",
    type: "video",
    src: "https://example.com/v.png",
    alt: "Two people brewing",
    href: "https://example.com/v",
    label: "Watch how it is done",
  },
  {
    id: "list",
    type: "list",
    marker: "check",
    items: [{ content: rich("Free delivery") }, { content: rich("Thirty days to send it back") }],
  },
  { id: "quote", type: "quote", content: rich("The best cup in town."), author: ["A reader"] },
  { id: "html", type: "html", html: '<table role="presentation"><tr><td>By hand</td></tr></table>' },
];
