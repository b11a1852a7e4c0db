import { Parser } from "htmlparser2";
import { replaceComments } from "./html-scan.ts";

type Finding = { offset: number; code: string; message: string };

/** What a look at the tags of MJML tells, and the text as MJML shall get it. Line breaks stay where they were. */
export type MjmlOutline = { text: string; preview: string | null; problems: Finding[]; warnings: Finding[] };

const MAX_TAGS = 3000;
const MAX_DEPTH = 80;
const MAX_LINES = 30_000;
/** What the head sets may be printed once for every element, so their product bounds what MJML writes. */
const MAX_REPEATED_CHARACTERS = 30_000_000;
const REPEATED = new Set(["mj-attributes", "mj-html-attributes", "mj-style"]);
/** Elements whose content MJML passes on as it is. */
const CONTENT = new Set(
  "mj-accordion-text mj-accordion-title mj-breakpoint mj-button mj-carousel-image mj-html-attribute mj-navbar-link mj-preview mj-raw mj-social-element mj-style mj-table mj-text mj-title".split(
    " ",
  ),
);
const RIGHT_TO_LEFT = /^(?:ar|arc|ckb|dv|fa|ha|he|iw|ks|ku|ps|sd|ug|ur|yi)\b/i;
const LANGUAGE = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/;

/**
 * Reads MJML in which words stand for Liquid. Tags of Liquid between elements of the body are wrapped so that MJML keeps
 * them; an mj-preview is taken out; language and direction are added when the source names none.
 */
export function readMjmlOutline(
  text: string,
  words: RegExp,
  isTag: (index: number) => boolean,
  language?: string,
): MjmlOutline {
  const problems: Finding[] = [];
  const warnings: Finding[] = [];
  const edits: { begin: number; end: number; text: string }[] = [];
  const stack: { name: string; begin: number; contentBegin: number }[] = [];
  const closings = new Set<number>();
  let tags = 0;
  let contentDepth = 0;
  let bodyDepth = 0;
  let headCharacters = 0;
  let preview: string | null = null;

  const inStructure = (begin: number, data: string) => {
    const parent = stack.at(-1)?.name ?? "";
    const inBody = bodyDepth > 0;
    for (const match of data.matchAll(words)) {
      const offset = begin + match.index;
      if (inBody && isTag(Number(match[1]))) {
        edits.push({ begin: offset, end: offset + match[0].length, text: `<mj-raw>${match[0]}</mj-raw>` });
      } else if (inBody) {
        problems.push({
          offset,
          code: "dropped",
          message: `${match[0]} stands directly in <${parent}>, where MJML drops it. Put it into <mj-text>.`,
        });
      } else {
        problems.push({
          offset,
          code: "dropped",
          message: `${match[0]} has no effect outside <mj-body>. Move it into the body.`,
        });
      }
    }
    const rest = data.replace(words, (word) => " ".repeat(word.length));
    const lost = rest.search(/\S/);
    if (lost >= 0 && stack.length > 0) {
      const shown = rest.trim().slice(0, 40);
      problems.push({
        offset: begin + lost,
        code: "dropped",
        message: `The text “${shown}” stands directly in <${parent}>, where MJML drops it. Put it into <mj-text>.`,
      });
    }
  };

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        tags += 1;
        const begin = parser.startIndex;
        if (contentDepth === 0)
          inspectElement(name, attributes, begin, stack.length, { problems, warnings, edits }, language);
        stack.push({ name, begin, contentBegin: parser.endIndex + 1 });
        if (stack.length === MAX_DEPTH)
          problems.push({ offset: begin, code: "too_deep", message: "Elements are nested too deeply here." });
        if (CONTENT.has(name)) contentDepth += 1;
        if (name === "mj-body") bodyDepth += 1;
      },
      onclosetag(name, implied) {
        const open = stack.pop();
        if (CONTENT.has(name)) contentDepth -= 1;
        if (name === "mj-body") bodyDepth -= 1;
        if (!open) return;
        if (REPEATED.has(name)) headCharacters += parser.endIndex - open.begin;
        if (!implied) closings.add(parser.startIndex);
        const selfClosing =
          parser.startIndex === open.begin && text.slice(open.begin, parser.endIndex + 1).endsWith("/>");
        if (implied && !selfClosing && name.startsWith("mj")) {
          problems.push({ offset: open.begin, code: "mjml", message: `<${name}> is not closed.` });
        }
        if (name === "mj-preview" && contentDepth === 0) {
          preview = implied ? "" : text.slice(open.contentBegin, parser.startIndex).trim();
          const removed = text.slice(open.begin, parser.endIndex + 1);
          edits.push({ begin: open.begin, end: parser.endIndex + 1, text: removed.replace(/[^\n]/g, "") });
        }
      },
      ontext(data) {
        if (contentDepth === 0) inStructure(parser.startIndex, data);
      },
      oncomment() {
        tags += 1;
        closings.add(parser.startIndex);
      },
    },
    // The settings of MJML's own parser, so that both see the same elements.
    { recognizeCDATA: true, decodeEntities: false, recognizeSelfClosing: true, lowerCaseAttributeNames: false },
  );
  parser.end(text);

  if (tags > MAX_TAGS) {
    problems.unshift({
      offset: 0,
      code: "too_large",
      message: `The content has ${tags} elements; at most ${MAX_TAGS} are allowed.`,
    });
  }
  if (headCharacters * tags > MAX_REPEATED_CHARACTERS) {
    const message = "The attributes and inline styles of the head are too long for so many elements.";
    problems.unshift({ offset: 0, code: "too_large", message });
  }
  const lines = text.split("\n").length;
  if (lines > MAX_LINES) {
    problems.unshift({
      offset: 0,
      code: "too_large",
      message: `The content has ${lines} lines; at most ${MAX_LINES} are allowed.`,
    });
  }
  if (tags > 0 && !/<mjml[\s>]/i.test(text)) {
    problems.unshift({ offset: 0, code: "mjml", message: "The content has to begin with <mjml>." });
  }
  problems.push(...strayClosings(text, closings));
  return { text: applyEdits(text, edits), preview, problems, warnings };
}

