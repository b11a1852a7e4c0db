"use client";

import { EditorContent, useEditor } from "@tiptap/react";
import { Lock } from "lucide-react";
import { useTranslations } from "next-intl";
import { type CSSProperties, useRef, useState } from "react";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { notify } from "#components/ui/notify.ts";
import type { EmailDoc } from "#lib/content/doc/email-doc.ts";
import { fontStack } from "#lib/content/doc/fonts.ts";
import { letterNodes, withLetterNodes } from "#lib/content/doc/letter.ts";
import { cleanPaste, mostPastedCharacters } from "./clean-paste.ts";
import { letterExtensions } from "./extensions.ts";
import { insertField, insertKeys, insertPiece, type LetterField } from "./insertables.ts";
import { LetterToolbar } from "./letter-toolbar.tsx";
import { LinkDialog } from "./link-dialog.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { type SlashItem, slashMenu } from "./slash-menu.tsx";
import { fromLetterNodes, toLetterNodes } from "./tiptap-json.ts";

interface LetterEditorProps {
  /** Only the beginning: the editor owns the text while it is open. */
  initialDoc: EmailDoc;
  onChange: (doc: EmailDoc) => void;
  fields: readonly LetterField[];
}

/** A mail that one just writes, in the look it is sent in. The footer belongs to every mail and stays. */
export function LetterEditor({ initialDoc, onChange, fields }: LetterEditorProps) {
  const t = useTranslations("letter");
  const [doc, setDoc] = useState(initialDoc);
  const [linking, setLinking] = useState(false);
  const latest = useRef({ doc, onChange });
  latest.current = { doc, onChange };

  function change(next: EmailDoc) {
    latest.current.doc = next;
    setDoc(next);
    latest.current.onChange(next);
  }

  const slashItems = (): SlashItem[] => [
    ...insertKeys.map((key) => ({
      key,
      label: t(`pieces.${key}`),
      run: (editor: Parameters<SlashItem["run"]>[0], range: Parameters<SlashItem["run"]>[1]) =>
        insertPiece(editor, key, range),
    })),
    ...fields.map((field) => ({
      key: `field ${field.field}`,
      label: field.label,
      run: (editor: Parameters<SlashItem["run"]>[0], range: Parameters<SlashItem["run"]>[1]) =>
        insertField(editor, field, range),
    })),
  ];
  const editor = useEditor({
    immediatelyRender: false,
    // Its few styles stand in globals.css.
    injectCSS: false,
    extensions: [
      ...letterExtensions({
        placeholder: t("placeholder"),
        emptyPicture: t("emptyPicture"),
        emptyButton: t("emptyButton"),
        fieldLabel: (field) => fields.find((one) => one.field === field)?.label ?? field,
      }),
      slashMenu(t("insert"), slashItems),
    ],
    content: fromLetterNodes(letterNodes(initialDoc)),
    editorProps: {
      attributes: { "aria-label": t("text"), "aria-multiline": "true", role: "textbox", class: "letter-text" },
      transformPastedHTML: cleanPaste,
      handleDOMEvents: {
        paste: (_view, event) => {
          const size = event.clipboardData?.getData("text/html").length ?? 0;
          if (size <= mostPastedCharacters) return false;
          event.preventDefault();
          notify.error(t("pastedTooMuch"));
          return true;
        },
      },
      handleKeyDown: (_view, event) => {
        if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return false;
        event.preventDefault();
        setLinking(true);
        return true;
      },
    },
    onUpdate: ({ editor: current }) => change(withLetterNodes(latest.current.doc, toLetterNodes(current.getJSON()))),
  });

  const { theme, footer } = doc;
  const look = {
    "--letter-font": fontStack(theme.font),
    "--letter-heading-font": fontStack(theme.headingFont),
    "--letter-size": `${theme.textSize}px`,
    "--letter-text": theme.text,
    "--letter-heading": theme.heading,
    "--letter-link": theme.link,
    "--letter-ground": theme.background,
    "--letter-button": theme.button.background,
    "--letter-button-text": theme.button.text,
    "--letter-button-radius": `${theme.button.radius}px`,
  } as CSSProperties;
  return (
    <div className="flex h-full min-h-0 flex-col">
      {editor && <LetterToolbar editor={editor} fields={fields} onLink={() => setLinking(true)} />}
      {editor && <SelectionBar editor={editor} fields={fields} />}
      <div className="min-h-0 flex-1 overflow-y-auto bg-sunken p-3 sm:p-6">
        <div className="letter mx-auto max-w-[600px] rounded-lg border border-line shadow-xs" style={look}>
          <EditorContent editor={editor} />
          <Footer
            why={footerText(doc)}
            unsubscribeLabel={footer.unsubscribeLabel}
            onChange={(why, unsubscribeLabel) => change(withFooter(latest.current.doc, why, unsubscribeLabel))}
          />
        </div>
      </div>
      {editor && linking && <LinkDialog editor={editor} open={linking} onOpenChange={setLinking} />}
    </div>
  );
}

/** The locked part: its words can be changed, that it is there cannot. */
function Footer({
  why,
  unsubscribeLabel,
  onChange,
}: {
  why: string;
  unsubscribeLabel: string;
  onChange: (why: string, unsubscribeLabel: string) => void;
}) {
  const t = useTranslations("letter.footer");
  const [label, setLabel] = useState(unsubscribeLabel);
  return (
    <div className="flex flex-col gap-3 rounded-b-lg border-t border-line bg-surface px-5 py-4 text-ink sm:px-8">
      <p className="flex items-center gap-2 text-sm text-muted">
        <Lock aria-hidden="true" className="size-4 shrink-0" />
        {t("locked")}
      </p>
      <Field label={t("why")}>
        <Input value={why} maxLength={500} onChange={(event) => onChange(event.target.value, unsubscribeLabel)} />
      </Field>
      <Field label={t("unsubscribe")} error={label.trim() === "" ? t("unsubscribeEmpty") : null}>
        <Input
          value={label}
          maxLength={80}
          onChange={(event) => {
            setLabel(event.target.value);
            if (event.target.value.trim() !== "") onChange(why, event.target.value);
          }}
        />
      </Field>
    </div>
  );
}

function footerText({ footer }: EmailDoc): string {
  return footer.content.content
    .map((node) => ("content" in node && node.type === "paragraph" ? node.content : undefined) ?? [])
    .map((inlines) => inlines.map((inline) => (inline.type === "text" ? inline.text : "")).join(""))
    .join(" ");
}

function withFooter(doc: EmailDoc, why: string, unsubscribeLabel: string): EmailDoc {
  const text = why.trim() === "" ? {} : { content: [{ type: "text" as const, text: why }] };
  return {
    ...doc,
    footer: { ...doc.footer, unsubscribeLabel, content: { type: "doc", content: [{ type: "paragraph", ...text }] } },
  };
}
