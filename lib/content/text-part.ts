import { convert, type FormatCallback } from "html-to-text";

/** Enclose a link's address until the places of links are known; control characters never occur in content. */
export const LINK_OPEN = "\u0001";
export const LINK_CLOSE = "\u0002";

const altText: FormatCallback = (element, _walk, builder) => {
  const alt = element.attribs.alt?.trim();
  if (alt) builder.addInline(alt);
};

/** The plain text of a mail. Words that stand for Liquid pass through; addresses come between LINK_OPEN and LINK_CLOSE. */
export function htmlToPlainText(html: string): string {
  const heading = { uppercase: false, leadingLineBreaks: 2, trailingLineBreaks: 1 };
  const text = convert(html, {
    wordwrap: false,
    limits: { maxDepth: 200, maxInputLength: 4_000_000 },
    formatters: { altText },
    selectors: [
      ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: heading })),
      { selector: "div", options: { leadingLineBreaks: 2, trailingLineBreaks: 2 } },
      { selector: "img", format: "altText" },
      { selector: "input", format: "skip" },
      { selector: "a", options: { linkBrackets: [LINK_OPEN, LINK_CLOSE], hideLinkHrefIfSameAsText: true } },
      { selector: "hr", options: { length: 24 } },
    ],
  });
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
