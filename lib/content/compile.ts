import { type PlacedTemplate, placeTemplate } from "./arm.ts";
import { escapeHtml } from "./escape.ts";
import { checkVariables, listUsedFields, type UsedField } from "./fields.ts";
import { findActiveContent } from "./html-safety.ts";
import { replaceComments } from "./html-scan.ts";
import { findLinks, type LinkSlot } from "./links.ts";
import { readOutput } from "./liquid.ts";
import { compileMjml } from "./mjml.ts";
import {
  ContentError,
  type ContentProblem,
  type ContentSource,
  type ContentWarning,
  MAX_PREHEADER_CHARACTERS,
  MAX_SOURCE_BYTES,
  MAX_SUBJECT_CHARACTERS,
  type ProblemWhere,
  positionAt,
} from "./revision.ts";
import { type LiquidNode, readTree } from "./template-tree.ts";
import { htmlToPlainText, LINK_CLOSE, LINK_OPEN } from "./text-part.ts";

export type ContentInput = {
  source: ContentSource;
  subject: string;
  preheader: string;
  /** BCP 47, for screen readers and the direction of writing; a lang attribute in the source wins. */
  language?: string;
  /** For the <title>; the subject when left out. */
  title?: string;
  /** While someone is typing: MJML's own complaints become warnings, so the preview goes on. */
  lenient?: boolean;
};

/** Sound content. JSON-serialisable. `html`, `text`, `subject` and `preheader` are Liquid templates. */
export type CompiledContent = {
  ok: true;
  v: 1;
  html: string;
  text: string;
  subject: string;
  preheader: string;
  /** Distinct http(s) addresses that can be tracked, in order; Liquid in them depends on campaign and workspace only. */
  links: string[];
  /** Addresses that hold data of the person: they are personal already and stay as they are. */
  personalLinks: string[];
  htmlLinkSlots: LinkSlot[];
  textLinkSlots: LinkSlot[];
  fields: UsedField[];
  /** Bytes of the HTML before personalisation; Gmail clips beyond 102 KB. */
  sizeBytes: number;
  /** True when every reader gets a link to {{ unsubscribe_url }}, whatever conditions say. */
  hasUnsubscribeLink: boolean;
  /** True when {{ workspace.postal_address }} is printed in visible text whatever conditions say. */
  hasPostalAddress: boolean;
  warnings: ContentWarning[];
};

export type CompileResult = CompiledContent | { ok: false; problems: ContentProblem[] };

const GMAIL_CLIPS_AT_BYTES = 102 * 1024;
const WARN_AT_BYTES = 80 * 1024;
const MAX_LINKS = 1000;
const MAX_HTML_BYTES = 2 * 1024 * 1024;

/**
 * Compiles a revision with its subject and preheader to templates that can be rendered or sent. Pure: the same input
 * gives the same bytes. Broken content gives problems with line and column, never an exception.
 */
export async function compileContent(input: ContentInput): Promise<CompileResult> {
  try {
    checkInput(input);
    return await compile(input);
  } catch (error) {
    if (error instanceof ContentError) return { ok: false, problems: error.problems };
    throw error;
  }
}

async function compile(input: ContentInput): Promise<CompiledContent> {
  const source = input.source.source;
  const mjml = await compileMjml(source, { language: input.language, strict: !input.lenient });
  const active = findActiveContent(mjml.html, source);
  if (active.length > 0) throw new ContentError(active);

  const preheader = input.preheader.trim() === "" ? collapse(mjml.preview ?? "") : input.preheader.trim();
  const visible = removeComments(mjml.html);
  const head = addHead(visible, input.title ?? input.subject);
  const html = addPreheader(mjml.restore(head), preheader);
  if (Buffer.byteLength(html) > MAX_HTML_BYTES)
    throw refused("too_large", "The mail is larger than 2 MB once compiled.");

  const placed = onSource(source, () => placeTemplate(html));
  if (placed.links.length > MAX_LINKS) throw refused("too_large", `The mail has more than ${MAX_LINKS} links.`);
  const { links, personalLinks, htmlLinkSlots, linkWarnings } = findLinks(placed);
  const { text, textLinkSlots } = plainText(visible, mjml.restore, links);
  onSource(source, () => readTree(text));
  const sizeBytes = Buffer.byteLength(html);
  return {
    ok: true,
    v: 1,
    html,
    text,
    subject: input.subject.trim(),
    preheader,
    links,
    personalLinks,
    htmlLinkSlots,
    textLinkSlots,
    fields: listUsedFields([input.subject, html]),
    sizeBytes,
    hasUnsubscribeLink: hasUnsubscribeLink(placed),
    hasPostalAddress: always(placed.nodes, (node) => isPostalAddress(node, placed)),
    warnings: [...mjml.warnings, ...linkWarnings, ...sizeWarnings(sizeBytes)],
  };
}

