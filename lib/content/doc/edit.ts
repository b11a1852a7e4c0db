import type { Block, Column, EmailDoc, Section } from "./email-doc.ts";
import { MAX_BLOCKS, MAX_COLUMN_BLOCKS, MAX_SECTIONS } from "./limits.ts";

/*
 * What can be done to a document. Pure: each gives a new document that shares what did not change, and gives the very
 * same one back when there is nothing to do or no room for more.
 */

/** A part of a document, and where it stands. */
export type FoundPart =
  | { kind: "section"; section: Section; at: number }
  | { kind: "column"; section: Section; sectionAt: number; column: Column; at: number }
  | { kind: "block"; section: Section; sectionAt: number; column: Column; block: Block; at: number };

/** Where a block goes: before the one that stands at that place of the column. */
export interface BlockPlace {
  columnId: string;
  at: number;
}

export type MakeId = () => string;

/** A new name for a part. */
export const newId: MakeId = () => crypto.randomUUID().replaceAll("-", "").slice(0, 12);

/** The part of that id, or null. */
export function findPart(doc: EmailDoc, id: string): FoundPart | null {
  for (const [sectionAt, section] of doc.sections.entries()) {
    if (section.id === id) return { kind: "section", section, at: sectionAt };
    for (const [columnAt, column] of section.columns.entries()) {
      if (column.id === id) return { kind: "column", section, sectionAt, column, at: columnAt };
      const at = column.blocks.findIndex((block) => block.id === id);
      const block = column.blocks[at];
      if (block) return { kind: "block", section, sectionAt, column, block, at };
    }
  }
  return null;
}

/** How many blocks there are. */
export function countBlocks(doc: EmailDoc): number {
  return doc.sections.reduce(
    (sum, { columns }) => sum + columns.reduce((own, { blocks }) => own + blocks.length, 0),
    0,
  );
}

function withColumns(doc: EmailDoc, change: (column: Column) => Column): EmailDoc {
  let changed = false;
  const sections = doc.sections.map((section) => {
    const columns = section.columns.map(change);
    if (columns.every((column, at) => column === section.columns[at])) return section;
    changed = true;
    return { ...section, columns };
  });
  return changed ? { ...doc, sections } : doc;
}

function insertAt<Item>(items: readonly Item[], at: number, item: Item): Item[] {
  return items.toSpliced(Math.max(0, Math.min(at, items.length)), 0, item);
}

/** Puts a block into a column. */
export function insertBlock(doc: EmailDoc, block: Block, { columnId, at }: BlockPlace): EmailDoc {
  if (countBlocks(doc) >= MAX_BLOCKS || findPart(doc, block.id)) return doc;
  return withColumns(doc, (column) =>
    column.id === columnId && column.blocks.length < MAX_COLUMN_BLOCKS
      ? { ...column, blocks: insertAt(column.blocks, at, block) }
      : column,
  );
}

/** Puts a section before the one at that place. */
export function insertSection(doc: EmailDoc, section: Section, at: number): EmailDoc {
  const blocks = section.columns.reduce((sum, column) => sum + column.blocks.length, 0);
  if (doc.sections.length >= MAX_SECTIONS || countBlocks(doc) + blocks > MAX_BLOCKS) return doc;
  return { ...doc, sections: insertAt(doc.sections, at, section) };
}

/** Takes a part out. With its last column a section goes as a whole. */
export function removePart(doc: EmailDoc, id: string): EmailDoc {
  const found = findPart(doc, id);
  if (found === null) return doc;
  if (found.kind === "block")
    return withColumns(doc, (column) =>
      column === found.column ? { ...column, blocks: column.blocks.toSpliced(found.at, 1) } : column,
    );
  if (found.kind === "section" || found.section.columns.length === 1)
    return { ...doc, sections: doc.sections.filter((section) => section !== found.section) };
  const { section, at } = found;
  return replaceSection(doc, {
    ...section,
    ratio: section.ratio.toSpliced(at, 1),
    columns: section.columns.toSpliced(at, 1),
  });
}

function replaceSection(doc: EmailDoc, section: Section): EmailDoc {
  return { ...doc, sections: doc.sections.map((one) => (one.id === section.id ? section : one)) };
}

/** Moves a block to a place as it is before the move. */
export function moveBlock(doc: EmailDoc, id: string, place: BlockPlace): EmailDoc {
  const found = findPart(doc, id);
  if (found?.kind !== "block") return doc;
  const isSame = found.column.id === place.columnId;
  if (isSame && (place.at === found.at || place.at === found.at + 1)) return doc;
  const at = isSame && place.at > found.at ? place.at - 1 : place.at;
  const without = removePart(doc, id);
  const moved = insertBlock(without, found.block, { columnId: place.columnId, at });
  return moved === without ? doc : moved;
}

/** Moves a section to a place as it is before the move. */
export function moveSection(doc: EmailDoc, id: string, place: number): EmailDoc {
  const found = findPart(doc, id);
  if (found?.kind !== "section" || place === found.at || place === found.at + 1) return doc;
  const without = doc.sections.toSpliced(found.at, 1);
  return { ...doc, sections: insertAt(without, place > found.at ? place - 1 : place, found.section) };
}

