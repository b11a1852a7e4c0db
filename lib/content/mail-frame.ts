import { escapeHtml } from "./escape.ts";
import { readTokens } from "./liquid.ts";

/** White space as a browser shows it: one space at most. */
export function collapse(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** A piece of Liquid in a sound template. */
export const LIQUID = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;

/** Text with Liquid in it as HTML: the text is escaped, the Liquid stays. The template must be sound. */
function escapeAroundLiquid(template: string): string {
  return readTokens(template)
    .map(({ type, begin, end }) =>
      type === "text" ? escapeHtml(template.slice(begin, end)) : template.slice(begin, end),
    )
    .join("");
}

/** Fills the title, with plain text or else the subject's template, and says which colour schemes the mail is made for. */
export function addHead(html: string, subject: string, plainTitle?: string): string {
  // Only a mail with dark colours of its own says so; saying it without them makes readers show black on black.
  const scheme = /prefers-color-scheme:\s*dark/i.test(html) ? "light dark" : "light";
  const metas = /name=["']color-scheme["']/i.test(html)
    ? ""
    : `<meta name="color-scheme" content="${scheme}">\n<meta name="supported-color-schemes" content="${scheme}">\n`;
  const title =
    plainTitle === undefined
      ? escapeAroundLiquid(collapse(subject))
      : escapeHtml(collapse(plainTitle)).replaceAll("{", "&#123;");
  const titled = html.replace(/<title>\s*<\/title>/, () => `<title>${title}</title>`);
  return titled.replace("</head>", () => `${metas}</head>`);
}

const PADDING = "&#847;&zwnj;&nbsp;".repeat(60);

/** The line that inboxes show after the subject; the padding keeps the first words of the mail out of it. */
export function addPreheader(html: string, preheader: string): string {
  if (preheader === "") return html;
  const style =
    "display:none;font-size:1px;color:#ffffff;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all;";
  const hidden = `<div style="${style}">${escapeAroundLiquid(preheader)}</div>\n<div style="${style}">${PADDING}</div>`;
  return html.replace(/<body\b[^>]*>/i, (body) => `${body}\n${hidden}`);
}