/** Refuses what no parser should see, and faults of the templates by themselves, where their positions are exact. */
function checkInput(input: ContentInput): void {
  const { kind, source } = input.source;
  if (kind !== "mjml") throw refused("unsupported_kind", `Content of the kind ${kind} is not supported.`);
  if (source.length > MAX_SOURCE_BYTES || Buffer.byteLength(source) > MAX_SOURCE_BYTES) {
    throw refused("too_large", `The content is larger than ${MAX_SOURCE_BYTES / 1024} KB.`);
  }
  if (source.trim() === "") throw refused("empty", "The content is empty.");
  const problems: ContentProblem[] = [];
  const check = (text: string, where: ProblemWhere, limit: number) => {
    try {
      checkCharacters(text, where, limit);
      readTree(text, where);
      checkVariables(text, where);
    } catch (error) {
      if (!(error instanceof ContentError)) throw error;
      problems.push(...error.problems);
    }
  };
  check(source, "content", MAX_SOURCE_BYTES);
  check(input.subject, "subject", MAX_SUBJECT_CHARACTERS);
  check(input.preheader, "preheader", MAX_PREHEADER_CHARACTERS);
  if (problems.length > 0) throw new ContentError(problems);
}

function checkCharacters(text: string, where: ProblemWhere, limit: number): void {
  if (text.length > limit) {
    throw new ContentError([{ where, code: "too_large", message: `This is longer than ${limit} characters.` }]);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is being refused
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text);
  if (control) {
    const hex = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    throw badCharacter(text, where, control.index, `There is a control character (U+${hex}) here. Take it out.`);
  }
  const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(text);
  if (lone)
    throw badCharacter(text, where, lone.index, "There is half of a character (a lone surrogate) here. Take it out.");
  const lineBreak = where === "content" ? null : /[\r\n\u2028\u2029]/.exec(text);
  if (lineBreak) throw badCharacter(text, where, lineBreak.index, "This has to be one line.");
}

function badCharacter(text: string, where: ProblemWhere, offset: number, message: string): ContentError {
  return new ContentError([{ where, code: "bad_character", message, ...positionAt(text, offset) }]);
}

function refused(code: string, message: string): ContentError {
  return new ContentError([{ where: "content", code, message }]);
}

/** Problems found in compiled HTML carry its lines; shows where the same Liquid stands in the person's source. */
function onSource<T>(source: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    throw new ContentError(
      error.problems.map(({ line: _line, column: _column, ...problem }) => {
        const shown = /\{\{.*?\}\}|\{%.*?%\}/s.exec(problem.message)?.[0];
        const exact = shown === undefined ? -1 : source.indexOf(shown);
        const name = shown === undefined ? null : /^\{%\s*(\w+)/.exec(shown)?.[1];
        const similar = exact < 0 && name ? source.search(new RegExp(`\\{%-?\\s*${name}\\b`)) : exact;
        return similar < 0 ? problem : { ...problem, ...positionAt(source, similar) };
      }),
    );
  }
}

