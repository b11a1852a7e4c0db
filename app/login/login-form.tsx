"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { PasswordInput } from "#components/ui/password-input.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import { logInAction } from "./actions.ts";

export function LoginForm() {
  const t = useTranslations("auth.login");
  const form = useFormAction(logInAction);
  return (
    <form onSubmit={form.onSubmit} noValidate className="flex flex-col gap-5">
      <Field name="email" label={t("email")} error={form.fields.email}>
        <Input type="email" autoComplete="username" autoFocus />
      </Field>
      <Field name="password" label={t("password")} error={form.fields.password}>
        <PasswordInput autoComplete="current-password" />
      </Field>
      {form.error && (
        <Callout tone="danger" live>
          {form.error}
        </Callout>
      )}
      <Button type="submit" variant="primary" size="lg" loading={form.pending}>
        {t("submit")}
      </Button>
    </form>
  );
}
