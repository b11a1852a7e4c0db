import type { Block, EmailDoc, Section } from "./email-doc.ts";
import type { RichNode, RichText } from "./rich-text.ts";
import type { Line } from "./values.ts";

/*
 * Letters: mails that one just writes. A letter is a document of one section with one column, and the editor shows the
 * column's blocks as one running text with pictures and buttons in it.
 */

/** What a letter is made of from top to bottom. */
export type LetterNode =
  | RichNode
  | { type: "picture"; attrs: { src: string; alt: string; decorative: boolean; href: string } }
  | { type: "mailButton"; attrs: { label: string; href: string } };

type LetterBlock = Extract<Block, { type: "text" | "image" | "button" }>;

/** Whether a document can be written as a letter without losing anything. */
export function isLetter(doc: EmailDoc): boolean {
  const [section, ...others] = doc.sections;
  if (!section || others.length > 0 || section.columns.length !== 1 || section.visibility || section.hide) return false;
  return section.columns[0]?.blocks.every(isLetterBlock) ?? false;
}

function isLetterBlock(block: Block): block is LetterBlock {
  const plain: Record<string, readonly string[]> = {
    text: ["id", "type", "content"],
    image: ["id", "type", "src", "alt", "decorative", "href"],
    button: ["id", "type", "label", "href"],
  };
  const known = plain[block.type];
  if (!known || !Object.keys(block).every((key) => known.includes(key))) return false;
  return block.type !== "button" || block.label.every((part) => typeof part === "string");
}

/** The running text of a letter. */
export function letterNodes(doc: EmailDoc): LetterNode[] {
  const blocks = doc.sections[0]?.columns[0]?.blocks ?? [];
  return blocks.filter(isLetterBlock).flatMap((block): LetterNode[] => {
    switch (block.type) {
      case "text":
        return block.content.content;
      case "image": {
        const { src, alt, decorative = false, href = "" } = block;
        return [{ type: "picture", attrs: { src, alt, decorative, href } }];
      }
      case "button":
        return [{ type: "mailButton", attrs: { label: lineText(block.label), href: block.href } }];
      default:
        return [];
    }
  });
}

function lineText(line: Line): string {
  return line.map((part) => (typeof part === "string" ? part : "")).join("");
}

/** The letter with this running text; everything else of it stays. Blocks are numbered from the top. */
export function withLetterNodes(doc: EmailDoc, nodes: readonly LetterNode[]): EmailDoc {
  const blocks: LetterBlock[] = [];
  let text: RichText | null = null;
  for (const node of nodes) {
    const id = `b${blocks.length + 1}`;
    if (node.type === "picture") {
      const { src, alt, decorative, href } = node.attrs;
      blocks.push({ id, type: "image", src, alt, ...(decorative && { decorative }), ...(href !== "" && { href }) });
      text = null;
    } else if (node.type === "mailButton") {
      const { label, href } = node.attrs;
      blocks.push({ id, type: "button", label: label === "" ? [] : [label], href });
      text = null;
    } else if (text) text.content.push(node);
    else {
      text = { type: "doc", content: [node] };
      blocks.push({ id, type: "text", content: text });
    }
  }
  const [section = emptySection()] = doc.sections;
  const [column = { id: "letter-column", blocks: [] }] = section.columns;
  return { ...doc, sections: [{ ...section, columns: [{ ...column, blocks }] }] };
}

function emptySection(): Section {
  return {
    id: "letter",
    ratio: [1],
    padding: { top: 40, right: 0, bottom: 28, left: 0 },
    columns: [{ id: "letter-column", blocks: [] }],
  };
}

const footers = {
  en: { why: "You get this because you subscribed to news from us.", unsubscribe: "Unsubscribe" },
  de: { why: "Sie erhalten diese Mail, weil Sie unsere Neuigkeiten abonniert haben.", unsubscribe: "Abmelden" },
};

/** A letter with nothing in it yet, for mails in this language (BCP 47). */
export function newLetter(language: string): EmailDoc {
  const { why, unsubscribe } = /^de\b/i.test(language) ? footers.de : footers.en;
  const paragraph = (text: string): RichNode => ({
    type: "paragraph",
    ...(text !== "" && { content: [{ type: "text", text }] }),
  });
  const doc: EmailDoc = {
    v: 1,
    theme: {
      width: 600,
      font: "sans",
      headingFont: "sans",
      textSize: 16,
      pageBackground: "#ffffff",
      background: "#ffffff",
      text: "#262b29",
      heading: "#14211c",
      link: "#1b6b52",
      button: { background: "#1b6b52", text: "#ffffff", radius: 6 },
    },
    sections: [],
    footer: {
      content: { type: "doc", content: [paragraph(why)] },
      unsubscribeLabel: unsubscribe,
    },
  };
  return withLetterNodes(doc, [paragraph("")]);
}
