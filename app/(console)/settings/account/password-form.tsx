"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Card, CardBody, CardFooter, CardHeader } from "#components/ui/card.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { notify } from "#components/ui/notify.ts";
import { PasswordInput } from "#components/ui/password-input.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import { changePasswordAction } from "../actions.ts";

export function PasswordForm() {
  const t = useTranslations("auth");
  const form = useFormAction(changePasswordAction, (_data, element) => {
    element.reset();
    notify.success(t("settings.changed"));
  });
  return (
    <form onSubmit={form.onSubmit} noValidate className="max-w-2xl">
      <Card>
        <CardHeader title={t("settings.password")} description={t("settings.passwordDescription")} />
        <CardBody>
          <FieldStack>
            <Field name="current" label={t("settings.current")} error={form.fields.current}>
              <PasswordInput autoComplete="current-password" />
            </Field>
            <Field name="next" label={t("settings.next")} hint={t("setup.passwordHint")} error={form.fields.next}>
              <PasswordInput autoComplete="new-password" />
            </Field>
            <Field name="repeat" label={t("settings.repeat")} error={form.fields.repeat}>
              <PasswordInput autoComplete="new-password" />
            </Field>
            {form.error && (
              <Callout tone="danger" live>
                {form.error}
              </Callout>
            )}
          </FieldStack>
        </CardBody>
        <CardFooter>
          <Button type="submit" variant="primary" loading={form.pending}>
            {t("settings.change")}
          </Button>
        </CardFooter>
      </Card>
    </form>
  );
}
