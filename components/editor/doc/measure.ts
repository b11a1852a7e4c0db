import type { BlockPlace } from "#lib/content/doc/edit.ts";
import type { EmailDoc } from "#lib/content/doc/email-doc.ts";

export interface Box {
  top: number;
  left: number;
  width: number;
  height: number;
}
export type Boxes = ReadonlyMap<string, Box>;

/** Where each part of the document stands in the canvas; a part that is made of several pieces is one box around them. */
export function measureParts(inside: Document, doc: EmailDoc): Boxes {
  const boxes = new Map<string, Box>();
  const ids = doc.sections.flatMap(({ id, columns }) => [
    id,
    ...columns.flatMap((column) => [column.id, ...column.blocks.map((block) => block.id)]),
  ]);
  for (const id of [...ids, "footer"]) {
    const rects = [...inside.getElementsByClassName(`b-${id}`)]
      .map((element) => element.getBoundingClientRect())
      .filter(({ width, height }) => width > 0 && height > 0);
    if (rects.length === 0) continue;
    const left = Math.min(...rects.map((rect) => rect.left));
    const top = Math.min(...rects.map((rect) => rect.top));
    boxes.set(id, {
      left,
      top,
      width: Math.max(...rects.map((rect) => rect.right)) - left,
      height: Math.max(...rects.map((rect) => rect.bottom)) - top,
    });
  }
  return boxes;
}

/** Where a block would go that is let go at a point of the canvas, and the line that shows it. */
export function blockPlaceAt(
  doc: EmailDoc,
  boxes: Boxes,
  x: number,
  y: number,
): { place: BlockPlace; line: Box } | null {
  let nearest: { distance: number; place: BlockPlace; line: Box } | null = null;
  for (const column of doc.sections.flatMap((section) => section.columns)) {
    const around = boxes.get(column.id);
    if (!around) continue;
    const aside = Math.max(around.left - x, 0, x - around.left - around.width);
    const tops = column.blocks.map((block) => boxes.get(block.id));
    for (let at = 0; at <= tops.length; at++) {
      const before = tops[at - 1];
      const after = tops[at];
      const top = after?.top ?? (before ? before.top + before.height : around.top + around.height / 2);
      const distance = Math.abs(top - y) + aside * 2;
      if (nearest === null || distance < nearest.distance)
        nearest = {
          distance,
          place: { columnId: column.id, at },
          line: { left: around.left, width: around.width, top, height: 0 },
        };
    }
  }
  return nearest;
}

/** The same for a section. */
export function sectionPlaceAt(doc: EmailDoc, boxes: Boxes, y: number): { at: number; line: Box } | null {
  let nearest: { distance: number; at: number; line: Box } | null = null;
  const around = boxes.get("footer");
  const ends = [...doc.sections.map((section) => boxes.get(section.id)), around];
  for (const [at, box] of ends.entries()) {
    if (!box) continue;
    const distance = Math.abs(box.top - y);
    if (nearest === null || distance < nearest.distance)
      nearest = { distance, at, line: { left: box.left, width: box.width, top: box.top, height: 0 } };
  }
  return nearest;
}
