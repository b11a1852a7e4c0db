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
import { Select } from "#components/ui/select.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";

export type FieldKind = "text" | "number" | "boolean" | "date";
export interface MadeField {
  id: string;
  key: string;
  label: string;
  type: FieldKind;
}

interface FieldDialogProps {
  /** What the name starts as: a column's header, while importing. */
  suggestion?: string;
  create: (input: unknown) => Promise<ActionResult<MadeField>>;
  onCreated?: (field: MadeField) => void;
  trigger?: ReactElement<Record<string, unknown>>;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

const kinds = ["text", "number", "boolean", "date"] as const;

export function FieldDialog({ suggestion, create, onCreated, trigger, open, onOpenChange }: FieldDialogProps) {
  const t = useTranslations("fields");
  const router = useRouter();
  const [ownOpen, setOwnOpen] = useState(false);
  const change = (next: boolean) => {
    setOwnOpen(next);
    onOpenChange?.(next);
  };
  const form = useFormAction(
    (data) => create({ label: data.get("label"), type: data.get("type") }),
    (made) => {
      change(false);
      notify.success(t("created_", { name: made.label }));
      onCreated?.(made);
      router.refresh();
    },
  );
  return (
    <Dialog title={t("addTitle")} trigger={trigger} open={open ?? ownOpen} onOpenChange={change} size="sm">
      <form onSubmit={form.onSubmit}>
        <FieldStack className="pb-5">
          {form.error && (
            <Callout tone="danger" live>
              {form.error}
            </Callout>
          )}
          <Field label={t("label")} name="label" error={form.fields.label}>
            <Input defaultValue={suggestion} maxLength={80} required autoFocus autoComplete="off" />
          </Field>
          <Field label={t("type")} name="type" hint={t("typeHint")} error={form.fields.type}>
            <Select items={kinds.map((value) => ({ value, label: t(`types.${value}`) }))} defaultValue="text" />
          </Field>
        </FieldStack>
        <DialogFooter>
          <DialogClose render={<Button>{t("cancel")}</Button>} />
          <Button type="submit" variant="primary" loading={form.pending}>
            {t("create")}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