function collapse(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Comments are notes of the author and weight for the reader; Outlook's conditional ones are layout and stay. */
function removeComments(html: string): string {
  return replaceComments(html, (comment) => (/^<!--\s*(?:\[if\b|<!\[endif\])/i.test(comment) ? comment : ""));
}

const LIQUID = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;

/** Text with Liquid in it as HTML: the text is escaped, the Liquid stays. */
function escapeAroundLiquid(template: string): string {
  let escaped = "";
  let at = 0;
  for (const match of template.matchAll(LIQUID)) {
    escaped += escapeHtml(template.slice(at, match.index)) + match[0];
    at = match.index + match[0].length;
  }
  return escaped + escapeHtml(template.slice(at));
}

function addHead(html: string, title: string): string {
  // Only a mail with dark colours of its own says so; saying it without them makes readers show black on black.
  const scheme = /prefers-color-scheme:\s*dark/i.test(html) ? "light dark" : "light";
  const metas = /name=["']color-scheme["']/i.test(html)
    ? ""
    : `<meta name="color-scheme" content="${scheme}">\n<meta name="supported-color-schemes" content="${scheme}">\n`;
  const titled = html.replace(/<title>\s*<\/title>/, () => `<title>${escapeAroundLiquid(collapse(title))}</title>`);
  return titled.replace("</head>", () => `${metas}</head>`);
}

const PADDING = "&#847;&zwnj;&nbsp;".repeat(60);

/** The line that inboxes show after the subject; the padding keeps the first words of the mail out of it. */
function addPreheader(html: string, preheader: string): string {
  if (preheader === "") return html;
  const style =
    "display:none;font-size:1px;color:#ffffff;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all;";
  const hidden = `<div style="${style}">${escapeAroundLiquid(preheader)}</div>\n<div style="${style}">${PADDING}</div>`;
  return html.replace(/<body\b[^>]*>/i, (body) => `${body}\n${hidden}`);
}

function plainText(html: string, restore: (text: string) => string, links: string[]) {
  const literal = /\{(?=[{%])/g;
  const words = htmlToPlainText(html.replace(/<title>[\s\S]*?<\/title>/, "")).replace(literal, '{{ "{" }}');
  // A line that holds nothing but a condition would leave empty lines behind.
  const raw = restore(words).replace(/^((?:[ \t]*\{%(?:(?!%\})[\s\S])*%\})+)[ \t]*\n+/gm, "$1");
  const textLinkSlots: LinkSlot[] = [];
  let text = "";
  let at = 0;
  for (const match of raw.matchAll(new RegExp(`${LINK_OPEN}([^${LINK_CLOSE}]*)${LINK_CLOSE}`, "g"))) {
    const address = match[1] ?? "";
    text += `${raw.slice(at, match.index)}<`;
    const link = links.indexOf(address.trim());
    if (link >= 0) textLinkSlots.push({ begin: text.length, end: text.length + address.length, link });
    text += `${address}>`;
    at = match.index + match[0].length;
  }
  return { text: text + raw.slice(at), textLinkSlots };
}

function hasUnsubscribeLink(placed: PlacedTemplate): boolean {
  const spots = placed.links
    .filter((link) => link.tag === "a" && !link.inComment && !/[^\s]/.test(link.value.replace(LIQUID, "")))
    .map(({ begin, end }) => ({ begin, end }));
  return always(placed.nodes, (node) => {
    const inside = spots.some((spot) => node.begin >= spot.begin && node.end <= spot.end);
    return inside && node.type === "output" && printedValue(node, placed) === "unsubscribe_url";
  });
}

function isPostalAddress(node: LiquidNode, placed: PlacedTemplate): boolean {
  const visible = placed.places.get(node.begin)?.visible ?? false;
  return visible && node.type === "output" && printedValue(node, placed) === "workspace.postal_address";
}

function printedValue(node: Extract<LiquidNode, { type: "output" }>, placed: PlacedTemplate): string {
  return readOutput(placed.source.slice(node.contentBegin, node.contentEnd)).value;
}

/** Whether something is there for every reader: outside of conditions, or in all branches of one that has an else. */
function always(nodes: LiquidNode[], isIt: (node: LiquidNode) => boolean): boolean {
  return nodes.some((node) => {
    if (node.type !== "block") return isIt(node);
    const complete =
      node.name !== "for" && node.name !== "capture" && node.branches.some((branch) => branch.name === "else");
    const branches = node.branches.filter((branch) => branch.name !== "case");
    return complete && branches.every((branch) => always(branch.children, isIt));
  });
}

function sizeWarnings(sizeBytes: number): ContentWarning[] {
  const kilobytes = Math.round(sizeBytes / 1024);
  if (sizeBytes > GMAIL_CLIPS_AT_BYTES) {
    return [
      {
        code: "clipped",
        message: `The mail has ${kilobytes} KB. Gmail cuts off what is beyond 102 KB, often the unsubscribe link.`,
      },
    ];
  }
  if (sizeBytes > WARN_AT_BYTES) {
    return [{ code: "heavy", message: `The mail has ${kilobytes} KB. Gmail cuts off what is beyond 102 KB.` }];
  }
  return [];
}
