import { checkSource } from "./content-input.ts";
import { emitDoc } from "./doc/emit.ts";
import { readDoc } from "./doc/read-doc.ts";
import { findActiveContent } from "./html-safety.ts";
import { compileMjml } from "./mjml.ts";
import { previewDocument } from "./preview.ts";
import { ContentError, type ContentProblem } from "./revision.ts";

export type Canvas = { ok: true; html: string } | { ok: false; problems: ContentProblem[] };

/**
 * The document as the editor shows it: the real mail, with fields as chips, nothing hidden by rules, and each part in a
 * class of its own (`b-<id>`). For a frame that forbids scripts. Problems are a value.
 */
export async function compileCanvas(source: string, language: string): Promise<Canvas> {
  try {
    checkSource({ kind: "doc", v: 1, source });
    const { mjml, partOfLine } = emitDoc(readDoc(source), "canvas");
    const compiled = await compileMjml(mjml, { language, strict: false });
    const active = findActiveContent(compiled, mjml);
    if (active.length > 0) {
      const problems = active.map(({ line, column: _column, ...problem }) => {
        const part = line === undefined ? null : partOfLine(line);
        return { ...problem, ...(part === null ? {} : { part }) };
      });
      return { ok: false, problems };
    }
    return { ok: true, html: previewDocument(compiled.restore(compiled.html), "light") };
  } catch (error) {
    if (error instanceof ContentError) return { ok: false, problems: error.problems };
    throw error;
  }
}
