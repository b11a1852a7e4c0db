import { contrast, inverted, isReadable, readableOn } from "./contrast.ts";
import type { Block, EmailDoc, Theme } from "./email-doc.ts";
import { DARK_CARD, ownTextColour } from "./emit-blocks.ts";
import type { Finding } from "./finding.ts";
import { blocksOf, objectsIn, type PlacedBlock, rewritten, withBlock } from "./walk.ts";

/** Text that is hard to read on its ground, as it is and as clients show it that turn colours into their opposites. */
export function colourFindings(doc: EmailDoc): Finding[] {
  const { theme, footer } = doc;
  const found = blocksOf(doc).flatMap((placed) => blockFindings(placed, theme));
  const ground = footer.background ?? theme.pageBackground;
  const weak = finding("footer", footer.colour ?? "#5d6863", ground);
  const link = footer.colour ? null : finding("footer", theme.link, ground);
  const one = weak ?? link;
  if (one) {
    const colour = readableOn(footer.colour ?? "#5d6863", ground);
    found.push(mended(one, colour, ground, (from) => ({ ...from, footer: { ...from.footer, colour } })));
  }
  return found;
}

function blockFindings({ block, column, section }: PlacedBlock, theme: Theme): Finding[] {
  // What a picture does to the words on it cannot be told from here.
  if (section.picture && !block.background && !column.background) return [];
  const own = block.background ?? column.background ?? section.background;
  const ground = own ?? theme.background;
  if (block.type === "button") return buttonFindings(block, theme);
  const colours = textColours(block, theme);
  if (colours.length === 0) return [];
  const weakest = colours.map((colour) => finding(block.id, colour, ground)).find((one) => one !== null);
  const found: Finding[] = [];
  if (weakest) {
    const colour = readableOn(ownTextColour(block) ?? colours[0] ?? theme.text, ground);
    const fix = (from: EmailDoc) =>
      withBlock(from, block.id, (one) =>
        withTextColour(recoloured(one, String(weakest.values.colour), colour), colour),
      );
    found.push(block.type === "video" ? weakest : mended(weakest, colour, ground, fix));
  }
  const marks = markColours(block).filter((mark) => mark !== weakest?.values.colour);
  for (const mark of marks) {
    const weak = finding(block.id, mark, ground);
    const shade = readableOn(mark, ground);
    if (weak)
      found.push(
        mended(weak, shade, ground, (from) => withBlock(from, block.id, (one) => recoloured(one, mark, shade))),
      );
    else if (own === undefined && contrast(mark, DARK_CARD) < 3)
      found.push({
        ...{ code: "contrast_dark", severity: "hint", part: block.id, values: { colour: mark, ground: DARK_CARD } },
        fix: (from) => withBlock(from, block.id, (one) => recoloured(one, mark, null)),
      });
  }
  return found;
}

function buttonFindings(block: Extract<Block, { type: "button" }>, theme: Theme): Finding[] {
  const ground = block.colour ?? theme.button.background;
  const text = block.textColour ?? theme.button.text;
  const weak = finding(block.id, text, ground);
  if (!weak) return [];
  const textColour = readableOn(text, ground);
  const fix = (from: EmailDoc) => withBlock(from, block.id, (one) => ({ ...one, textColour }) as Block);
  return [mended(weak, textColour, ground, fix)];
}

function finding(part: string, colour: string, ground: string): Finding | null {
  const values = { colour, ground };
  if (!isReadable(colour, ground)) return { code: "contrast_low", severity: "warn", part, values };
  return isReadable(inverted(colour), inverted(ground))
    ? null
    : { code: "contrast_inverted", severity: "hint", part, values };
}

/** With its fix, where the colour that comes out of it is better in the way that is meant. */
function mended(one: Finding, colour: string, ground: string, fix: (doc: EmailDoc) => EmailDoc): Finding {
  return one.code === "contrast_inverted" && !isReadable(inverted(colour), inverted(ground)) ? one : { ...one, fix };
}

/** The colours of a block's own text and links, the text's first. */
function textColours(block: Block, theme: Theme): string[] {
  const own = ownTextColour(block);
  const links = own === undefined && hasLink(block) ? [theme.link] : [];
  switch (block.type) {
    case "heading":
      return [own ?? theme.heading];
    case "links":
      return [own ?? theme.link];
    case "product":
      return own ? [own] : [theme.text, theme.heading, ...links];
    case "text":
    case "list":
    case "quote":
      return [own ?? theme.text, ...links];
    case "video":
      return [theme.link];
    default:
      return [];
  }
}

function hasLink(block: Block): boolean {
  return [...objectsIn(block)].some(({ type }) => type === "link");
}

function markColours(block: Block): string[] {
  const marks = [...objectsIn(block)]
    .filter(({ type }) => type === "colour")
    .map(({ attrs }) => attrs as { colour: string });
  return [...new Set(marks.map(({ colour }) => colour))];
}

function withTextColour(block: Block, colour: string): Block {
  if (block.type === "text" || block.type === "heading" || block.type === "links") return { ...block, colour };
  if (block.type === "list" || block.type === "quote" || block.type === "product")
    return { ...block, textColour: colour };
  return block;
}

/** The block with the words of that colour in another one, or in the block's own. */
function recoloured(block: Block, from: string, to: string | null): Block {
  return rewritten(block, (object) => {
    if (!Array.isArray(object.marks)) return object;
    const isIt = (mark: { type: string; attrs?: { colour?: string } }) =>
      mark.type === "colour" && mark.attrs?.colour === from;
    const marks = object.marks.flatMap((mark) =>
      !isIt(mark) ? [mark] : to === null ? [] : [{ type: "colour", attrs: { colour: to } }],
    );
    return { ...object, marks };
  });
}
