"use client";

import type { Editor } from "@tiptap/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { linkOnly } from "./tiptap-json.ts";

/** Asks where the selected words lead. An address without a scheme gets https://. */
export function LinkDialog({
  editor,
  open,
  onOpenChange,
}: {
  editor: Editor;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const t = useTranslations("letter");
  const before = String(editor.getAttributes("link").href ?? "");
  const [address, setAddress] = useState(before);
  const [error, setError] = useState<string | null>(null);

  function save() {
    const typed = address.trim();
    const complete = /^[a-z][a-z0-9+.-]*:|^unsubscribe$/i.test(typed)
      ? typed
      : /^[^@\s/]+@[^@\s/]+\.[^@\s/]+$/.test(typed)
        ? `mailto:${typed}`
        : `https://${typed}`;
    const href = linkOnly(complete);
    if (typed === "" || href === "") {
      setError(t("linkForm"));
      return;
    }
    const chain = editor.chain().focus();
    if (editor.state.selection.empty && before === "")
      chain.insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href } }] }).run();
    else chain.extendMarkRange("link").setLink({ href }).run();
    onOpenChange(false);
  }

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("linkTitle")}
      footer={
        <>
          {before !== "" && (
            <Button
              variant="ghost"
              className="mr-auto"
              onClick={() => {
                editor.chain().focus().extendMarkRange("link").unsetLink().run();
                onOpenChange(false);
              }}
            >
              {t("unlink")}
            </Button>
          )}
          <Button onClick={() => onOpenChange(false)}>{t("cancel")}</Button>
          <Button variant="primary" onClick={save}>
            {t("setLink")}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Field label={t("linkTo")} error={error}>
          <Input
            autoFocus
            inputMode="url"
            placeholder="https://"
            value={address}
            onChange={(event) => {
              setAddress(event.target.value);
              setError(null);
            }}
          />
        </Field>
      </form>
    </Dialog>
  );
}
