import { Extension, Mark, Node } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { ListItem } from "@tiptap/extension-list";
import { Placeholder } from "@tiptap/extensions";
import { StarterKit } from "@tiptap/starter-kit";
import { linkOnly } from "./tiptap-json.ts";

export interface TextWords {
  placeholder: string;
  /** How a merge field is called. */
  fieldLabel(field: string): string;
}

/** Words that the editor's own pieces are drawn with. */
export interface LetterWords extends TextWords {
  emptyPicture: string;
  emptyButton: string;
}

/** What a letter can be made of. */
export function letterExtensions(words: LetterWords) {
  return [...textExtensions(words), picture(words), mailButton(words)];
}

/** What formatted text is made of: what lib/content/doc stores, and nothing else, so that nothing else can be pasted. */
export function textExtensions(words: TextWords) {
  return [
    StarterKit.configure({
      code: false,
      codeBlock: false,
      blockquote: false,
      listItem: false,
      heading: { levels: [1, 2, 3] },
      link: {
        openOnClick: false,
        autolink: true,
        defaultProtocol: "https",
        isAllowedUri: (href) => linkOnly(href) !== "",
        HTMLAttributes: { target: null, rel: null },
      },
    }),
    Blockquote.extend({ content: "paragraph+" }),
    ListItem.extend({ content: "paragraph (paragraph | bulletList | orderedList)*" }),
    Placeholder.configure({ placeholder: words.placeholder }),
    textAlign,
    colour,
    mergeField(words),
  ];
}

const textAlign = Extension.create({
  name: "textAlign",
  addGlobalAttributes() {
    return [
      {
        types: ["paragraph", "heading"],
        attributes: {
          textAlign: {
            default: null,
            parseHTML: (element) =>
              /^(?:center|right|justify)$/.test(element.style.textAlign) ? element.style.textAlign : null,
            renderHTML: ({ textAlign: value }) => (value ? { style: `text-align: ${value}` } : {}),
          },
        },
      },
    ];
  },
});

/** Only our own: colours of other programs do not come along. */
const colour = Mark.create({
  name: "colour",
  addAttributes() {
    return { colour: { default: null, parseHTML: (element) => element.getAttribute("data-colour") } };
  },
  parseHTML() {
    return [{ tag: "span[data-colour]" }];
  },
  renderHTML({ HTMLAttributes: { colour: value } }) {
    return ["span", { "data-colour": value, style: `color: ${value}` }, 0];
  },
});

/** An attribute that is kept in the HTML, so that it survives cutting and pasting. */
const data = (name: string, fallback: string | boolean = "") => ({
  default: fallback,
  parseHTML: (element: HTMLElement) =>
    typeof fallback === "boolean"
      ? element.hasAttribute(`data-${name}`)
      : (element.getAttribute(`data-${name}`) ?? fallback),
});

const mergeField = ({ fieldLabel }: TextWords) =>
  Node.create({
    name: "mergeField",
    group: "inline",
    inline: true,
    atom: true,
    selectable: true,
    addAttributes() {
      return { field: data("field"), fallback: data("fallback") };
    },
    parseHTML() {
      return [{ tag: "span[data-field]" }];
    },
    renderHTML({ node: { attrs } }) {
      const shown = attrs.fallback === "" ? fieldLabel(attrs.field) : `${fieldLabel(attrs.field)} · ${attrs.fallback}`;
      return ["span", { class: "merge-chip", "data-field": attrs.field, "data-fallback": attrs.fallback }, shown];
    },
    renderText: ({ node }) => `[${fieldLabel(node.attrs.field)}]`,
  });

const picture = ({ emptyPicture }: LetterWords) =>
  Node.create({
    name: "picture",
    group: "block",
    atom: true,
    draggable: true,
    addAttributes() {
      return { src: data("src"), alt: data("alt"), decorative: data("decorative", false), href: data("href") };
    },
    parseHTML() {
      return [
        { tag: "figure[data-picture]" },
        {
          tag: "img[src]",
          getAttrs: (element) => {
            const src = element.getAttribute("src") ?? "";
            return /^https?:\/\//i.test(src) ? { src, alt: element.getAttribute("alt") ?? "" } : false;
          },
        },
      ];
    },
    renderHTML({ node: { attrs } }) {
      const { src, alt, decorative, href } = attrs;
      const own = {
        class: "letter-picture",
        "data-picture": "",
        "data-src": src,
        "data-alt": alt,
        "data-href": href,
        ...(decorative && { "data-decorative": "" }),
      };
      // The picture itself is in the preview beside: the console loads nothing from elsewhere.
      return ["figure", own, ["span", {}, src === "" ? emptyPicture : alt || src]];
    },
  });

const mailButton = ({ emptyButton }: LetterWords) =>
  Node.create({
    name: "mailButton",
    group: "block",
    atom: true,
    draggable: true,
    addAttributes() {
      return { label: data("label"), href: data("href") };
    },
    parseHTML() {
      return [{ tag: "div[data-mail-button]" }];
    },
    renderHTML({ node: { attrs } }) {
      const own = {
        class: "letter-button",
        "data-mail-button": "",
        "data-label": attrs.label,
        "data-href": attrs.href,
      };
      return ["div", own, ["span", {}, attrs.label || emptyButton]];
    },
  });
