import { type MakeId, newId } from "./edit.ts";
import type { Block, BlockType, EmailDoc, Section } from "./email-doc.ts";
import type { RichText } from "./rich-text.ts";

/** Words that new parts begin with, in the language of who writes. */
export interface NewWords {
  text: string;
  heading: string;
  button: string;
  product: string;
  price: string;
  quote: string;
  author: string;
  item: string;
  link: string;
  video: string;
}

/** One paragraph without formatting. */
export function paragraphOf(text: string): RichText {
  return {
    type: "doc",
    content: [text === "" ? { type: "paragraph" } : { type: "paragraph", content: [{ type: "text", text }] }],
  };
}

/** A new block of a kind, ready to be changed. */
export function newBlock(type: BlockType, words: NewWords, makeId: MakeId = newId): Block {
  const id = makeId();
  switch (type) {
    case "text":
      return { id, type, content: paragraphOf(words.text) };
    case "heading":
      return { id, type, level: 2, content: [words.heading] };
    case "image":
      return { id, type, src: "", alt: "", align: "center", fluid: true };
    case "button":
      return { id, type, label: [words.button], href: "", align: "left" };
    case "divider":
      return { id, type };
    case "spacer":
      return { id, type, height: 24 };
    case "links":
      return { id, type, use: "menu", items: [1, 2, 3].map((n) => ({ label: `${words.link} ${n}`, href: "" })) };
    case "product":
      return {
        id,
        type,
        picture: { src: "", alt: "" },
        name: [words.product],
        text: paragraphOf(words.text),
        price: words.price,
        button: { label: [words.button], href: "" },
      };
    case "video":
      return { id, type, src: "", alt: "", href: "", label: words.video };
    case "list":
      return { id, type, marker: "check", items: [1, 2, 3].map(() => ({ content: paragraphOf(words.item) })) };
    case "quote":
      return { id, type, content: paragraphOf(words.quote), author: [words.author] };
    case "html":
      return { id, type, html: "<p>HTML</p>" };
  }
}

/** A new section of empty columns, or around one block. */
export function newSection(ratio: readonly number[], block: Block | null = null, makeId: MakeId = newId): Section {
  return {
    id: makeId(),
    ratio: [...ratio],
    columns: ratio.map((_share, at) => ({ id: makeId(), blocks: block && at === 0 ? [block] : [] })),
  };
}

const footerWords = {
  en: {
    content: "You get this mail because you subscribed to our news.",
    unsubscribeLabel: "Unsubscribe",
    heading: "Your heading",
    text: "Write your text here.",
  },
  de: {
    content: "Sie erhalten diese Mail, weil Sie unsere Neuigkeiten abonniert haben.",
    unsubscribeLabel: "Abmelden",
    heading: "Ihre Überschrift",
    text: "Schreiben Sie hier Ihren Text.",
  },
};

/** The document that somebody begins with who takes no design: a heading, a text, and the footer of every mail. */
export function blankDoc(language: string, makeId: MakeId = newId): EmailDoc {
  const words = /^de\b/i.test(language) ? footerWords.de : footerWords.en;
  const section = newSection([1], { id: makeId(), type: "heading", level: 1, content: [words.heading] }, makeId);
  section.columns[0]?.blocks.push({ id: makeId(), type: "text", content: paragraphOf(words.text) });
  return {
    v: 1,
    theme: {
      width: 600,
      font: "sans",
      headingFont: "sans",
      textSize: 16,
      pageBackground: "#f1f3f2",
      background: "#ffffff",
      text: "#33403b",
      heading: "#14211c",
      link: "#1b6b52",
      button: { background: "#1b6b52", text: "#ffffff", radius: 6 },
    },
    sections: [section],
    footer: { content: paragraphOf(words.content), unsubscribeLabel: words.unsubscribeLabel },
  };
}
