"use client";

import { useTranslations } from "next-intl";
import { type ReactElement, useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Dialog, DialogClose, DialogFooter } from "#components/ui/dialog.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { DateTime } from "#components/ui/time.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { DomainDetail } from "#lib/senders/domains/list.ts";

interface BouncesCardProps {
  domain: DomainDetail;
  /** Null for people who may only look. */
  actions: { set: (form: FormData) => Promise<ActionResult>; onSet: () => void; remove: () => Promise<boolean> } | null;
}

/** Where mail that comes back goes, since when, and the way to set it up, change it and end it. */
export function BouncesCard({ domain, actions }: BouncesCardProps) {
  const t = useTranslations("domains.bounces");
  const { bounces } = domain;
  return (
    <Card data-bounces={bounces ? (bounces.since ? "used" : "waiting") : "none"}>
      <CardHeader title={t("title")} />
      <CardBody className="flex flex-col items-start gap-3 text-sm">
        {bounces ? (
          <>
            <dl className="flex flex-col gap-1">
              <dt className="text-muted">{t("host")}</dt>
              <dd className="font-medium wrap-anywhere">{bounces.host}</dd>
              <dt className="mt-1 text-muted">{t("server")}</dt>
              <dd className="font-medium wrap-anywhere">{bounces.server}</dd>
            </dl>
            <p>
              {bounces.since
                ? t.rich("since", { when: () => <DateTime at={bounces.since ?? ""} shape="date" /> })
                : t("waiting")}
            </p>
          </>
        ) : (
          <p>{t("text")}</p>
        )}
        <p className="text-muted">{t("intake")}</p>
        {actions && (
          <div className="flex flex-wrap gap-2">
            <BouncesDialog
              domain={domain}
              actions={actions}
              trigger={<Button size="sm">{bounces ? t("change") : t("setUp")}</Button>}
            />
            {bounces && (
              <ConfirmDialog
                title={t("askStop", { host: bounces.host })}
                description={t("askStopText")}
                confirmLabel={t("stop")}
                trigger={<Button size="sm">{t("stop")}</Button>}
                onConfirm={actions.remove}
              />
            )}
          </div>
        )}
      </CardBody>
    </Card>
  );
}

interface BouncesDialogProps {
  domain: DomainDetail;
  actions: NonNullable<BouncesCardProps["actions"]>;
  trigger: ReactElement<Record<string, unknown>>;
}

function BouncesDialog({ domain, actions, trigger }: BouncesDialogProps) {
  const t = useTranslations("domains.bounces");
  const [open, setOpen] = useState(false);
  const name = domain.displayName;
  const { host, server } = domain.bounces ?? domain.suggestedBounces;
  const form = useFormAction(actions.set, () => {
    setOpen(false);
    actions.onSet();
  });
  const typing = { autoComplete: "off", autoCapitalize: "none", spellCheck: false, inputMode: "url" } as const;
  return (
    <Dialog
      title={t("dialogTitle", { name })}
      description={t("dialogText")}
      trigger={trigger}
      open={open}
      onOpenChange={setOpen}
    >
      <form onSubmit={form.onSubmit} noValidate>
        <FieldStack className="pb-5">
          {form.error && (
            <Callout tone="danger" live>
              {form.error}
            </Callout>
          )}
          <Field label={t("host")} name="host" hint={t("hostHint", { name })} error={form.fields.host}>
            <Input defaultValue={host} placeholder={`bounces.${domain.domain}`} {...typing} />
          </Field>
          <Field label={t("serverLabel")} name="server" hint={t("serverHint")} error={form.fields.server}>
            <Input defaultValue={server} placeholder="mail.example.com" {...typing} />
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
