"use client";

import { UserPlus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Dialog, DialogClose, DialogFooter } from "#components/ui/dialog.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { MultiCombobox } from "#components/ui/multi-combobox.tsx";
import { notify } from "#components/ui/notify.ts";
import { useFormAction } from "#components/ui/use-form-action.ts";
import { type FormField, PersonFields, readPerson } from "./person-form.tsx";

interface AddPersonDialogProps {
  fields: readonly FormField[];
  lists: readonly { id: string; name: string }[];
  /** The list that is being looked at. */
  listId?: string;
  add: (input: unknown) => Promise<ActionResult<{ id: string }>>;
  variant?: "primary" | "secondary";
}

export function AddPersonDialog({ fields, lists, listId, add, variant = "secondary" }: AddPersonDialogProps) {
  const t = useTranslations("subscribers");
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<string[]>(listId ? [listId] : []);
  const form = useFormAction(
    (data) => add({ ...readPerson(data, fields), listIds: chosen, wording: String(data.get("wording") ?? "") }),
    (_, element) => {
      notify.success(t("addedToast", { email: String(new FormData(element).get("email")) }));
      setOpen(false);
      router.refresh();
    },
  );
  return (
    <Dialog
      title={t("addTitle")}
      description={t("addDescription")}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button variant={variant} icon={<UserPlus aria-hidden="true" />}>
          {t("add")}
        </Button>
      }
    >
      <form onSubmit={form.onSubmit} noValidate>
        <FieldStack className="pb-5">
          {form.error && (
            <Callout tone="danger" live>
              {form.error}
            </Callout>
          )}
          <PersonFields fields={fields} errors={form.fields} />
          {lists.length > 0 && (
            <Field label={t("lists")} error={form.fields.listIds} optional>
              <MultiCombobox
                items={lists.map(({ id, name }) => ({ value: id, label: name }))}
                value={chosen}
                onValueChange={setChosen}
                placeholder={t("choose")}
              />
            </Field>
          )}
          {chosen.length > 0 && (
            <Field label={t("wording")} name="wording" hint={t("wordingHint")} error={form.fields.wording} optional>
              <Input maxLength={500} autoComplete="off" />
            </Field>
          )}
        </FieldStack>
        <DialogFooter>
          <DialogClose render={<Button>{t("cancel")}</Button>} />
          <Button type="submit" variant="primary" loading={form.pending}>
            {t("add")}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
