"use client";

import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";
import { cn } from "#components/ui/cn.ts";
import { FileSize } from "#components/ui/file-size.tsx";
import type { MediaItem } from "#lib/media/find.ts";

interface MediaGridProps {
  items: readonly MediaItem[];
  /** The name of the button that each picture is. */
  labelOf: (item: MediaItem) => string;
  onChoose: (item: MediaItem) => void;
  className?: string;
}

/** Pictures as tiles, each one button. */
export function MediaGrid({ items, labelOf, onChoose, className }: MediaGridProps) {
  const t = useTranslations("media");
  return (
    <ul className={cn("grid grid-cols-2 gap-3 sm:grid-cols-3 sm:gap-4 lg:grid-cols-4 xl:grid-cols-5", className)}>
      {items.map((item) => (
        <li
          key={item.id}
          className="relative flex min-w-0 flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-xs has-[button:hover]:border-field/60"
        >
          <MediaThumbnail item={item} className="aspect-4/3" />
          <div className="flex min-w-0 flex-1 flex-col gap-0.5 border-t border-line px-3 py-2">
            <button
              type="button"
              aria-label={labelOf(item)}
              onClick={() => onChoose(item)}
              className="block w-full truncate text-left text-sm font-medium after:absolute after:inset-0 after:rounded-xl focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
            >
              {item.name}
            </button>
            <p className="truncate text-xs text-muted">
              {t("size", { width: item.width, height: item.height })} · <FileSize bytes={item.bytes} />
            </p>
            {(item.frames > 1 || item.alt === "") && (
              <p className="mt-1 flex flex-wrap gap-1">
                {item.frames > 1 && <Badge tone="info">{t("animated")}</Badge>}
                {item.alt === "" && <Badge tone="warning">{t("noAlt")}</Badge>}
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The small picture, whole, on a ground that shows what is see-through. Its name stands beside it. */
export function MediaThumbnail({ item, className }: { item: Pick<MediaItem, "id">; className?: string }) {
  return (
    <span className={cn("relative block overflow-hidden bg-sunken", className)}>
      {/* biome-ignore lint/performance/noImgElement: the picture already has the size it needs, and no other size of it exists. */}
      <img
        src={`/api/media/${item.id}/thumbnail`}
        alt=""
        loading="lazy"
        decoding="async"
        className="absolute inset-2 size-[calc(100%-1rem)] object-scale-down"
      />
    </span>
  );
}
