import { type PlacedTemplate, placeTemplate } from "./arm.ts";
import { type ContentInput, checkSource, checkTemplates, refused } from "./content-input.ts";
import { emitDoc } from "./doc/emit.ts";
import { readDoc } from "./doc/read-doc.ts";
import { listUsedFields, type UsedField } from "./fields.ts";
import { findActiveContent } from "./html-safety.ts";
import { replaceComments } from "./html-scan.ts";
import { findLinks, type LinkSlot } from "./links.ts";
import { readOutput } from "./liquid.ts";
import { addHead, addPreheader, collapse, LIQUID } from "./mail-frame.ts";
import { type CompiledMjml, compileMjml } from "./mjml.ts";
import { ContentError, type ContentProblem, type ContentWarning, positionAt } from "./revision.ts";
import { type LiquidNode, readTree } from "./template-tree.ts";
import { htmlToPlainText, LINK_CLOSE, LINK_OPEN } from "./text-part.ts";

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
  let partOfLine: PartOfLine = null;
  try {
    checkSource(input.source);
    const emitted = input.source.kind === "doc" ? emitDoc(readDoc(input.source.source), "mail") : null;
    partOfLine = emitted?.partOfLine ?? null;
    const compiled = await compile(input, emitted?.mjml ?? input.source.source);
    return { ...compiled, warnings: compiled.warnings.map((warning) => inPart(warning, partOfLine)) };
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    return { ok: false, problems: error.problems.map((problem) => inPart(problem, partOfLine)) };
  }
}

type PartOfLine = ((line: number) => string | null) | null;

/** In a document nobody sees lines: what stands in one belongs to a part. */
function inPart<Found extends ContentProblem | ContentWarning>(found: Found, partOfLine: PartOfLine): Found {
  if (!partOfLine || found.line === undefined || ("where" in found && found.where !== "content")) return found;
  const { line, ...rest } = found;
  if ("column" in rest) delete rest.column;
  const part = partOfLine(line);
  return { ...rest, ...(part === null ? {} : { part }) } as Found;
}

async function compile(input: ContentInput, source: string): Promise<CompiledContent> {
  checkTemplates(source, input);
  const mjml = await compileMjml(source, { language: input.language, strict: !input.lenient });
  const active = findActiveContent(mjml, source);
  if (active.length > 0) throw new ContentError(active);

  const preheader = input.preheader.trim() === "" ? collapse(mjml.preview ?? "") : input.preheader.trim();
  const visible = removeComments(mjml.html);
  const head = addHead(visible, input.subject, input.title);
  const html = addPreheader(mjml.restore(head), preheader);
  if (Buffer.byteLength(html) > MAX_HTML_BYTES)
    throw refused("too_large", "The mail is larger than 2 MB once compiled.");

  const placed = onSource(source, () => placeTemplate(html));
  if (placed.links.length > MAX_LINKS) throw refused("too_large", `The mail has more than ${MAX_LINKS} links.`);
  const { links, personalLinks, htmlLinkSlots, linkWarnings } = findLinks(placed);
  const { text, textLinkSlots } = plainText(visible, mjml, links);
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

/** Comments are notes of the author and weight for the reader; Outlook's conditional ones are layout and stay. */
function removeComments(html: string): string {
  return replaceComments(html, (comment) => (/^<!--\s*(?:\[if\b|<!\[endif\])/i.test(comment) ? comment : ""));
}

function plainText(html: string, { restore, pattern }: CompiledMjml, links: string[]) {
  // A brace that would begin Liquid, by itself or together with the Liquid behind it.
  const literal = new RegExp(`\\{(?=[{%]|${pattern.source.replace("(", "(?:")})`, "g");
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
