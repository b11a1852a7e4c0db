import { contrast } from "./contrast.ts";
import type { Block, BlockType, Theme } from "./email-doc.ts";
import { emitLine, emitRichText, type PrintField } from "./emit-rich-text.ts";
import { fontStack } from "./fonts.ts";
import { addressText, attributeText, htmlText } from "./liquid-text.ts";
import type { Padding } from "./values.ts";

export interface EmitContext {
  theme: Theme;
  print: PrintField;
  /** On the mail's own ground, which turns dark for who reads in the dark; not on a colour that somebody chose. */
  adapts: boolean;
  /** Classes of one block besides its own: what the canvas finds it by, where it is hidden. */
  classes(block: Block, ...own: string[]): string;
}

type Of<Type extends BlockType> = Extract<Block, { type: Type }>;
type Emitters = { [Type in BlockType]: (block: Of<Type>, context: EmitContext) => string };

/** As MJML writes it: top right bottom left. */
export function paddingText({ top, right, bottom, left }: Padding): string {
  return `${top}px ${right}px ${bottom}px ${left}px`;
}

const usualPadding: Padding = { top: 0, right: 32, bottom: 20, left: 32 };
const headingSizes = { 1: 32, 2: 24, 3: 19 };

/** Attributes without those that have no value. */
function attributes(values: Record<string, string | number | undefined>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => ` ${name}="${value}"`)
    .join("");
}

function frame(block: Block): Record<string, string | undefined> {
  return {
    padding: paddingText(block.padding ?? usualPadding),
    "container-background-color": block.background,
  };
}

export function headingStyle({ headingFont, heading, headingWeight }: Theme, ownColour?: string): string {
  const weight = headingWeight ? `font-weight:${headingWeight};` : "";
  return `font-family:${fontStack(headingFont)};color:${ownColour ?? heading};${weight}`;
}

/** What the mail's own ground becomes for who reads in the dark. */
export const DARK_CARD = "#1b1f1d";

/** The colour that a block gives its words; links in it take it too. */
export function ownTextColour(block: Block): string | undefined {
  if (block.type === "text" || block.type === "heading" || block.type === "links") return block.colour;
  return block.type === "list" || block.type === "quote" || block.type === "product" ? block.textColour : undefined;
}

/** The class under which a colour on the mail's own ground is told how to look in the dark. */
export const tintClass = (colour: string): string => `tint-${colour.slice(1).toLowerCase()}`;

/**
 * The class of what changes its colour in the dark: a name where nobody has chosen one, a tint of the chosen one, and
 * nothing on a ground that stays as it is.
 */
function adapting(block: Block, { adapts }: EmitContext, name: string, ownColour?: string): string {
  if (!adapts || block.background) return "";
  return ownColour === undefined ? name : tintClass(ownColour);
}

/** Large headings grow smaller on phones, the largest most. */
function titleClass(size: number): string {
  if (size <= 30) return "";
  return size > 56 ? "title-huge" : size > 40 ? "title-large" : "title";
}

/** A line or a ground that could not be told from the dark. */
export const isLostInTheDark = (colour: string): boolean => contrast(colour, DARK_CARD) < 1.6;

const ownLinks = (colour: string | undefined): string => (colour === undefined ? "" : "own");

function textTag(
  block: Block,
  context: EmitContext,
  own: Record<string, string | number | undefined>,
  html: string,
  ...classes: string[]
): string {
  return `<mj-text${attributes({ ...frame(block), "css-class": context.classes(block, ...classes), ...own })}>\n${html}\n</mj-text>`;
}

