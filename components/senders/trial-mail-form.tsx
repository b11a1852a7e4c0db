"use client";

import { Send } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";

interface TrialMail {
  accepted: boolean;
  words: string;
  advice: string | null;
}

interface TrialMailFormProps {
  to: string;
  send: (form: FormData) => Promise<ActionResult<TrialMail>>;
}

export function TrialMailForm({ to, send }: TrialMailFormProps) {
  const t = useTranslations("senders.trial");
  const [sent, setSent] = useState<(TrialMail & { to: string }) | null>(null);
  const form = useFormAction(send, (data, element) =>
    setSent({ ...data, to: String(new FormData(element).get("to")) }),
  );
  return (
    <Card>
      <CardHeader title={t("title")} description={t("description")} />
      <CardBody>
        <form onSubmit={form.onSubmit} noValidate>
          <FieldStack>
            <Field name="to" label={t("to")} error={form.fields.to}>
              <Input type="email" defaultValue={to} autoComplete="email" />
            </Field>
            <div>
              <Button type="submit" loading={form.pending} icon={<Send aria-hidden="true" />}>
                {t("send")}
              </Button>
            </div>
            {form.error && (
              <Callout tone="danger" live>
                {form.error}
              </Callout>
            )}
            {sent && !form.error && !form.pending && (
              <Callout
                tone={sent.accepted ? "success" : "danger"}
                title={sent.accepted ? undefined : t("refused")}
                live
              >
                {sent.accepted ? t("accepted", { to: sent.to }) : sent.advice}
                <span className="mt-1 block text-xs wrap-anywhere text-muted">{sent.words}</span>
              </Callout>
            )}
          </FieldStack>
        </form>
      </CardBody>
    </Card>
  );
}
