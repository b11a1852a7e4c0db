import type { Block, Column, EmailDoc, Section } from "./email-doc.ts";

/** A block with what it stands in. */
export interface PlacedBlock {
  block: Block;
  column: Column;
  section: Section;
}

/** All blocks in the order in which they are read. */
export function blocksOf(doc: EmailDoc): PlacedBlock[] {
  return doc.sections.flatMap((section) =>
    section.columns.flatMap((column) => column.blocks.map((block) => ({ block, column, section }))),
  );
}

type Plain = Record<string, unknown>;

/** Every object within a part of a document, itself included: links, merge fields and pieces of text are found by their keys. */
export function* objectsIn(value: unknown): Generator<Plain> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Plain;
  for (const inner of Object.values(value)) yield* objectsIn(inner);
}

/** A copy in which every object went through `change`, innermost first. */
export function rewritten<Part>(value: Part, change: (object: Plain) => Plain): Part {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => rewritten(inner, change)) as Part;
  const inside = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rewritten(inner, change)]));
  return change(inside) as Part;
}

/** The words that readers see in a part, without those of merge fields. */
export function wordsOf(part: unknown): string {
  const words: string[] = [];
  const visit = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) {
      for (const inner of value) typeof inner === "string" ? words.push(inner) : visit(inner);
      return;
    }
    for (const [key, inner] of Object.entries(value))
      typeof inner === "string"
        ? (key === "text" || key === "label" || key === "price") && words.push(inner)
        : key !== "visibility" && visit(inner);
  };
  visit(part);
  return words.join(" ").replace(/\s+/g, " ").trim();
}

/** The document with one block in another form, or without it. */
export function withBlock(doc: EmailDoc, id: string, change: (block: Block) => Block | null): EmailDoc {
  return {
    ...doc,
    sections: doc.sections.map((section) => ({
      ...section,
      columns: section.columns.map((column) => ({
        ...column,
        blocks: column.blocks.flatMap((block) => {
          if (block.id !== id) return [block];
          const next = change(block);
          return next ? [next] : [];
        }),
      })),
    })),
  };
}
