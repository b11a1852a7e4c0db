"use client";

import { EditorContent, useEditor } from "@tiptap/react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import type { RichText } from "#lib/content/doc/rich-text.ts";
import { cleanPaste } from "./letter/clean-paste.ts";
import { textExtensions } from "./letter/extensions.ts";
import type { LetterField } from "./letter/insertables.ts";
import { LetterToolbar } from "./letter/letter-toolbar.tsx";
import { LinkDialog } from "./letter/link-dialog.tsx";
import { SelectionBar } from "./letter/selection-bar.tsx";
import { fromLetterNodes, toRichText } from "./letter/tiptap-json.ts";

interface RichTextEditorProps {
  value: RichText;
  onChange: (value: RichText) => void;
  mergeFields: ReadonlyArray<{ key: string; label: string }>;
  label: string;
}

/** Formatted text of one block. */
export function RichTextEditor({ value, onChange, mergeFields, label }: RichTextEditorProps) {
  const t = useTranslations("letter");
  const [linking, setLinking] = useState(false);
  const latest = useRef(onChange);
  latest.current = onChange;
  const shown = useRef(JSON.stringify(value));
  const fields: LetterField[] = mergeFields.map(({ key, label: name }) => ({ field: key, label: name }));
  const editor = useEditor({
    immediatelyRender: false,
    injectCSS: false,
    extensions: textExtensions({
      placeholder: t("placeholderShort"),
      fieldLabel: (field) => fields.find((one) => one.field === field)?.label ?? field,
    }),
    content: fromLetterNodes(value.content),
    editorProps: {
      attributes: {
        "aria-label": label,
        "aria-multiline": "true",
        role: "textbox",
        class: "letter-text letter-text-small",
      },
      transformPastedHTML: cleanPaste,
    },
    onUpdate: ({ editor: current }) => {
      const next = toRichText(current.getJSON());
      shown.current = JSON.stringify(next);
      latest.current(next);
    },
  });
  useEffect(() => {
    const given = JSON.stringify(value);
    if (!editor || given === shown.current) return;
    // Changed from outside: undone, say.
    shown.current = given;
    editor.commands.setContent(fromLetterNodes(value.content), { emitUpdate: false });
  }, [editor, value]);
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-sm font-medium">{label}</p>
      <div className="overflow-hidden rounded-lg border border-field bg-surface">
        {editor && <LetterToolbar editor={editor} fields={fields} onLink={() => setLinking(true)} textOnly />}
        {editor && <SelectionBar editor={editor} fields={fields} />}
        <EditorContent editor={editor} className="max-h-72 overflow-y-auto" />
      </div>
      {editor && linking && <LinkDialog editor={editor} open={linking} onOpenChange={setLinking} />}
    </div>
  );
}
