"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactElement, useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Dialog, DialogClose, DialogFooter } from "#components/ui/dialog.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { notify } from "#components/ui/notify.ts";
import { Textarea } from "#components/ui/textarea.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";

interface ListDialogProps {
  /** The list to edit; a new one without. */
  list?: { id: string; name: string; description: string };
  save: (input: unknown) => Promise<ActionResult<{ id: string; name: string }>>;
  onSaved?: (list: { id: string; name: string }) => void;
  trigger?: ReactElement<Record<string, unknown>>;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** Makes a list or renames one. */
export function ListDialog({ list, save, onSaved, trigger, open, onOpenChange }: ListDialogProps) {
  const t = useTranslations("lists");
  const router = useRouter();
  const [ownOpen, setOwnOpen] = useState(false);
  const change = (next: boolean) => {
    setOwnOpen(next);
    onOpenChange?.(next);
  };
  const form = useFormAction(
    (data) =>
      save({ ...(list ? { id: list.id } : {}), name: data.get("name"), description: data.get("description") ?? "" }),
    (saved) => {
      change(false);
      notify.success(t("saved"));
      onSaved?.(saved);
      router.refresh();
    },
  );
  return (
    <Dialog
      title={list ? t("editTitle") : t("addTitle")}
      trigger={trigger}
      open={open ?? ownOpen}
      onOpenChange={change}
    >
      <form onSubmit={form.onSubmit}>
        <FieldStack className="pb-5">
          {form.error && (
            <Callout tone="danger" live>
              {form.error}
            </Callout>
          )}
          <Field label={t("name")} name="name" hint={t("nameHint")} error={form.fields.name}>
            <Input defaultValue={list?.name} maxLength={120} required autoFocus autoComplete="off" />
          </Field>
          <Field
            label={t("descriptionLabel")}
            name="description"
            hint={t("descriptionHint")}
            error={form.fields.description}
            optional
          >
            <Textarea defaultValue={list?.description} maxLength={500} rows={2} />
          </Field>
        </FieldStack>
        <DialogFooter>
          <DialogClose render={<Button>{t("cancel")}</Button>} />
          <Button type="submit" variant="primary" loading={form.pending}>
            {list ? t("save") : t("create")}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