const emitters: Emitters = {
  text(block, context) {
    const own = { color: block.colour, "font-size": block.size && `${block.size}px` };
    const html = emitRichText(block.content, headingStyle(context.theme, block.colour), context.print);
    return textTag(block, context, own, html, adapting(block, context, "ink", block.colour), ownLinks(block.colour));
  },

  heading(block, context) {
    const { theme, print } = context;
    const size = block.size ?? headingSizes[block.level];
    const own = {
      color: block.colour ?? theme.heading,
      align: block.align,
      "font-family": fontStack(theme.headingFont),
      "font-size": `${size}px`,
      "line-height": `${Math.round(size * 1.25)}px`,
    };
    const html = `<h${block.level} style="margin:0;font-size:inherit;line-height:inherit;font-weight:${theme.headingWeight ?? 700};">${emitLine(block.content, print)}</h${block.level}>`;
    return textTag(block, context, own, html, adapting(block, context, "strong", block.colour), titleClass(size));
  },

  image(block, context) {
    // A draft's empty place takes room in the canvas and is no picture in a mail.
    return `<mj-image${attributes({
      ...frame(block),
      src: addressText(block.src),
      alt: block.decorative ? "" : attributeText(block.alt),
      href: block.href && addressText(block.href),
      width: block.width && `${block.width}px`,
      align: block.align,
      "border-radius": block.radius && `${block.radius}px`,
      "fluid-on-mobile": block.fluid ? "true" : undefined,
      "css-class": context.classes(block),
    })} />`;
  },

  button(block, context) {
    const { button } = context.theme;
    return `<mj-button${attributes({
      ...frame(block),
      href: addressText(block.href) || "#",
      align: block.align,
      "background-color": block.colour ?? button.background,
      color: block.textColour ?? button.text,
      "border-radius": `${block.radius ?? button.radius}px`,
      width: block.fullWidth ? "100%" : undefined,
      "css-class": context.classes(block, block.colour || block.textColour ? "" : adapting(block, context, "button")),
    })}>${emitLine(block.label, context.print) || "&nbsp;"}</mj-button>`;
  },

  divider(block, context) {
    return `<mj-divider${attributes({
      ...frame(block),
      "border-color": block.colour ?? "#d9dfda",
      "border-width": `${block.thickness ?? 1}px`,
      "border-style": block.line,
      width: block.width && `${block.width}%`,
      align: block.align,
      "css-class": context.classes(
        block,
        block.colour && !isLostInTheDark(block.colour) ? "" : adapting(block, context, "rule"),
      ),
    })} />`;
  },

  spacer(block, context) {
    return `<mj-spacer${attributes({ "container-background-color": block.background, height: `${block.height}px`, "css-class": context.classes(block) })} />`;
  },

  links(block, context) {
    const between = block.use === "menu" ? "&nbsp;&nbsp;&nbsp; " : "&nbsp; · &nbsp;";
    const style = block.colour
      ? ` style="color:${block.colour};text-decoration:none;"`
      : ' style="text-decoration:none;"';
    const html = block.items
      .map(({ label, href }) => `<a href="${addressText(href) || "#"}"${style}>${htmlText(label)}</a>`)
      .join(between);
    return textTag(
      block,
      context,
      { align: block.align ?? "center", "line-height": "2" },
      html,
      adapting(block, context, "ink", block.colour),
    );
  },

  product(block, context) {
    const { theme, print } = context;
    const align = block.align ?? "left";
    const { padding, background, textColour } = block;
    const inside = padding ?? usualPadding;
    const words = { align, color: textColour };
    const classes = [adapting(block, context, "ink", textColour), ownLinks(textColour)];
    const part = (bottom: number, top = 0): Pick<Block, "padding" | "background"> => ({
      padding: { ...inside, top, bottom },
      ...(background === undefined ? {} : { background }),
    });
    const parts: Block[] = [];
    const { id, hide } = block;
    const own = { id, ...(hide === undefined ? {} : { hide }) };
    if (block.picture)
      parts.push({
        ...own,
        ...part(16, inside.top),
        type: "image",
        ...block.picture,
        align,
        fluid: true,
        ...(block.button ? { href: block.button.href } : {}),
      });
    parts.push({
      ...own,
      ...part(6, block.picture ? 0 : inside.top),
      type: "heading",
      level: 3,
      content: block.name,
      align,
      ...(textColour === undefined ? {} : { colour: textColour }),
    });
    const emitted = parts.map((one) => emitBlock(one, context));
    if (block.text)
      emitted.push(
        textTag(
          { ...block, ...part(8) },
          context,
          words,
          emitRichText(block.text, headingStyle(theme, textColour), print),
          ...classes,
        ),
      );
    const prices = [
      block.price && `<strong>${htmlText(block.price)}</strong>`,
      block.oldPrice && `<s style="opacity:0.7;">${htmlText(block.oldPrice)}</s>`,
    ].filter(Boolean);
    if (prices.length > 0)
      emitted.push(textTag({ ...block, ...part(12) }, context, words, prices.join("&nbsp; "), ...classes));
    if (block.button)
      emitted.push(emitBlock({ ...own, ...part(inside.bottom), type: "button", ...block.button, align }, context));
    return emitted.join("\n");
  },

  video(block, context) {
    const { id, padding, background, hide, src, alt, decorative, href } = block;
    const inside = padding ?? usualPadding;
    const shared = { id, ...(background === undefined ? {} : { background }), ...(hide === undefined ? {} : { hide }) };
    const picture: Block = {
      ...shared,
      type: "image",
      src,
      alt,
      href,
      ...(decorative === undefined ? {} : { decorative }),
      fluid: true,
      padding: { ...inside, bottom: 8 },
    };
    const label = `<a href="${addressText(href) || "#"}" style="text-decoration:none;"><strong>&#9654;&nbsp; ${htmlText(block.label)}</strong></a>`;
    return `${emitBlock(picture, context)}\n${textTag({ ...block, padding: { ...inside, top: 0 } }, context, { align: "center" }, label, adapting(block, context, "ink"))}`;
  },

  list(block, context) {
    const { theme, print } = context;
    const markers = {
      check: () => "&#10003;",
      dot: () => "&#8226;",
      number: (n: number) => `${n}.`,
      arrow: () => "&#8594;",
    };
    const rows = block.items.map(
      ({ content }, at) =>
        `<tr><td style="vertical-align:top;width:28px;padding:0 0 8px 0;color:${block.markerColour ?? theme.link};"><strong>${markers[block.marker](at + 1)}</strong></td>` +
        `<td style="vertical-align:top;padding:0 0 8px 0;">${emitRichText(content, headingStyle(theme), print)}</td></tr>`,
    );
    const html = `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="width:100%;font-size:inherit;line-height:inherit;color:inherit;">${rows.join("\n")}</table>`;
    return textTag(
      block,
      context,
      { color: block.textColour },
      html,
      adapting(block, context, "ink", block.textColour),
      ownLinks(block.textColour),
    );
  },

  quote(block, context) {
    const { theme, print } = context;
    const words = emitRichText(block.content, headingStyle(theme), print);
    const author = emitLine(block.author, print);
    const html = `<div style="border-left:4px solid ${block.colour ?? theme.link};padding:0 0 0 20px;font-style:italic;font-size:1.15em;">${words}${author === "" ? "" : `<p style="margin:10px 0 0 0;font-style:normal;font-size:0.85em;">${author}</p>`}</div>`;
    return textTag(
      block,
      context,
      { color: block.textColour },
      html,
      adapting(block, context, "ink", block.textColour),
      ownLinks(block.textColour),
    );
  },

  html(block, context) {
    return textTag(block, context, {}, block.html, adapting(block, context, "ink"));
  },
};

/** One block as MJML for the inside of a column. */
export function emitBlock(block: Block, context: EmitContext): string {
  return (emitters[block.type] as (block: Block, context: EmitContext) => string)(block, context);
}
