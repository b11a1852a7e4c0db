"use client";

import { useDraggable } from "@dnd-kit/core";
import {
  Code,
  Heading,
  Image,
  Link,
  List,
  type LucideIcon,
  Minus,
  Quote,
  RectangleHorizontal,
  ShoppingBag,
  SquarePlay,
  StretchVertical,
  Type,
} from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { BlockType } from "#lib/content/doc/email-doc.ts";
import type { Dragged } from "./use-canvas-drag.ts";

export const blockIcons: Record<BlockType, LucideIcon> = {
  text: Type,
  heading: Heading,
  image: Image,
  button: RectangleHorizontal,
  divider: Minus,
  spacer: StretchVertical,
  links: Link,
  product: ShoppingBag,
  video: SquarePlay,
  list: List,
  quote: Quote,
  html: Code,
};
const blockTypes = Object.keys(blockIcons) as BlockType[];

export const layouts: readonly (readonly number[])[] = [[1], [1, 1], [1, 1, 1], [1, 1, 1, 1], [1, 2], [2, 1]];

interface PaletteProps {
  onBlock: (type: BlockType) => void;
  onLayout: (ratio: readonly number[]) => void;
}

/** All kinds of blocks, and columns to put them in: pressed, or dragged to their place. */
export function Palette({ onBlock, onLayout }: PaletteProps) {
  const t = useTranslations("editorDoc");
  return (
    <>
      <h3 className="text-sm font-medium">{t("blocks")}</h3>
      <ul className="grid grid-cols-2 gap-2">
        {blockTypes.map((type) => {
          const Icon = blockIcons[type];
          return (
            <li key={type}>
              <PaletteItem
                dragged={{ kind: "new-block", type }}
                label={t("add", { what: t(`kinds.${type}`) })}
                onPress={() => onBlock(type)}
              >
                <Icon aria-hidden="true" className="size-4 shrink-0 text-muted" />
                <span className="truncate">{t(`kinds.${type}`)}</span>
              </PaletteItem>
            </li>
          );
        })}
      </ul>
      <h3 className="text-sm font-medium">{t("layouts")}</h3>
      <ul className="grid grid-cols-2 gap-2">
        {layouts.map((ratio) => (
          <li key={ratio.join(":")}>
            <PaletteItem
              dragged={{ kind: "new-section", ratio }}
              label={t("addColumns", { ratio: ratio.join(" : ") })}
              onPress={() => onLayout(ratio)}
            >
              <span aria-hidden="true" className="flex h-5 w-full gap-1">
                {ratio.map((share, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a picture of the columns, nothing in it moves
                  <span key={at} style={{ flexGrow: share }} className="rounded-sm border border-field bg-sunken" />
                ))}
              </span>
            </PaletteItem>
          </li>
        ))}
      </ul>
    </>
  );
}

interface PaletteItemProps {
  dragged: Dragged;
  label: string;
  onPress: () => void;
  children: ReactNode;
}

function PaletteItem({ dragged, label, onPress, children }: PaletteItemProps) {
  const { setNodeRef, listeners } = useDraggable({ id: JSON.stringify(dragged), data: dragged });
  return (
    <button
      ref={setNodeRef}
      type="button"
      aria-label={label}
      title={label}
      onClick={onPress}
      {...listeners}
      className="flex min-h-10 w-full cursor-grab touch-none items-center gap-2 rounded-lg border border-line bg-surface px-2.5 text-left text-sm hover:border-field max-sm:min-h-11 max-sm:touch-auto"
    >
      {children}
    </button>
  );
}
