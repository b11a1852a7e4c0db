import { z } from "zod";

/** What a revision may weigh: larger sources are refused before anything parses them. */
export const MAX_SOURCE_BYTES = 512 * 1024;
export const MAX_SUBJECT_CHARACTERS = 500;
export const MAX_PREHEADER_CHARACTERS = 1000;
/** As many as anyone reads; finding the line of each costs a pass over the source. */
export const MAX_PROBLEMS = 20;

/**
 * An immutable piece of content as it is stored. `v` is the version of the format of that kind, so that old
 * revisions can be carried forward. `doc` is a document of the editor (doc/email-doc.ts) as JSON, with a version of its own
 * inside. The kind `html` is known by name but refused by compileContent.
 */
export const contentSource = z.strictObject({
  kind: z.enum(["mjml", "html", "doc"]),
  v: z.literal(1),
  source: z.string(),
});
export type ContentSource = z.infer<typeof contentSource>;

export type ProblemWhere = "content" | "subject" | "preheader";

/**
 * Something that keeps content from being sent. `line` and `column` count from 1 in the source of `where`; in a document
 * of the editor it is `part` that says where: the id of a section, a column or a block, or "footer".
 */
export type ContentProblem = {
  where: ProblemWhere;
  code: string;
  message: string;
  line?: number;
  column?: number;
  part?: string;
};

/** Something worth a look that does not keep content from being sent. */
export type ContentWarning = { code: string; message: string; line?: number; part?: string };

/** Thrown inside the room and turned into a list of problems at its door. */
export class ContentError extends Error {
  readonly problems: ContentProblem[];
  constructor(problems: ContentProblem[]) {
    super(problems[0]?.message ?? "The content has a problem.");
    this.name = "ContentError";
    this.problems = problems;
  }
}

/** Line and column (from 1) of an offset in a text. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}
