import { scanHtml } from "./html-scan.ts";
import type { ContentProblem } from "./revision.ts";
import { positionAt } from "./revision.ts";

const FORBIDDEN_TAGS = new Set(
  "script iframe frame frameset object embed applet form textarea select base svg math template video audio portal".split(
    " ",
  ),
);
const ADDRESS_ATTRIBUTES = new Set(
  "href src action background cite poster longdesc xlink:href srcset formaction data".split(" "),
);
const DANGEROUS_SCHEME = /^(?:javascript|vbscript|file|jar|data(?!:image\/(?:png|jpe?g|gif|webp)[;,])):?/i;
const DANGEROUS_STYLE = /expression\s*\(|(?:java|vb)script\s*:|-moz-binding|behavior\s*:/i;

/** Compiled HTML in which words still stand for Liquid: their pattern (global), and what puts the Liquid back. */
type WithLiquid = { html: string; pattern: RegExp; restore(text: string): string };

/** An address that is whole before any Liquid in it, or goes on from one that is. */
const SAFE_START = /^(?:https?:\/\/|mailto:|tel:|data:image\/(?:png|jpe?g|gif|webp)[;,]|[#/?])/i;

/**
 * Active content in compiled HTML: scripts, frames, forms, event handlers, javascript: addresses, also inside Outlook's
 * conditional comments, and also when Liquid stands in the middle of them: whatever is printed there, and whichever
 * branch of a condition. Nothing is rewritten; people are told what to take out and where it stands in their source.
 */
export function findActiveContent({ html, pattern, restore }: WithLiquid, source: string): ContentProblem[] {
  const problems: ContentProblem[] = [];
  const report = (message: string, ...needles: string[]) => {
    if (problems.some((problem) => problem.message === message)) return;
    problems.push({ where: "content", code: "active_content", message, ...locate(source, needles) });
  };
  const bare = (text: string) => text.replace(pattern, "");
  // Liquid before or after a name is a condition around it; inside, it would make another name of it.
  const nameOf = (text: string) => {
    const parts = text.split(new RegExp(`(?:${pattern.source.replace("(", "(?:")})+`)).filter((part) => part !== "");
    if (parts.length > 1) report(`Liquid cannot stand inside a name: ${restore(text)}.`, restore(text), parts[0] ?? "");
    return parts[0] ?? "";
  };
  let isRefresh = false;
  let tagName = "";
  scanHtml(html, {
    tag(name) {
      isRefresh = false;
      tagName = nameOf(name);
      if (FORBIDDEN_TAGS.has(tagName)) report(`<${tagName}> is not allowed in a mail. Take it out.`, `<${tagName}`);
    },
    attribute({ name: given, value, valueBegin, valueEnd }) {
      const name = nameOf(given);
      const raw = restore(html.slice(valueBegin, valueEnd));
      const text = bare(value).replace(/[\s\p{Cc}]+/gu, "");
      if (/^on[a-z]/.test(name)) report(`The event handler ${name} is not allowed in a mail.`, `${name}=`, name);
      if (name === "srcdoc") report("srcdoc is not allowed in a mail.", "srcdoc");
      const isWhole = bare(value) === value;
      if (ADDRESS_ATTRIBUTES.has(name) && DANGEROUS_SCHEME.test(text) && (isWhole || text.includes(":"))) {
        const scheme = `${text.split(":")[0]}:`;
        report(`An address that begins with ${scheme} is not allowed.`, raw, value, scheme);
      } else if (ADDRESS_ATTRIBUTES.has(name) && hasOpenScheme(value, pattern, restore)) {
        report(`The address ${raw} has to begin with https:// (or mailto: or tel:), whatever Liquid prints.`, raw);
      }
      if (name === "style" && (DANGEROUS_STYLE.test(value) || DANGEROUS_STYLE.test(bare(value))))
        report("This style tries to run a script.", raw, "expression", "script:");
      if (tagName === "input" && name === "type" && !/^(?:radio|checkbox)$/i.test(text))
        report("Form fields are not allowed in a mail.", "<input");
      if (tagName === "meta" && name === "http-equiv" && (/^(?:refresh|set-cookie)$/i.test(text) || !isWhole))
        isRefresh = true;
      if (isRefresh) report("A mail cannot redirect or set cookies by <meta>.", "http-equiv");
      if (tagName === "link" && name === "rel" && !/^stylesheet$/i.test(text))
        report("<link> can only load a style sheet.", "<link");
      if (tagName === "link" && name === "href" && !/^https:\/\//i.test(text))
        report("<link> needs an address that begins with https://.", "<link");
    },
    text(data, { tag }) {
      if (tag === "style" && (DANGEROUS_STYLE.test(data) || DANGEROUS_STYLE.test(bare(data))))
        report("A style sheet tries to run a script.", "expression", "javascript", "behavior", "binding");
    },
  });
  return problems;
}

/**
 * Whether Liquid could take part in the scheme of an address. An output at the very beginning is made safe when it is
 * printed (escape.ts); everywhere else a piece that brings a colon has to bring a good scheme of its own.
 */
function hasOpenScheme(value: string, pattern: RegExp, restore: (text: string) => string): boolean {
  const parts = value.replace(/[\s\p{Cc}]+/gu, "").split(new RegExp(pattern.source.replace("(", "(?:")));
  const [first = ""] = parts;
  if (parts.length === 1 || SAFE_START.test(first)) return false;
  if (first === "" && restore([...value.matchAll(pattern)][0]?.[0] ?? "").startsWith("{{")) return false;
  return parts.some((part) => /^[^/?#]*:/.test(part) && !SAFE_START.test(part));
}

function locate(source: string, needles: string[]): { line: number; column: number } | Record<string, never> {
  const lower = source.toLowerCase();
  for (const needle of needles) {
    const offset = needle === "" ? -1 : lower.indexOf(needle.toLowerCase());
    if (offset >= 0) return positionAt(source, offset);
  }
  return {};
}
