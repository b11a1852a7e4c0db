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

/**
 * Active content in compiled HTML: scripts, frames, forms, event handlers, javascript: addresses, also inside Outlook's
 * conditional comments. Nothing is rewritten; people are told what to take out and where it stands in their source.
 */
export function findActiveContent(html: string, source: string): ContentProblem[] {
  const problems: ContentProblem[] = [];
  const report = (message: string, ...needles: string[]) => {
    if (problems.some((problem) => problem.message === message)) return;
    problems.push({ where: "content", code: "active_content", message, ...locate(source, needles) });
  };
  let isRefresh = false;
  scanHtml(html, {
    tag(name) {
      isRefresh = false;
      if (FORBIDDEN_TAGS.has(name)) report(`<${name}> is not allowed in a mail. Take it out.`, `<${name}`);
    },
    attribute({ tag, name, value, valueBegin, valueEnd }) {
      const raw = html.slice(valueBegin, valueEnd);
      const text = value.replace(/[\s\p{Cc}]+/gu, "");
      if (/^on[a-z]/.test(name)) report(`The event handler ${name} is not allowed in a mail.`, `${name}=`, name);
      if (name === "srcdoc") report("srcdoc is not allowed in a mail.", "srcdoc");
      if (ADDRESS_ATTRIBUTES.has(name) && DANGEROUS_SCHEME.test(text)) {
        const scheme = `${text.split(":")[0]}:`;
        report(`An address that begins with ${scheme} is not allowed.`, raw, value, scheme);
      }
      if (name === "style" && DANGEROUS_STYLE.test(value))
        report("This style tries to run a script.", raw, "expression", "script:");
      if (tag === "input" && name === "type" && !/^(?:radio|checkbox)$/i.test(text))
        report("Form fields are not allowed in a mail.", "<input");
      if (tag === "meta" && name === "http-equiv" && /^(?:refresh|set-cookie)$/i.test(text)) isRefresh = true;
      if (isRefresh) report("A mail cannot redirect or set cookies by <meta>.", "http-equiv");
      if (tag === "link" && name === "rel" && !/^stylesheet$/i.test(text))
        report("<link> can only load a style sheet.", "<link");
      if (tag === "link" && name === "href" && !/^https:\/\//i.test(text))
        report("<link> needs an address that begins with https://.", "<link");
    },
    text(data, { tag }) {
      if (tag === "style" && DANGEROUS_STYLE.test(data))
        report("A style sheet tries to run a script.", "expression", "javascript", "behavior", "binding");
    },
  });
  return problems;
}

function locate(source: string, needles: string[]): { line: number; column: number } | Record<string, never> {
  const lower = source.toLowerCase();
  for (const needle of needles) {
    const offset = needle === "" ? -1 : lower.indexOf(needle.toLowerCase());
    if (offset >= 0) return positionAt(source, offset);
  }
  return {};
}
