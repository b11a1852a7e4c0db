"use client";

import {
  type DragEndEvent,
  type DragMoveEvent,
  type DragStartEvent,
  PointerSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { type RefObject, useEffect, useRef, useState } from "react";
import type { BlockPlace } from "#lib/content/doc/edit.ts";
import type { BlockType, EmailDoc } from "#lib/content/doc/email-doc.ts";
import { type Box, type Boxes, blockPlaceAt, sectionPlaceAt } from "./measure.ts";

export type Dragged =
  | { kind: "new-block"; type: BlockType }
  | { kind: "new-section"; ratio: readonly number[] }
  | { kind: "block"; id: string }
  | { kind: "section"; id: string };

export type Drop =
  | { dragged: Extract<Dragged, { kind: "new-block" | "block" }>; place: BlockPlace }
  | { dragged: Extract<Dragged, { kind: "new-section" | "section" }>; at: number };

/** Dragging over the canvas, behind one door: what is dragged, the line where it would go, and where it was let go. */
export function useCanvasDrag(
  canvas: RefObject<HTMLElement | null>,
  doc: EmailDoc,
  boxes: Boxes,
  onDrop: (drop: Drop) => void,
) {
  const [dragging, setDragging] = useState<Dragged | null>(null);
  const [line, setLine] = useState<Box | null>(null);
  // A press stays a press until the pointer has moved.
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 6 } }));

  const pointer = useRef({ x: 0, y: 0 });
  useEffect(() => {
    // dnd-kit tells how far something was dragged, not where the pointer is once the page has scrolled meanwhile.
    const follow = ({ clientX, clientY }: PointerEvent) => {
      pointer.current = { x: clientX, y: clientY };
    };
    window.addEventListener("pointermove", follow, { capture: true, passive: true });
    return () => window.removeEventListener("pointermove", follow, { capture: true });
  }, []);

  function aim({ active }: DragMoveEvent | DragEndEvent): { drop: Drop; line: Box } | null {
    const around = canvas.current?.getBoundingClientRect();
    if (!around) return null;
    const x = pointer.current.x - around.left;
    const y = pointer.current.y - around.top;
    if (x < 0 || x > around.width || y < -40 || y > around.height + 40) return null;
    const dragged = active.data.current as Dragged;
    if (dragged.kind === "block" || dragged.kind === "new-block") {
      const found = blockPlaceAt(doc, boxes, x, y);
      return found && { drop: { dragged, place: found.place }, line: found.line };
    }
    const found = sectionPlaceAt(doc, boxes, y);
    return found && { drop: { dragged, at: found.at }, line: found.line };
  }

  function stop() {
    setDragging(null);
    setLine(null);
  }

  return {
    dragging,
    line,
    handlers: {
      sensors,
      onDragStart: ({ active }: DragStartEvent) => setDragging(active.data.current as Dragged),
      onDragMove: (event: DragMoveEvent) => setLine(aim(event)?.line ?? null),
      onDragCancel: stop,
      onDragEnd: (event: DragEndEvent) => {
        const aimed = aim(event);
        stop();
        if (aimed) onDrop(aimed.drop);
      },
    },
  };
}
