"use client";

import type { Editor } from "@tiptap/core";
import { useEditorState } from "@tiptap/react";
import {
  AlignCenter,
  AlignLeft,
  AlignRight,
  Bold,
  Braces,
  Heading,
  Italic,
  Link as LinkIcon,
  List,
  ListOrdered,
  Palette,
  Plus,
  Quote,
  Redo2,
  Strikethrough,
  Underline,
  Undo2,
} from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu, MenuItem } from "#components/ui/menu.tsx";
import { insertField, insertKeys, insertPiece, type LetterField } from "./insertables.ts";

const colours = ["#1b6b52", "#1d4ed8", "#9333ea", "#b91c1c", "#b45309", "#5d6863"] as const;
const alignments = [
  ["left", AlignLeft],
  ["center", AlignCenter],
  ["right", AlignRight],
] as const;

interface LetterToolbarProps {
  editor: Editor;
  fields: readonly LetterField[];
  onLink: () => void;
  /** Without pictures and buttons. */
  textOnly?: boolean;
}

/** Formatting and things to put in. Everything is also a shortcut or behind "/". */
export function LetterToolbar({ editor, fields, onLink, textOnly }: LetterToolbarProps) {
  const t = useTranslations("letter");
  const is = useEditorState({
    editor,
    selector: ({ editor: current }) => ({
      bold: current.isActive("bold"),
      italic: current.isActive("italic"),
      underline: current.isActive("underline"),
      strike: current.isActive("strike"),
      link: current.isActive("link"),
      quote: current.isActive("blockquote"),
      bulletList: current.isActive("bulletList"),
      orderedList: current.isActive("orderedList"),
      heading: ([1, 2, 3] as const).find((level) => current.isActive("heading", { level })) ?? 0,
      align: alignments.find(([name]) => current.isActive({ textAlign: name }))?.[0] ?? "left",
      undo: current.can().undo(),
      redo: current.can().redo(),
    }),
  });
  const run = () => editor.chain().focus();
  const toggle = (label: string, on: boolean, icon: ReactNode, act: () => void) => (
    <IconButton
      size="sm"
      label={label}
      aria-pressed={on}
      // The selection stays in the text.
      onMouseDown={(event) => event.preventDefault()}
      onClick={act}
      className={cn(on && "bg-hover text-accent-text")}
    >
      {icon}
    </IconButton>
  );
  return (
    <div
      role="toolbar"
      aria-label={t("toolbar")}
      className="flex flex-wrap items-center gap-0.5 border-b border-line px-2 py-1.5"
    >
      {toggle(t("bold"), is.bold, <Bold aria-hidden="true" />, () => run().toggleBold().run())}
      {toggle(t("italic"), is.italic, <Italic aria-hidden="true" />, () => run().toggleItalic().run())}
      {toggle(t("underline"), is.underline, <Underline aria-hidden="true" />, () => run().toggleUnderline().run())}
      {toggle(t("strike"), is.strike, <Strikethrough aria-hidden="true" />, () => run().toggleStrike().run())}
      {toggle(t("link"), is.link, <LinkIcon aria-hidden="true" />, onLink)}
      <Menu
        align="start"
        trigger={
          <IconButton size="sm" label={t("colour")}>
            <Palette aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem onClick={() => run().unsetMark("colour").run()}>{t("noColour")}</MenuItem>
        {colours.map((colour) => (
          <MenuItem
            key={colour}
            icon={<span aria-hidden="true" className="size-4 rounded-full" style={{ backgroundColor: colour }} />}
            onClick={() => run().setMark("colour", { colour }).run()}
          >
            {t(`colours.${colour.slice(1) as "1b6b52"}`)}
          </MenuItem>
        ))}
      </Menu>
      <Divider />
      <Menu
        align="start"
        trigger={
          <IconButton size="sm" label={t("style")} className={cn(is.heading > 0 && "bg-hover text-accent-text")}>
            <Heading aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem onClick={() => run().setParagraph().run()}>{t("paragraph")}</MenuItem>
        {([1, 2, 3] as const).map((level) => (
          <MenuItem key={level} onClick={() => run().setHeading({ level }).run()}>
            {t(`pieces.heading${level}`)}
          </MenuItem>
        ))}
      </Menu>
      {toggle(t("pieces.bulletList"), is.bulletList, <List aria-hidden="true" />, () => run().toggleBulletList().run())}
      {toggle(t("pieces.orderedList"), is.orderedList, <ListOrdered aria-hidden="true" />, () =>
        run().toggleOrderedList().run(),
      )}
      {toggle(t("pieces.quote"), is.quote, <Quote aria-hidden="true" />, () => run().toggleBlockquote().run())}
      {alignments.map(([name, Icon]) => (
        <span key={name}>
          {toggle(t(`align.${name}`), is.align === name, <Icon aria-hidden="true" />, () =>
            run()
              .updateAttributes("paragraph", { textAlign: name === "left" ? null : name })
              .updateAttributes("heading", { textAlign: name === "left" ? null : name })
              .run(),
          )}
        </span>
      ))}
      <Divider />
      <Menu
        align="start"
        trigger={
          <Button size="sm" variant="ghost" icon={<Plus aria-hidden="true" />}>
            {t("insert")}
          </Button>
        }
      >
        {insertKeys
          .filter((key) => !textOnly || (key !== "picture" && key !== "button"))
          .map((key) => (
            <MenuItem key={key} onClick={() => insertPiece(editor, key)}>
              {t(`pieces.${key}`)}
            </MenuItem>
          ))}
      </Menu>
      <Menu
        align="start"
        trigger={
          <Button size="sm" variant="ghost" icon={<Braces aria-hidden="true" />}>
            {t("personalize")}
          </Button>
        }
      >
        {fields.map((field) => (
          <MenuItem key={field.field} onClick={() => insertField(editor, field)}>
            {field.label}
          </MenuItem>
        ))}
      </Menu>
      <span className="ml-auto flex">
        <IconButton size="sm" label={t("undo")} disabled={!is.undo} onClick={() => run().undo().run()}>
          <Undo2 aria-hidden="true" />
        </IconButton>
        <IconButton size="sm" label={t("redo")} disabled={!is.redo} onClick={() => run().redo().run()}>
          <Redo2 aria-hidden="true" />
        </IconButton>
      </span>
    </div>
  );
}

function Divider() {
  return <span aria-hidden="true" className="mx-1 h-5 w-px bg-line" />;
}
