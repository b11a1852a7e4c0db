"use client";

import { useDraggable } from "@dnd-kit/core";
import { ArrowDown, ArrowUp, Copy, GripVertical, Settings2, Trash2, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef } from "react";
import { cn } from "#components/ui/cn.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { EmailDoc } from "#lib/content/doc/email-doc.ts";
import { type Box, type Boxes, measureParts } from "./measure.ts";

export type PartAction = "up" | "down" | "duplicate" | "remove" | "settings";

interface CanvasProps {
  area: RefObject<HTMLDivElement | null>;
  doc: EmailDoc;
  html: string;
  boxes: Boxes;
  onMeasured: (boxes: Boxes) => void;
  selected: string | null;
  onSelect: (id: string) => void;
  onAction: (id: string, action: PartAction) => void;
  onKey: (event: KeyboardEvent, id: string) => void;
  dropLine: Box | null;
  dragging: boolean;
  problemParts: ReadonlySet<string>;
  nameOf: (id: string) => string;
  phone: boolean;
}

/** Looks of the canvas only: empty places take room, and what is hidden somewhere is pale instead. */
const canvasStyle = (emptyColumns: readonly string[]) => `
html, body { overflow: hidden !important; }
html .hide-phone, html .hide-desktop { display: revert !important; opacity: 0.4; }
img[src=""] { min-height: 120px; background: #dfe5e2; outline: 1px dashed #8b9892; outline-offset: -8px; }
[data-tag] { background: #dceee6; color: #10402f; border-radius: 4px; padding: 0 4px; }
${emptyColumns.map((id) => `.b-${id} { min-height: 72px; outline: 1px dashed #8b9892; outline-offset: -6px; }`).join("\n")}`;

/**
 * The real mail in a frame that runs nothing, and above it a button for each part, measured from the mail. The buttons
 * carry outline, name, focus and drag; the mail itself is never touched.
 */
export function Canvas(props: CanvasProps) {
  const { area, doc, html, boxes, onMeasured, selected, dropLine, dragging, phone } = props;
  const t = useTranslations("editorDoc");
  const frame = useRef<HTMLIFrameElement>(null);
  const latest = useRef({ html, doc, onMeasured });
  latest.current = { html, doc, onMeasured };

  const measure = useCallback(() => {
    const inside = frame.current?.contentDocument;
    if (!frame.current || !inside?.body) return;
    frame.current.style.height = `${Math.max(240, inside.body.scrollHeight)}px`;
    latest.current.onMeasured(measureParts(inside, latest.current.doc));
  }, []);

  const show = useCallback(() => {
    const inside = frame.current?.contentDocument;
    if (!inside?.documentElement || inside.URL === "about:blank" || latest.current.html === "") return;
    const mail = new DOMParser().parseFromString(latest.current.html, "text/html");
    const style = mail.createElement("style");
    const empty = latest.current.doc.sections.flatMap(({ columns }) => columns.filter((c) => c.blocks.length === 0));
    style.textContent = canvasStyle(empty.map(({ id }) => id));
    mail.head.append(style);
    inside.replaceChild(inside.adoptNode(mail.documentElement), inside.documentElement);
    for (const image of inside.images) image.addEventListener("load", measure);
    measure();
  }, [measure]);

  useEffect(() => {
    if (html !== "") show();
  }, [html, show]);

  useEffect(() => {
    if (!frame.current) return;
    const observer = new ResizeObserver(measure);
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [measure]);

  const box = boxes.get(selected ?? "");
  return (
    <div ref={area} className={cn("relative mx-auto", phone ? "max-w-[375px]" : "max-w-[860px]")}>
      <iframe
        ref={frame}
        title={t("canvas")}
        src="/api/previews/frame"
        sandbox="allow-same-origin"
        referrerPolicy="no-referrer"
        tabIndex={-1}
        onLoad={show}
        className={cn("block min-h-60 w-full bg-white", dragging && "pointer-events-none")}
      />
      <ul aria-label={t("parts")} className="absolute inset-0 overflow-hidden">
        {doc.sections.map((section) => (
          <li key={section.id}>
            <PartBox {...props} id={section.id} kind="section" />
            <ul>
              {section.columns.map((column) =>
                column.blocks.length === 0 || column.id === selected ? (
                  <li key={column.id}>
                    <PartBox {...props} id={column.id} kind="column" />
                  </li>
                ) : null,
              )}
              {section.columns.flatMap((column) =>
                column.blocks.map((block) => (
                  <li key={block.id}>
                    <PartBox {...props} id={block.id} kind="block" />
                  </li>
                )),
              )}
            </ul>
          </li>
        ))}
        <li>
          <PartBox {...props} id="footer" kind="footer" />
        </li>
      </ul>
      {box && selected && selected !== "footer" && !dragging && <Toolbar {...props} id={selected} box={box} />}
      {dropLine && (
        <div
          aria-hidden="true"
          data-drop-line
          className="pointer-events-none absolute z-20 h-1 -translate-y-1/2 rounded-full bg-accent"
          style={{ left: dropLine.left, width: dropLine.width, top: dropLine.top }}
        />
      )}
    </div>
  );
}

type PartKind = "section" | "column" | "block" | "footer";

function PartBox({
  id,
  kind,
  boxes,
  selected,
  onSelect,
  onKey,
  problemParts,
  nameOf,
}: CanvasProps & { id: string; kind: PartKind }) {
  const t = useTranslations("editorDoc");
  const box = boxes.get(id);
  const canDrag = kind === "block" || kind === "section";
  const { setNodeRef, listeners } = useDraggable({ id, data: { kind, id }, disabled: !canDrag });
  if (!box) return null;
  const hasProblem = problemParts.has(id);
  return (
    <button
      ref={setNodeRef}
      type="button"
      data-part={id}
      data-kind={kind}
      aria-pressed={selected === id}
      aria-label={hasProblem ? `${nameOf(id)}. ${t("hasProblem")}` : nameOf(id)}
      onClick={() => onSelect(id)}
      onKeyDown={(event) => onKey(event, id)}
      {...(canDrag ? { onPointerDown: listeners?.onPointerDown as never } : {})}
      style={{ top: box.top, left: box.left, width: box.width, height: box.height }}
      className={cn(
        "absolute rounded-xs outline-offset-[-2px] outline-accent hover:outline-2 focus-visible:outline-2",
        selected === id && "outline-2",
        hasProblem && selected !== id && "outline-2 outline-danger",
        kind === "section" && "hover:outline-dashed",
      )}
    >
      {hasProblem && (
        <TriangleAlert
          aria-hidden="true"
          className="absolute top-1 right-1 size-5 rounded-sm bg-white p-0.5 text-[#b42318]"
        />
      )}
    </button>
  );
}

function Toolbar({ id, box, nameOf, onAction, area }: CanvasProps & { id: string; box: Box }) {
  const t = useTranslations("editorDoc");
  const width = area.current?.clientWidth ?? 0;
  return (
    <div
      role="toolbar"
      aria-label={t("toolbar", { what: nameOf(id) })}
      style={{ top: Math.max(0, box.top - 38), right: Math.max(0, width - box.left - box.width) }}
      className="absolute z-10 flex items-center rounded-lg border border-line bg-raised p-0.5 shadow-lg"
    >
      <GripVertical aria-hidden="true" className="mx-0.5 size-4 text-muted max-sm:hidden" />
      {(
        [
          ["up", ArrowUp],
          ["down", ArrowDown],
          ["duplicate", Copy],
          ["settings", Settings2],
          ["remove", Trash2],
        ] as const
      ).map(([action, Icon]) => (
        <IconButton key={action} size="sm" label={t(`actions.${action}`)} onClick={() => onAction(id, action)}>
          <Icon aria-hidden="true" />
        </IconButton>
      ))}
    </div>
  );
}
