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
import { useFormAction } from "#components/ui/use-form-action.ts";

interface AddDomainDialogProps {
  add: (form: FormData) => Promise<ActionResult<string>>;
  /** The domain that mails come from already, if one is known. */
  suggested: string;
  trigger: ReactElement<Record<string, unknown>>;
}

/** Makes the keys of a domain and goes on to its records. */
export function AddDomainDialog({ add, suggested, trigger }: AddDomainDialogProps) {
  const t = useTranslations("domains.add");
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const form = useFormAction(add, (id) => router.push(`/domains/${id}`));
  return (
    <Dialog title={t("title")} description={t("description")} trigger={trigger} open={open} onOpenChange={setOpen}>
      <form onSubmit={form.onSubmit} noValidate>
        <FieldStack className="pb-5">
          {form.error && (
            <Callout tone="danger" live>
              {form.error}
            </Callout>
          )}
          <Field label={t("domain")} name="domain" hint={t("domainHint")} error={form.fields.domain}>
            <Input
              defaultValue={suggested}
              placeholder="example.com"
              autoFocus
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              inputMode="url"
            />
          </Field>
        </FieldStack>
        <DialogFooter>
          <DialogClose render={<Button>{t("cancel")}</Button>} />
          <Button type="submit" variant="primary" loading={form.pending}>
            {t("submit")}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