/** One step up or down: a block goes on into the neighbouring column or section, a column changes places with its neighbour. */
export function stepPart(doc: EmailDoc, id: string, step: -1 | 1): EmailDoc {
  const found = findPart(doc, id);
  if (found === null) return doc;
  if (found.kind === "section") {
    const to = found.at + step;
    return to < 0 || to >= doc.sections.length ? doc : moveSection(doc, id, step > 0 ? to + 1 : to);
  }
  if (found.kind === "column") {
    const to = found.at + step;
    if (to < 0 || to >= found.section.columns.length) return doc;
    const swap = <Item>(items: readonly Item[]) => insertAt(items.toSpliced(found.at, 1), to, items[found.at] as Item);
    const { section } = found;
    return replaceSection(doc, { ...section, ratio: swap(section.ratio), columns: swap(section.columns) });
  }
  const within = found.at + step;
  if (within >= 0 && within < found.column.blocks.length)
    return moveBlock(doc, id, { columnId: found.column.id, at: step > 0 ? within + 1 : within });
  const columns = doc.sections.flatMap((section) => section.columns);
  const next = columns[columns.findIndex((column) => column.id === found.column.id) + step];
  return next ? moveBlock(doc, id, { columnId: next.id, at: step > 0 ? 0 : next.blocks.length }) : doc;
}

/** Puts a copy behind a block or a section, with names of its own. A column is copied with its section only. */
export function duplicatePart(doc: EmailDoc, id: string, makeId: MakeId = newId): { doc: EmailDoc; id: string } {
  const found = findPart(doc, id);
  if (found === null || found.kind === "column") return { doc, id };
  if (found.kind === "block") {
    const copy = { ...found.block, id: makeId() };
    const after = insertBlock(doc, copy, { columnId: found.column.id, at: found.at + 1 });
    return after === doc ? { doc, id } : { doc: after, id: copy.id };
  }
  const copy: Section = {
    ...found.section,
    id: makeId(),
    columns: found.section.columns.map((column) => ({
      ...column,
      id: makeId(),
      blocks: column.blocks.map((block) => ({ ...block, id: makeId() })),
    })),
  };
  const after = insertSection(doc, copy, found.at + 1);
  return after === doc ? { doc, id } : { doc: after, id: copy.id };
}

/** Changes of a part's own values; one that is undefined is taken away. */
export type Changes<Part> = { [Key in keyof Part]?: Part[Key] | undefined };

/** A thing with changes; what is undefined is taken away, as the schema wants it. */
export function changed<Part extends object>(part: Part, changes: object): Part {
  const next = { ...part, ...changes };
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as Part;
}

export function updateBlock(doc: EmailDoc, id: string, changes: object): EmailDoc {
  const found = findPart(doc, id);
  if (found?.kind !== "block") return doc;
  const block = changed(found.block, changes);
  return withColumns(doc, (column) =>
    column === found.column ? { ...column, blocks: column.blocks.with(found.at, block) } : column,
  );
}

export function updateColumn(doc: EmailDoc, id: string, changes: Changes<Omit<Column, "id" | "blocks">>): EmailDoc {
  return withColumns(doc, (column) => (column.id === id ? changed(column, changes) : column));
}

export function updateSection(
  doc: EmailDoc,
  id: string,
  changes: Changes<Omit<Section, "id" | "columns" | "ratio">>,
): EmailDoc {
  const found = findPart(doc, id);
  return found?.kind === "section" ? replaceSection(doc, changed(found.section, changes)) : doc;
}

/** Gives a section other columns. What stood in those that are gone goes to the end of the last one that stays. */
export function setRatio(doc: EmailDoc, id: string, ratio: readonly number[], makeId: MakeId = newId): EmailDoc {
  const found = findPart(doc, id);
  if (found?.kind !== "section" || ratio.length === 0) return doc;
  const kept = found.section.columns.slice(0, ratio.length);
  const homeless = found.section.columns.slice(ratio.length).flatMap((column) => column.blocks);
  const last = kept.at(-1);
  if (!last || last.blocks.length + homeless.length > MAX_COLUMN_BLOCKS) return doc;
  const columns = kept.with(-1, homeless.length > 0 ? { ...last, blocks: [...last.blocks, ...homeless] } : last);
  while (columns.length < ratio.length) columns.push({ id: makeId(), blocks: [] });
  return replaceSection(doc, { ...found.section, ratio: [...ratio], columns });
}

/** Where something new goes: behind what is selected, else at the end of the mail; null where there is no column yet. */
export function placeAfter(doc: EmailDoc, selected: string | null): BlockPlace | null {
  const found = selected === null ? null : findPart(doc, selected);
  if (found?.kind === "block") return { columnId: found.column.id, at: found.at + 1 };
  const column = found?.kind === "column" ? found.column : (found?.section ?? doc.sections.at(-1))?.columns.at(-1);
  return column ? { columnId: column.id, at: column.blocks.length } : null;
}

/** Where a new section goes: behind the one that is selected or holds what is selected, else at the end. */
export function sectionPlaceAfter(doc: EmailDoc, selected: string | null): number {
  const found = selected === null ? null : findPart(doc, selected);
  if (found === null) return doc.sections.length;
  return (found.kind === "section" ? found.at : found.sectionAt) + 1;
}
