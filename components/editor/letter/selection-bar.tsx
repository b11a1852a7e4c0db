"use client";

import type { Editor } from "@tiptap/core";
import { NodeSelection } from "@tiptap/pm/state";
import { useEditorState } from "@tiptap/react";
import { Images, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { MediaPicker } from "#components/media/media-picker.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import type { LetterField } from "./insertables.ts";
import { linkOnly } from "./tiptap-json.ts";

/** What belongs to the picture, button or merge field that is selected. */
export function SelectionBar({ editor, fields }: { editor: Editor; fields: readonly LetterField[] }) {
  const t = useTranslations("letter");
  const [picking, setPicking] = useState(false);
  const selected = useEditorState({
    editor,
    selector: ({ editor: { state } }) => {
      const { selection } = state;
      if (!(selection instanceof NodeSelection)) return null;
      const { type, attrs } = selection.node;
      return { type: type.name, attrs: attrs as Record<string, string | boolean>, at: selection.from };
    },
  });
  if (!selected || !["picture", "mailButton", "mergeField"].includes(selected.type)) return null;
  const { type, attrs, at } = selected;
  const set = (changed: Record<string, string | boolean>) => {
    const { tr } = editor.state;
    tr.setNodeMarkup(at, undefined, { ...attrs, ...changed });
    tr.setSelection(NodeSelection.create(tr.doc, at));
    editor.view.dispatch(tr);
  };
  const text = (name: string) => String(attrs[name] ?? "");
  const badLink = (value: string) => (value.trim() !== "" && linkOnly(value) === "" ? t("linkForm") : null);
  const href = (
    <Field label={t("linkTo")} optional={type === "picture"} error={badLink(text("href"))} className="min-w-52 flex-1">
      <Input
        type="url"
        placeholder="https://"
        value={text("href")}
        onChange={(event) => set({ href: event.target.value })}
      />
    </Field>
  );
  return (
    <fieldset
      aria-label={t(`selected.${type as "picture"}`)}
      className="flex flex-wrap items-start gap-3 border-b border-line bg-sunken px-3 py-2.5"
    >
      {type === "picture" && (
        <>
          <Field
            label={t("address")}
            error={/^(?:$|https?:\/\/\S+$)/i.test(text("src").trim()) ? null : t("pictureForm")}
            className="min-w-52 flex-1"
          >
            <Input
              type="url"
              placeholder="https://"
              value={text("src")}
              onChange={(event) => set({ src: event.target.value })}
            />
          </Field>
          <Button icon={<Images aria-hidden="true" />} className="mt-6" onClick={() => setPicking(true)}>
            {t("choosePicture")}
          </Button>
          <MediaPicker
            open={picking}
            onClose={() => setPicking(false)}
            onPick={({ src, alt }) => {
              set({ src, ...(text("alt") === "" && { alt }) });
              setPicking(false);
            }}
          />
          <Field label={t("alt")} hint={t("altHint")} className="min-w-52 flex-1" disabled={attrs.decorative === true}>
            <Input value={text("alt")} maxLength={500} onChange={(event) => set({ alt: event.target.value })} />
          </Field>
          {href}
          <Checkbox
            label={t("decorative")}
            checked={attrs.decorative === true}
            onCheckedChange={(decorative) => set({ decorative })}
            className="basis-full"
          />
        </>
      )}
      {type === "mailButton" && (
        <>
          <Field label={t("label")} className="min-w-52 flex-1">
            <Input value={text("label")} maxLength={200} onChange={(event) => set({ label: event.target.value })} />
          </Field>
          {href}
        </>
      )}
      {type === "mergeField" && (
        <>
          <Field label={t("field")} className="min-w-44 flex-1">
            <Select
              value={text("field")}
              onValueChange={(field) => set({ field })}
              items={fields.map(({ field, label }) => ({ value: field, label }))}
            />
          </Field>
          <Field label={t("fallback")} hint={t("fallbackHint")} className="min-w-44 flex-1">
            <Input
              value={text("fallback")}
              maxLength={200}
              onChange={(event) => set({ fallback: event.target.value })}
            />
          </Field>
        </>
      )}
      <IconButton
        label={t("remove")}
        className="ml-auto self-end"
        onClick={() => editor.chain().focus().deleteSelection().run()}
      >
        <Trash2 aria-hidden="true" />
      </IconButton>
    </fieldset>
  );
}
