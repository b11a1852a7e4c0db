import { readableOn } from "./contrast.ts";
import type { Block, Column, EmailDoc, Section } from "./email-doc.ts";
import {
  DARK_CARD,
  type EmitContext,
  emitBlock,
  headingStyle,
  isLostInTheDark,
  ownTextColour,
  paddingText,
  tintClass,
} from "./emit-blocks.ts";
import { emitRichText, fieldChip, fieldOutput } from "./emit-rich-text.ts";
import { fontStack } from "./fonts.ts";
import { addressText, htmlText } from "./liquid-text.ts";
import { conditionOf, type Visibility } from "./visibility.ts";
import { blocksOf } from "./walk.ts";

/** `mail`: what is sent, with Liquid in it. `canvas`: the same for the editor, with chips, and each part to be found. */
export type EmitTarget = "mail" | "canvas";

/** MJML of a document, and which part of the document each of its lines belongs to (from 1; null: none of them). */
export interface EmittedDoc {
  mjml: string;
  partOfLine(line: number): string | null;
}

/** Compiles a document to MJML. Pure, and total for every document that the schema lets through. */
export function emitDoc(doc: EmailDoc, target: EmitTarget): EmittedDoc {
  const { theme } = doc;
  const out = new Lines();
  const context: EmitContext = {
    theme,
    print: target === "mail" ? fieldOutput : fieldChip,
    adapts: true,
    classes: (block, ...own) => classText(...own, ...partClasses(block, target)),
  };
  out.add(null, `<mjml>\n${head(doc)}\n<mj-body background-color="${theme.pageBackground}" width="${theme.width}px">`);
  for (const section of doc.sections) emitSection(section, context, target, out);
  emitFooter(doc, context, target, out);
  out.add(null, "</mj-body>\n</mjml>");
  return { mjml: out.text, partOfLine: (line) => out.partOf(line) };
}

/** Text that remembers whose lines it is made of. */
class Lines {
  text = "";
  #owners: { from: number; part: string | null }[] = [];
  #lines = 0;

  add(part: string | null, text: string): void {
    this.#owners.push({ from: this.#lines + 1, part });
    this.#lines += text.split("\n").length;
    this.text += `${text}\n`;
  }

  partOf(line: number): string | null {
    return this.#owners.findLast(({ from }) => from <= line)?.part ?? null;
  }
}

function head(doc: EmailDoc): string {
  const { theme } = doc;
  const { button, textSize } = theme;
  return `<mj-head>
<mj-attributes>
<mj-all font-family="${fontStack(theme.font)}" />
<mj-section padding="0" />
<mj-column padding="0" />
<mj-text font-size="${textSize}px" line-height="1.6" color="${theme.text}" />
<mj-button font-size="${textSize}px" font-weight="600" inner-padding="14px 26px" background-color="${button.background}" color="${button.text}" />
</mj-attributes>
<mj-style>
a { color: ${theme.link}; }
.own a { color: inherit; }
${darkStyle(doc)}
@media only screen and (max-width: 480px) {
.hide-phone { display: none !important; }
.title div { font-size: 28px !important; line-height: 36px !important; }
.title-large div { font-size: 34px !important; line-height: 42px !important; }
.title-huge div { font-size: 50px !important; line-height: 58px !important; }
}
@media only screen and (min-width: 481px) {
.hide-desktop { display: none !important; }
}
</mj-style>
<mj-raw>
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
</mj-raw>
</mj-head>`;
}

/**
 * What has no colours of its own turns dark, and coloured words on it are made light enough to be read; grounds that
 * somebody coloured stay as they were meant.
 */
function darkStyle(doc: EmailDoc): string {
  const colours = new Set(blocksOf(doc).map(({ block }) => ownTextColour(block)?.toLowerCase()));
  colours.add(doc.footer.colour?.toLowerCase());
  const tints = [...colours].flatMap((colour) => {
    if (colour === undefined) return [];
    const name = `.${tintClass(colour)}`;
    return [
      `${["div", "td", "p", "li", "a"].map((tag) => `${name} ${tag}`).join(", ")} { color: ${readableOn(colour, DARK_CARD)} !important; }`,
    ];
  });
  // A mail without a border between page and paper has none in the dark either.
  const page = doc.theme.pageBackground === doc.theme.background ? DARK_CARD : "#121413";
  const { background } = doc.theme.button;
  if (isLostInTheDark(background))
    tints.push(
      `.button td, .button a { background: #e8ecea !important; color: ${readableOn(background, "#e8ecea")} !important; }`,
    );
  return `@media (prefers-color-scheme: dark) {
body, body > div { background-color: ${page} !important; }
.page, .page > table { background-color: ${page} !important; }
.card, .card > table { background-color: ${DARK_CARD} !important; }
.ink div, .ink td, .ink p, .ink li { color: #d3d9d6 !important; }
.strong div, .ink h1, .ink h2, .ink h3 { color: #f3f6f4 !important; }
.ink a, .strong a { color: #8fd3ff !important; }
.rule p { border-top-color: #3a413d !important; }
${tints.map((tint) => `${tint}\n`).join("")}}`;
}

function classText(...names: string[]): string {
  return names.filter((name) => name !== "").join(" ");
}