type Report = { problems: Finding[]; warnings: Finding[]; edits: { begin: number; end: number; text: string }[] };

function inspectElement(
  name: string,
  attributes: Record<string, string>,
  offset: number,
  depth: number,
  report: Report,
  language?: string,
): void {
  if (name === "mj-include") {
    report.problems.push({
      offset,
      code: "include",
      message: "<mj-include> is not available: nothing is loaded from files.",
    });
  }
  if (name === "mj-font" && !/^https:\/\//i.test(attributes.href ?? "")) {
    report.problems.push({ offset, code: "mjml", message: "<mj-font> needs an address that begins with https://." });
  } else if (name === "mj-font") {
    report.warnings.push({
      offset,
      code: "outside_font",
      message: "This font is loaded from another server when the mail is opened.",
    });
  }
  if (name === "mj-image" && attributes.alt === undefined) {
    report.warnings.push({
      offset,
      code: "missing_alt",
      message: 'This picture has no alternative text. Add alt="…", or alt="" when it is decoration.',
    });
  }
  if (name === "mj-social-element" && attributes.src === undefined && attributes.name !== undefined) {
    report.warnings.push({
      offset,
      code: "outside_picture",
      message: "This icon is loaded from another server. Give it a src of your own.",
    });
  }
  if (name === "mjml" && depth === 0 && language && LANGUAGE.test(language)) {
    const direction = RIGHT_TO_LEFT.test(language) ? "rtl" : "ltr";
    const lang = attributes.lang === undefined ? ` lang="${language}"` : "";
    const dir = attributes.dir === undefined ? ` dir="${direction}"` : "";
    report.edits.push({ begin: offset + 5, end: offset + 5, text: lang + dir });
  }
}

/** Closing tags that close nothing: the parser skips them silently, a person wants to know. */
function strayClosings(text: string, closings: Set<number>): Finding[] {
  const masked = replaceComments(text, (comment) => comment.replace(/[^\n]/g, " "));
  return [...masked.matchAll(/<\/(mj[\w-]*)\s*>/gi)]
    .filter((match) => !closings.has(match.index))
    .map((match) => ({ offset: match.index, code: "mjml", message: `</${match[1]}> closes nothing.` }));
}

function applyEdits(text: string, edits: { begin: number; end: number; text: string }[]): string {
  let edited = "";
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.begin - b.begin)) {
    edited += text.slice(at, edit.begin) + edit.text;
    at = edit.end;
  }
  return edited + text.slice(at);
}
