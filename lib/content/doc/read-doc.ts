import { refused } from "../content-input.ts";
import { ContentError } from "../revision.ts";
import { DOC_VERSION, type EmailDoc, emailDoc } from "./email-doc.ts";

/** Carries a document of version n to n + 1; none is needed yet. */
const steps: ReadonlyArray<(older: Record<string, unknown>) => Record<string, unknown>> = [];

/**
 * Reads a stored document of any version up to today's. Throws ContentError: `newer_version` for one that a later
 * Posthorn wrote (it is left as it is), `bad_document` with the place for anything that is no document.
 */
export function readDoc(source: string): EmailDoc {
  let stored: unknown;
  try {
    stored = JSON.parse(source);
  } catch {
    throw refused("bad_document", "This is no document of the editor.");
  }
  if (typeof stored !== "object" || stored === null || Array.isArray(stored))
    throw refused("bad_document", "This is no document of the editor.");
  let doc = stored as Record<string, unknown>;
  const version = doc.v;
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1)
    throw refused("bad_document", "This is no document of the editor.");
  if (version > DOC_VERSION)
    throw refused("newer_version", "A newer version of Posthorn wrote this. Bring this one up to date to edit it.");
  for (const step of steps.slice(version - 1)) doc = step(doc);
  const parsed = emailDoc.safeParse(doc);
  if (parsed.success) return parsed.data;
  throw new ContentError(
    parsed.error.issues.slice(0, 20).map((issue) => ({
      where: "content",
      code: "bad_document",
      message: `${issue.path.join(".") || "The document"}: ${issue.message}`,
      ...partAt(doc, issue.path),
    })),
  );
}

/** The innermost thing with an id on the way to a place. */
function partAt(doc: unknown, path: readonly PropertyKey[]): { part: string } | Record<string, never> {
  let here: unknown = doc;
  let part: string | null = null;
  for (const step of path) {
    if (typeof here !== "object" || here === null) break;
    here = (here as Record<PropertyKey, unknown>)[step];
    const found = (here as { id?: unknown } | null | undefined)?.id;
    if (typeof found === "string") part = found;
  }
  return part === null ? {} : { part };
}
