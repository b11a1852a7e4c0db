import { checkVariables } from "./fields.ts";
import {
  ContentError,
  type ContentProblem,
  type ContentSource,
  MAX_PREHEADER_CHARACTERS,
  MAX_SOURCE_BYTES,
  MAX_SUBJECT_CHARACTERS,
  type ProblemWhere,
  positionAt,
} from "./revision.ts";
import { readTree } from "./template-tree.ts";

/** A document grows when it becomes MJML. */
const MAX_MJML_CHARACTERS = 4 * MAX_SOURCE_BYTES;

/** What compileContent works on. `subject` and `preheader` are Liquid templates of one line each. */
export type ContentInput = {
  source: ContentSource;
  subject: string;
  preheader: string;
  /** BCP 47, for screen readers and the direction of writing; a lang attribute in the source wins. */
  language?: string;
  /** Plain text for the <title>; the subject when left out. */
  title?: string;
  /** While someone is typing: MJML's own complaints become warnings, so the preview goes on. */
  lenient?: boolean;
};

/** Refuses content that no parser should see. Throws ContentError. */
export function checkSource({ kind, source }: ContentSource): void {
  if (kind === "html") throw refused("unsupported_kind", `Content of the kind ${kind} is not supported.`);
  if (source.length > MAX_SOURCE_BYTES || Buffer.byteLength(source) > MAX_SOURCE_BYTES) {
    throw refused("too_large", `The content is larger than ${MAX_SOURCE_BYTES / 1024} KB.`);
  }
  if (source.trim() === "") throw refused("empty", "The content is empty.");
}

/**
 * Faults of the templates by themselves, where their positions are exact: the content as MJML, subject and preheader.
 * Throws ContentError with everything it found.
 */
export function checkTemplates(mjml: string, { subject, preheader }: ContentInput): void {
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
  check(mjml, "content", MAX_MJML_CHARACTERS);
  check(subject, "subject", MAX_SUBJECT_CHARACTERS);
  check(preheader, "preheader", MAX_PREHEADER_CHARACTERS);
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

/** A problem of the content as a whole. */
export function refused(code: string, message: string): ContentError {
  return new ContentError([{ where: "content", code, message }]);
}
