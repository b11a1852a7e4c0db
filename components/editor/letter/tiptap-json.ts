import type { JSONContent } from "@tiptap/core";
import type { LetterNode } from "#lib/content/doc/letter.ts";
import type { Inline, ListNode, Mark, RichText } from "#lib/content/doc/rich-text.ts";

/*
 * Between TipTap's JSON and the stored form of a letter. Whatever TipTap holds, what comes out is of the closed set that
 * lib/content/doc stores: what it does not know is taken apart, and its text stays.
 */

const linkForm = /^(?:https?:\/\/\S.*|mailto:\S.*|tel:\S.*|unsubscribe)$/i;
const colourForm = /^#[0-9a-f]{6}$/i;
const alignments = ["left", "center", "right", "justify"] as const;
const deepestList = 4;
const longestText = 20_000;
const mostInlines = 2000;

type Paragraph = Extract<LetterNode, { type: "paragraph" }>;

export function toLetterNodes(json: JSONContent): LetterNode[] {
  return (json.content ?? []).flatMap(toNodes);
}

/** Formatted text without pictures and buttons. */
export function toRichText(json: JSONContent): RichText {
  const content = toLetterNodes(json).filter((node) => node.type !== "picture" && node.type !== "mailButton");
  return { type: "doc", content };
}

function toNodes(node: JSONContent): LetterNode[] {
  switch (node.type) {
    case "paragraph":
      return [paragraph(node)];
    case "heading": {
      const level = node.attrs?.level === 1 || node.attrs?.level === 3 ? node.attrs.level : 2;
      return [{ type: "heading", attrs: { level, ...alignmentOf(node) }, ...inlinesOf(node) }];
    }
    case "bulletList":
    case "orderedList": {
      const list = listOf(node, 1);
      return list ? [list] : [];
    }
    case "blockquote": {
      const inside = (node.content ?? []).flatMap(toNodes).flatMap(asParagraphs);
      return inside.length > 0 ? [{ type: "blockquote", content: inside }] : [];
    }
    case "horizontalRule":
      return [{ type: "horizontalRule" }];
    case "picture": {
      const { src = "", alt = "", decorative = false, href = "" } = node.attrs ?? {};
      return [
        {
          type: "picture",
          attrs: {
            src: httpOnly(src),
            alt: String(alt).slice(0, 500),
            decorative: decorative === true,
            href: linkOnly(href),
          },
        },
      ];
    }
    case "mailButton": {
      const { label = "", href = "" } = node.attrs ?? {};
      return [{ type: "mailButton", attrs: { label: String(label).slice(0, 200), href: linkOnly(href) } }];
    }
    default:
      return node.content
        ? node.content.flatMap(toNodes)
        : node.text
          ? [{ type: "paragraph", content: inline(node) }]
          : [];
  }
}

function paragraph(node: JSONContent): Paragraph {
  const attrs = alignmentOf(node);
  return { type: "paragraph", ...(attrs.textAlign && { attrs }), ...inlinesOf(node) };
}

/** The paragraphs inside of something, for places that hold nothing else. */
function asParagraphs(node: LetterNode): Paragraph[] {
  switch (node.type) {
    case "paragraph":
      return [node];
    case "heading":
      return [{ type: "paragraph", ...(node.content && { content: node.content }) }];
    case "blockquote":
      return node.content;
    case "bulletList":
    case "orderedList":
      return node.content.flatMap((item) => item.content.flatMap((part) => asParagraphs(part)));
    default:
      return [];
  }
}

function listOf(node: JSONContent, depth: number): ListNode | null {
  const items = (node.content ?? []).flatMap((item) => {
    const content: ListNode["content"][number]["content"] = [];
    for (const part of item.type === "listItem" ? (item.content ?? []) : [item]) {
      if (part.type === "bulletList" || part.type === "orderedList") {
        const inner = depth < deepestList ? listOf(part, depth + 1) : null;
        if (inner) content.push(inner);
        else if (depth >= deepestList) content.push(...toNodes({ ...part, type: "deeper" }).flatMap(asParagraphs));
      } else content.push(...toNodes(part).flatMap(asParagraphs));
    }
    return content.length > 0 ? [{ type: "listItem" as const, content }] : [];
  });
  if (items.length === 0) return null;
  const start = node.attrs?.start;
  const hasStart =
    node.type === "orderedList" && Number.isInteger(start) && start !== 1 && start >= 0 && start <= 10_000;
  return { type: node.type as ListNode["type"], ...(hasStart && { attrs: { start } }), content: items };
}

function inlinesOf(node: JSONContent): { content?: Inline[] } {
  const content = (node.content ?? []).flatMap(inline).slice(0, mostInlines);
  return content.length > 0 ? { content } : {};
}

function inline(node: JSONContent): Inline[] {
  const marks = marksOf(node);
  const withMarks = marks.length > 0 ? { marks } : {};
  switch (node.type) {
    case "text": {
      const text = (node.text ?? "").replace(/\p{Cc}/gu, " ");
      const pieces = text.match(new RegExp(`[\\s\\S]{1,${longestText}}`, "g")) ?? [];
      return pieces.map((piece) => ({ type: "text", text: piece, ...withMarks }));
    }
    case "hardBreak":
      return [{ type: "hardBreak" }];
    case "mergeField": {
      const { field, fallback = "" } = node.attrs ?? {};
      if (typeof field !== "string" || field === "") return [];
      return [
        {
          type: "mergeField",
          attrs: { field: field.slice(0, 60), fallback: String(fallback).slice(0, 200) },
          ...withMarks,
        },
      ];
    }
    default:
      return (node.content ?? []).flatMap(inline);
  }
}

function marksOf(node: JSONContent): Mark[] {
  const marks = (node.marks ?? []).flatMap((mark): Mark[] => {
    switch (mark.type) {
      case "bold":
      case "italic":
      case "underline":
      case "strike":
        return [{ type: mark.type }];
      case "colour":
        return colourForm.test(mark.attrs?.colour ?? "")
          ? [{ type: "colour", attrs: { colour: mark.attrs?.colour } }]
          : [];
      case "link": {
        const href = linkOnly(mark.attrs?.href ?? "");
        return href === "" ? [] : [{ type: "link", attrs: { href } }];
      }
      default:
        return [];
    }
  });
  return marks.filter((mark, at) => marks.findIndex(({ type }) => type === mark.type) === at);
}

function alignmentOf(node: JSONContent): { textAlign?: (typeof alignments)[number] } {
  const textAlign = alignments.find((one) => one === node.attrs?.textAlign);
  return textAlign && textAlign !== "left" ? { textAlign } : {};
}

/** An address that a mail may link to, or nothing. */
export function linkOnly(href: unknown): string {
  const text = String(href).trim().slice(0, 2000);
  return linkForm.test(text) ? text : "";
}

function httpOnly(src: unknown): string {
  const text = String(src).trim();
  return /^https?:\/\/\S+$/i.test(text) && text.length <= 2000 ? text : "";
}

/** What TipTap opens a letter with. */
export function fromLetterNodes(nodes: readonly LetterNode[]): JSONContent {
  return { type: "doc", content: nodes.length > 0 ? (nodes as JSONContent[]) : [{ type: "paragraph" }] };
}
