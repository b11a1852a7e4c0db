"use client";

import { useTranslations } from "next-intl";
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { type Bounds, moved, type Part, resized } from "./crop-geometry.ts";

interface CropAreaProps {
  src: string;
  bounds: Bounds;
  part: Part;
  ratio: number | null;
  onChange: (part: Part) => void;
}

const arrows: Record<string, { x: number; y: number }> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The picture with the part to keep on it: dragged, pulled by its corner, or moved and sized with arrow keys. */
export function CropArea({ src, bounds, part, ratio, onChange }: CropAreaProps) {
  const t = useTranslations("media");
  const frame = useRef<HTMLDivElement>(null);
  const grip = useRef<{ x: number; y: number; part: Part; isCorner: boolean } | null>(null);

  function press(event: KeyboardEvent) {
    const arrow = arrows[event.key];
    if (!arrow) return;
    event.preventDefault();
    // A hundredth of the picture a press; with Alt, one pixel.
    const step = event.altKey ? 1 : Math.max(1, Math.round(bounds.width / 100));
    const by = { x: arrow.x * step, y: arrow.y * step };
    if (!event.shiftKey) return onChange(moved(part, by, bounds));
    const wider = ratio === null ? by.x : by.x + by.y;
    onChange(resized(part, { width: part.width + wider, height: part.height + by.y }, bounds, ratio));
  }

  function take(event: PointerEvent, isCorner: boolean) {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = { x: event.clientX, y: event.clientY, part, isCorner };
  }

  function pull(event: PointerEvent) {
    const held = grip.current;
    const shown = frame.current?.getBoundingClientRect();
    if (!held || !shown) return;
    event.stopPropagation();
    const scale = bounds.width / shown.width;
    const by = { x: (event.clientX - held.x) * scale, y: (event.clientY - held.y) * scale };
    const size = { width: held.part.width + by.x, height: held.part.height + by.y };
    onChange(held.isCorner ? resized(held.part, size, bounds, ratio) : moved(held.part, by, bounds));
  }

  const release = () => {
    grip.current = null;
  };

  const across = (pixels: number) => `${(pixels / bounds.width) * 100}%`;
  const down = (pixels: number) => `${(pixels / bounds.height) * 100}%`;
  return (
    <div className="grid place-items-center rounded-lg bg-sunken p-3">
      <div ref={frame} className="relative max-w-full touch-none overflow-hidden select-none">
        {/* biome-ignore lint/performance/noImgElement: the picture already has the size it needs, and no other size of it exists. */}
        <img src={src} alt="" draggable={false} className="block max-h-[46dvh] max-w-full" />
        <button
          type="button"
          aria-label={t("cropArea", { ...part })}
          onKeyDown={press}
          onPointerDown={(event) => take(event, false)}
          onPointerMove={pull}
          onPointerUp={release}
          onPointerCancel={release}
          className="absolute cursor-move border border-white outline-2 -outline-offset-2 outline-black/60 shadow-[0_0_0_9999px_rgb(0_0_0/0.5)] focus-visible:outline-3 focus-visible:outline-focus"
          style={{
            left: across(part.left),
            top: down(part.top),
            width: across(part.width),
            height: down(part.height),
          }}
        >
          <span
            onPointerDown={(event) => take(event, true)}
            onPointerMove={pull}
            onPointerUp={release}
            onPointerCancel={release}
            className="absolute right-0 bottom-0 size-5 cursor-nwse-resize border-2 border-black bg-white max-sm:size-8"
          />
        </button>
      </div>
    </div>
  );
}
