"use client";

import { Pencil } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Dialog, DialogClose, DialogFooter } from "#components/ui/dialog.tsx";
import { FieldStack } from "#components/ui/field.tsx";
import { notify } from "#components/ui/notify.ts";
import { useFormAction } from "#components/ui/use-form-action.ts";
import { type FormField, PersonFields, type PersonValues, readPerson } from "./person-form.tsx";

interface PersonEditorProps {
  id: string;
  values: PersonValues;
  fields: readonly FormField[];
  save: (input: unknown) => Promise<ActionResult>;
}

export function PersonEditor({ id, values, fields, save }: PersonEditorProps) {
  const t = useTranslations("subscribers");
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const form = useFormAction(
    (data) => save({ id, ...readPerson(data, fields) }),
    () => {
      setOpen(false);
      notify.success(t("saved"));
      router.refresh();
    },
  );
  return (
    <Dialog
      title={t("editTitle")}
      open={open}
      onOpenChange={setOpen}
      trigger={<Button icon={<Pencil aria-hidden="true" />}>{t("edit")}</Button>}
    >
      <form onSubmit={form.onSubmit} noValidate>
        <FieldStack className="pb-5">
          {form.error && (
            <Callout tone="danger" live>
              {form.error}
            </Callout>
          )}
          <PersonFields values={values} fields={fields} errors={form.fields} />
        </FieldStack>
        <DialogFooter>
          <DialogClose render={<Button>{t("cancel")}</Button>} />
          <Button type="submit" variant="primary" loading={form.pending}>
            {t("save")}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
