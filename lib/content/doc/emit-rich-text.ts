import { unreachable } from "../../errors.ts";
import { addressText, htmlText, mergeOutput } from "./liquid-text.ts";
import type { Inline, ListNode, Mark, RichNode, RichText } from "./rich-text.ts";
import type { Line, MergeField } from "./values.ts";

/** How merge fields are printed: as Liquid in a mail, as chips in the editor. */
export type PrintField = (field: MergeField) => string;

/** A merge field as the editor draws it. */
export const fieldChip: PrintField = ({ field, fallback }) =>
  `<span class="merge-field" style="padding:0 0.4em;border-radius:999px;background:#e3efe9;color:#14503d" title="${htmlText(fallback)}">${htmlText(field)}</span>`;

export const fieldOutput: PrintField = mergeOutput;

/** What mail clients need on each element, because they know no style sheet of ours. */
const gap = "margin:0 0 1em 0;";
const headingSizes = { 1: 1.75, 2: 1.375, 3: 1.125 };

/** HTML of formatted text for the inside of an mj-text. The last element has no space below it. */
export function emitRichText(text: RichText, headingStyle: string, print: PrintField): string {
  const { content } = text;
  return content.map((node, at) => emitNode(node, at === content.length - 1, headingStyle, print)).join("\n");
}

function emitNode(node: RichNode, isLast: boolean, headingStyle: string, print: PrintField): string {
  const margin = isLast ? "margin:0;" : gap;
  switch (node.type) {
    case "paragraph":
      return `<p style="${margin}${alignment(node.attrs)}">${emitInlines(node.content, print) || "&nbsp;"}</p>`;
    case "heading": {
      const { level } = node.attrs;
      const style = `${margin}${headingStyle}font-size:${headingSizes[level]}em;line-height:1.25;${alignment(node.attrs)}`;
      return `<h${level} style="${style}">${emitInlines(node.content, print)}</h${level}>`;
    }
    case "blockquote":
      return `<blockquote style="${margin}padding:0 0 0 16px;border-left:3px solid #c9cfcb;">${node.content
        .map((inner, at) => emitNode(inner, at === node.content.length - 1, headingStyle, print))
        .join("\n")}</blockquote>`;
    case "horizontalRule":
      return `<hr style="${margin}border:0;border-top:1px solid #c9cfcb;">`;
    default:
      return emitList(node, margin, print);
  }
}

function emitList(list: ListNode, margin: string, print: PrintField): string {
  const tag = list.type === "bulletList" ? "ul" : "ol";
  const start = tag === "ol" && list.attrs?.start !== undefined ? ` start="${list.attrs.start}"` : "";
  const items = list.content.map(({ content }) => {
    const inside = content.map((part) =>
      part.type === "paragraph"
        ? `<p style="margin:0;${alignment(part.attrs)}">${emitInlines(part.content, print)}</p>`
        : emitList(part, "margin:4px 0 0 0;", print),
    );
    return `<li style="margin:0 0 6px 0;">${inside.join("\n")}</li>`;
  });
  return `<${tag}${start} style="${margin}padding:0 0 0 24px;">${items.join("\n")}</${tag}>`;
}

function alignment(attrs: { textAlign?: string | null | undefined } | undefined): string {
  return attrs?.textAlign ? `text-align:${attrs.textAlign};` : "";
}

export function emitInlines(inlines: readonly Inline[] | undefined, print: PrintField): string {
  return (inlines ?? []).map((inline) => emitInline(inline, print)).join("");
}

function emitInline(inline: Inline, print: PrintField): string {
  switch (inline.type) {
    case "text":
      return marked(htmlText(inline.text), inline.marks);
    case "hardBreak":
      return "<br>";
    case "mergeField":
      return marked(print(inline.attrs), inline.marks);
    default:
      return unreachable(inline);
  }
}

const outwards: Mark["type"][] = ["bold", "italic", "underline", "strike", "colour", "link"];

/** A link is outside of everything else, so that its underline runs through. */
function marked(html: string, marks: readonly Mark[] | undefined): string {
  const sorted = (marks ?? []).toSorted((a, b) => outwards.indexOf(a.type) - outwards.indexOf(b.type));
  return sorted.reduce(withMark, html);
}

function withMark(inner: string, mark: Mark): string {
  switch (mark.type) {
    case "bold":
      return `<strong>${inner}</strong>`;
    case "italic":
      return `<em>${inner}</em>`;
    case "underline":
      return `<u>${inner}</u>`;
    case "strike":
      return `<s>${inner}</s>`;
    case "colour":
      return `<span style="color:${mark.attrs.colour}">${inner}</span>`;
    case "link":
      return `<a href="${addressText(mark.attrs.href) || "#"}">${inner}</a>`;
    default:
      return unreachable(mark);
  }
}

export function emitLine(line: Line, print: PrintField): string {
  return line.map((part) => (typeof part === "string" ? htmlText(part) : print(part))).join("");
}
