"use client";

import { autoUpdate, computePosition, flip, offset, shift } from "@floating-ui/dom";
import { type Editor, Extension, type Range } from "@tiptap/core";
import { ReactRenderer } from "@tiptap/react";
import { Suggestion, type SuggestionProps } from "@tiptap/suggestion";
import { useEffect, useState } from "react";
import { cn } from "#components/ui/cn.ts";

/** One thing that "/" offers. */
export interface SlashItem {
  key: string;
  label: string;
  run(editor: Editor, range: Range): void;
}

/** Answers whether it has taken the key. */
type KeyHandler = (event: KeyboardEvent) => boolean;

interface SlashListProps {
  items: readonly SlashItem[];
  label: string;
  command: (item: SlashItem) => void;
  /** Where it leaves what keys do: the keyboard stays in the text. */
  keys: { handle: KeyHandler };
}

/** The list under a typed "/". Arrows choose, Enter or Tab takes. */
function SlashList({ items, label, command, keys }: SlashListProps) {
  const [at, setAt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other items begin at their first
  useEffect(() => setAt(0), [items]);
  keys.handle = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length > 0) {
      setAt((before) => (before + step + items.length) % items.length);
      return true;
    }
    const chosen = items[at];
    if ((event.key !== "Enter" && event.key !== "Tab") || !chosen) return false;
    command(chosen);
    return true;
  };
  if (items.length === 0) return null;
  return (
    <div role="listbox" aria-label={label} className="floating max-h-72 w-60 overflow-y-auto p-1">
      {items.map((item, index) => (
        <div
          key={item.key}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          ref={index === at ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
          onMouseEnter={() => setAt(index)}
          onMouseDown={(event) => {
            event.preventDefault();
            command(item);
          }}
          className={cn("cursor-default rounded-md px-2.5 py-1.5 text-sm max-sm:py-3", index === at && "bg-hover")}
        >
          {item.label}
        </div>
      ))}
    </div>
  );
}

/** "/" offers pieces to put in; `items` says which, for what was typed after it. */
export function slashMenu(label: string, items: () => readonly SlashItem[]) {
  return Extension.create({
    name: "slashMenu",
    addProseMirrorPlugins() {
      return [
        Suggestion<SlashItem>({
          editor: this.editor,
          char: "/",
          items: ({ query }) => {
            const wanted = query.toLowerCase();
            return items().filter((item) => item.label.toLowerCase().includes(wanted));
          },
          command: ({ editor, range, props }) => props.run(editor, range),
          render: () => popup(label),
        }),
      ];
    },
  });
}

function popup(label: string) {
  let list: ReactRenderer<unknown, SlashListProps> | null = null;
  const keys = { handle: (_event: KeyboardEvent) => false };
  let stop: (() => void) | null = null;
  const close = () => {
    stop?.();
    list?.element.remove();
    list?.destroy();
    list = null;
  };
  const give = (props: SuggestionProps<SlashItem>) => ({ items: props.items, command: props.command, label, keys });
  return {
    onStart(props: SuggestionProps<SlashItem>) {
      list = new ReactRenderer<unknown, SlashListProps>(SlashList, { props: give(props), editor: props.editor });
      const element = list.element;
      element.style.position = "absolute";
      element.style.zIndex = "50";
      document.body.append(element);
      let rect = props.clientRect?.() ?? new DOMRect();
      const anchor = {
        getBoundingClientRect() {
          rect = props.clientRect?.() ?? rect;
          return rect;
        },
      };
      stop = autoUpdate(props.editor.view.dom, element, () => {
        void computePosition(anchor, element, {
          placement: "bottom-start",
          middleware: [offset(6), flip(), shift({ padding: 8 })],
        }).then(({ x, y }) => Object.assign(element.style, { left: `${x}px`, top: `${y}px` }));
      });
    },
    onUpdate(props: SuggestionProps<SlashItem>) {
      list?.updateProps(give(props));
    },
    onKeyDown({ event }: { event: KeyboardEvent }) {
      if (event.key === "Escape") {
        close();
        return true;
      }
      return keys.handle(event);
    },
    onExit: close,
  };
}
