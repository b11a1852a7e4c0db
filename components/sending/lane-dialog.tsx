"use client";

import { useTranslations } from "next-intl";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Dialog, DialogClose, DialogFooter } from "#components/ui/dialog.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { notify } from "#components/ui/notify.ts";
import { useFormAction } from "#components/ui/use-form-action.ts";

export interface LaneActions {
  save: (form: FormData) => Promise<ActionResult<string>>;
  forget: (name: string) => Promise<ActionResult>;
}

interface LaneDialogProps {
  /** Null for a domain that is not in the list yet. */
  lane: { name: string; connections: number | null; ratePerSecond: number | null } | null;
  save: LaneActions["save"];
  onClose: () => void;
}

/** Sets the caps of a receiving domain, or takes them away. */
export function LaneDialog({ lane, save, onClose }: LaneDialogProps) {
  const t = useTranslations("sending.lanes");
  const form = useFormAction(save, (name) => {
    notify.success(t("saved", { name }));
    onClose();
  });
  return (
    <Dialog title={t("dialogTitle")} description={t("dialogText")} open onOpenChange={(open) => !open && onClose()}>
      <form onSubmit={form.onSubmit} noValidate>
        <FieldStack className="pb-5">
          {form.error && Object.keys(form.fields).length === 0 && (
            <Callout tone="danger" live>
              {form.error}
            </Callout>
          )}
          <Field label={t("domain")} name="name" hint={lane ? undefined : t("domainHint")} error={form.fields.name}>
            <Input
              defaultValue={lane?.name}
              readOnly={lane !== null}
              autoFocus={lane === null}
              maxLength={253}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
          </Field>
          <div className="flex flex-col gap-5">
            <Field label={t("connections")} name="connections" error={form.fields.connections} optional>
              <Input
                type="number"
                inputMode="numeric"
                min={1}
                step={1}
                defaultValue={lane?.connections ?? ""}
                placeholder={t("noCap")}
                autoFocus={lane !== null}
              />
            </Field>
            <Field
              label={t("rate")}
              name="ratePerSecond"
              hint={t("rateHint")}
              error={form.fields.ratePerSecond}
              optional
            >
              <Input
                type="number"
                inputMode="decimal"
                min={0.01}
                step="any"
                defaultValue={lane?.ratePerSecond ?? ""}
                placeholder={t("noCap")}
              />
            </Field>
          </div>
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
