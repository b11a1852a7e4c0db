"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { PasswordInput } from "#components/ui/password-input.tsx";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import { setUpAction } from "./actions.ts";

interface SetUpFormProps {
  timeZones: Array<{ value: string; label: string }>;
  language: string;
}

export function SetUpForm({ timeZones, language }: SetUpFormProps) {
  const t = useTranslations("auth");
  const form = useFormAction(setUpAction);
  const [timeZone, setTimeZone] = useState("UTC");
  useEffect(() => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (timeZones.some((zone) => zone.value === own)) setTimeZone(own);
  }, [timeZones]);
  return (
    <form onSubmit={form.onSubmit} noValidate className="flex flex-col gap-7">
      <section>
        <h2 className="mb-4 text-base font-semibold">{t("setup.you")}</h2>
        <FieldStack>
          <Field name="name" label={t("setup.name")} error={form.fields.name}>
            <Input autoComplete="name" autoFocus />
          </Field>
          <Field name="email" label={t("setup.email")} hint={t("setup.emailHint")} error={form.fields.email}>
            <Input type="email" autoComplete="username" />
          </Field>
          <Field
            name="password"
            label={t("setup.password")}
            hint={t("setup.passwordHint")}
            error={form.fields.password}
          >
            <PasswordInput autoComplete="new-password" />
          </Field>
        </FieldStack>
      </section>
      <section>
        <h2 className="mb-4 text-base font-semibold">{t("setup.organisation")}</h2>
        <FieldStack>
          <Field name="workspaceName" label={t("setup.workspaceName")} error={form.fields.workspaceName}>
            <Input autoComplete="organization" />
          </Field>
          <Field
            name="postalAddress"
            label={t("setup.postalAddress")}
            hint={t("setup.postalAddressHint")}
            error={form.fields.postalAddress}
          >
            <Textarea rows={3} autoComplete="street-address" />
          </Field>
          <Field label={t("setup.timeZone")} error={form.fields.timeZone}>
            <Combobox
              name="timeZone"
              items={timeZones}
              value={timeZone}
              onValueChange={(value) => setTimeZone(value ?? "UTC")}
              placeholder={t("setup.timeZonePlaceholder")}
            />
          </Field>
          <Field label={t("setup.language")} hint={t("setup.languageHint")} error={form.fields.language}>
            <Select
              name="language"
              defaultValue={language}
              items={[
                { value: "en", label: t("languages.en") },
                { value: "de", label: t("languages.de") },
              ]}
            />
          </Field>
        </FieldStack>
      </section>
      {form.error && (
        <Callout tone="danger" live>
          {form.error}
        </Callout>
      )}
      <Button type="submit" variant="primary" size="lg" loading={form.pending}>
        {t("setup.submit")}
      </Button>
    </form>
  );
}