function partClasses(part: { id: string; hide?: "phone" | "desktop" | undefined }, target: EmitTarget): string[] {
  return [part.hide ? `hide-${part.hide}` : "", target === "canvas" ? `b-${part.id}` : ""];
}

/** In the canvas everything is seen; who sees what is said beside it. */
function guarded(
  visibility: Visibility | undefined,
  target: EmitTarget,
  part: string,
  out: Lines,
  emit: () => void,
): void {
  const isConditional = visibility !== undefined && target === "mail";
  if (isConditional) out.add(part, `{% if ${conditionOf(visibility)} %}`);
  emit();
  if (isConditional) out.add(part, "{% endif %}");
}

function emitSection(section: Section, context: EmitContext, target: EmitTarget, out: Lines): void {
  const { id, columns, ratio, onPhone = "stack" } = section;
  guarded(section.visibility, target, id, out, () => {
    const classes = classText(section.background || section.picture ? "" : "card", ...partClasses(section, target));
    const border = section.border ? ` border="${section.border.thickness}px solid ${section.border.colour}"` : "";
    const picture = section.picture
      ? ` background-url="${addressText(section.picture)}" background-size="cover" background-repeat="no-repeat"`
      : "";
    out.add(
      id,
      `<mj-section background-color="${section.background ?? context.theme.background}" padding="${section.padding ? paddingText(section.padding) : "24px 0 4px 0"}"${picture}${border}` +
        `${section.radius ? ` border-radius="${section.radius}px"` : ""}${section.fullWidth ? ' full-width="full-width"' : ""}` +
        `${onPhone === "reverse" ? ' direction="rtl"' : ""} css-class="${classes}">`,
    );
    if (onPhone === "keep") out.add(id, "<mj-group>");
    const total = ratio.reduce((sum, share) => sum + share, 0);
    // Read from the right, the first column stands on the right; on phones it comes first all the same.
    const inOrder =
      onPhone === "reverse"
        ? columns.map((column, at) => ({ column, share: ratio[at] ?? 1 })).reverse()
        : columns.map((column, at) => ({ column, share: ratio[at] ?? 1 }));
    for (const { column, share } of inOrder)
      emitColumn(
        column,
        (share / total) * 100,
        { ...context, adapts: !section.background && !section.picture && !column.background },
        target,
        out,
      );
    if (onPhone === "keep") out.add(id, "</mj-group>");
    out.add(id, "</mj-section>");
  });
}

function emitColumn(column: Column, percent: number, context: EmitContext, target: EmitTarget, out: Lines): void {
  const { id, padding, background, radius, verticalAlign } = column;
  const own = [
    padding && ` padding="${paddingText(padding)}"`,
    background && ` inner-background-color="${background}"`,
    radius && ` inner-border-radius="${radius}px"`,
    verticalAlign && ` vertical-align="${verticalAlign}"`,
    target === "canvas" && ` css-class="b-${id}"`,
  ];
  out.add(id, `<mj-column width="${Math.round(percent * 100) / 100}%"${own.filter(Boolean).join("")}>`);
  // A column of nothing would be no column.
  if (column.blocks.length === 0) out.add(id, '<mj-spacer height="1px" />');
  for (const block of column.blocks) emitGuardedBlock(block, context, target, out);
  out.add(id, "</mj-column>");
}

function emitGuardedBlock(block: Block, context: EmitContext, target: EmitTarget, out: Lines): void {
  if (target === "mail" && (block.type === "image" || block.type === "video") && block.src === "") return;
  guarded(block.visibility, target, block.id, out, () => out.add(block.id, emitBlock(block, context)));
}

/** What every mail has to carry, in every document, whatever else is in it. */
function emitFooter({ footer, theme }: EmailDoc, context: EmitContext, target: EmitTarget, out: Lines): void {
  const own = footer.colour ? ` color="${footer.colour}"` : ' color="#5d6863"';
  const background = footer.background ?? theme.pageBackground;
  const classes = classText(footer.background ? "" : "page", target === "canvas" ? "b-footer" : "");
  const text = (html: string, padding: string) =>
    `<mj-text font-size="14px" line-height="22px" align="${footer.align ?? "left"}" padding="${padding}"${own} css-class="${footer.colour ? classText(footer.background ? "" : tintClass(footer.colour), "own") : footer.background ? "" : "ink"}">\n${html}\n</mj-text>`;
  const address =
    target === "mail"
      ? "{{ workspace.postal_address | newline_to_br }}"
      : fieldChip({ field: "workspace.postal_address", fallback: "" });
  const link = target === "mail" ? "{{ unsubscribe_url }}" : "#";
  out.add(
    "footer",
    `<mj-section background-color="${background}" padding="24px 0 40px 0" css-class="${classes}">\n<mj-column>\n` +
      `${text(emitRichText(footer.content, headingStyle(theme), context.print), "0 32px 8px 32px")}\n` +
      `${text(`<a href="${link}">${htmlText(footer.unsubscribeLabel)}</a>`, "0 32px 8px 32px")}\n` +
      `${text(address, "0 32px")}\n</mj-column>\n</mj-section>`,
  );
}
