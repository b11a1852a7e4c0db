import { readMjmlOutline } from "./mjml-outline.ts";
import { createPlaceholders } from "./placeholders.ts";
import { ContentError, type ContentProblem, type ContentWarning, MAX_PROBLEMS, positionAt } from "./revision.ts";
import { type LiquidNode, readTree } from "./template-tree.ts";

/** MJML compiled to HTML in which words still stand for the pieces of Liquid; `restore` puts those back unchanged. */
export type CompiledMjml = {
  html: string;
  restore(text: string): string;
  /** The words' pattern; group 1 is the index into `pieces`. */
  pattern: RegExp;
  /** Text of an mj-preview with Liquid restored, or null when there is none. */
  preview: string | null;
  warnings: ContentWarning[];
};

export type MjmlSettings = { language?: string | undefined; strict: boolean };

/**
 * Compiles MJML that holds Liquid. Conditions between MJML tags, which MJML itself drops without a word, are carried
 * through; anything else that MJML would drop is refused. Throws ContentError with lines of the source.
 */
export async function compileMjml(source: string, settings: MjmlSettings): Promise<CompiledMjml> {
  const guarded = guardLiquid(source);
  const { restore } = guarded;
  const outline = readMjmlOutline(guarded.text, guarded.pattern, guarded.isTag, settings.language);
  const asProblem = (found: { offset: number; code: string; message: string }): ContentProblem => ({
    where: "content",
    code: found.code,
    message: restore(found.message),
    ...positionAt(source, guarded.inSource(found.offset)),
  });
  if (outline.problems.length > 0) throw new ContentError(outline.problems.slice(0, MAX_PROBLEMS).map(asProblem));

  const lineStarts = [0, ...[...guarded.text.matchAll(/\n/g)].map((match) => match.index + 1)];
  const sourceLine = (line: number) => positionAt(source, guarded.inSource(lineStarts[line - 1] ?? 0)).line;
  const { html, errors } = await runMjml(outline.text);
  const found = errors.slice(0, MAX_PROBLEMS).map(
    (error): ContentProblem => ({
      where: "content",
      code: "mjml",
      message: `${restore(error.message.trim())} (<${error.tagName}>).`,
      line: sourceLine(error.line),
    }),
  );
  if (settings.strict && found.length > 0) throw new ContentError(found);
  const warnings: ContentWarning[] = outline.warnings.slice(0, MAX_PROBLEMS).map((warning) => {
    const { code, message, line } = asProblem(warning);
    return { code, message, ...(line === undefined ? {} : { line }) };
  });
  const preview = outline.preview === null ? null : restore(outline.preview);
  return {
    html: tightenWhitespace(html),
    restore,
    pattern: guarded.pattern,
    preview,
    warnings: [...found, ...warnings],
  };
}

type MjmlError = { line: number; message: string; tagName: string };

async function runMjml(text: string): Promise<{ html: string; errors: MjmlError[] }> {
  // Half a second and 100 MB that a process which compiles nothing does not need.
  const { default: mjml2html } = await import("mjml");
  try {
    // No Google Fonts, no files, nothing from the working directory.
    const result = await mjml2html(text, {
      validationLevel: "soft",
      fonts: {},
      ignoreIncludes: true,
      keepComments: true,
      minify: false,
      beautify: false,
      useMjmlConfigOptions: false,
    });
    return { html: result.html, errors: result.errors };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "MJML could not read this.";
    throw new ContentError([{ where: "content", code: "mjml", message, line: 1, column: 1 }]);
  }
}

/** MJML indents its output by a third of its weight; nothing in a mail depends on it except preformatted text. */
function tightenWhitespace(html: string): string {
  if (/<pre[\s>]|<textarea[\s>]|white-space:\s*(?:pre|break-spaces)/i.test(html)) return html;
  return html
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
}

type Guarded = {
  text: string;
  pattern: RegExp;
  restore(text: string): string;
  isTag(index: number): boolean;
  inSource(offset: number): number;
};

function guardLiquid(source: string): Guarded {
  const placeholders = createPlaceholders("m", source);
  const pieces: { text: string; isTag: boolean }[] = [];
  const shifts: { from: number; by: number }[] = [];
  let text = "";
  let at = 0;
  const guard = (begin: number, end: number, kind: "tag" | "output" | "comment") => {
    text += source.slice(at, begin);
    if (kind !== "comment")
      text += placeholders.word(pieces.push({ text: source.slice(begin, end), isTag: kind === "tag" }) - 1);
    at = end;
    shifts.push({ from: text.length, by: end - text.length });
  };
  const visit = (nodes: LiquidNode[]) => {
    for (const node of nodes) {
      if (node.type === "block") {
        for (const branch of node.branches) {
          guard(branch.begin, branch.end, "tag");
          visit(branch.children);
        }
        guard(node.closing.begin, node.closing.end, "tag");
      } else if (node.type !== "text") guard(node.begin, node.end, node.type);
    }
  };
  visit(readTree(source));
  text += source.slice(at);
  return {
    text,
    pattern: placeholders.pattern,
    restore: (value) => value.replace(placeholders.pattern, (_word, index) => pieces[Number(index)]?.text ?? ""),
    isTag: (index) => pieces[index]?.isTag ?? false,
    inSource: (offset) => Math.max(0, offset + (shifts.findLast((shift) => shift.from <= offset)?.by ?? 0)),
  };
}
