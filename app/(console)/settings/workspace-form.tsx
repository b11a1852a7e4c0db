"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Card, CardBody, CardFooter, CardHeader } from "#components/ui/card.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { notify } from "#components/ui/notify.ts";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import { saveWorkspaceAction } from "./actions.ts";

interface WorkspaceFormProps {
  workspace: { name: string; postalAddress: string; timeZone: string; language: string };
  timeZones: Array<{ value: string; label: string }>;
  mayChange: boolean;
}

export function WorkspaceForm({ workspace, timeZones, mayChange }: WorkspaceFormProps) {
  const t = useTranslations("auth");
  const form = useFormAction(saveWorkspaceAction, () => notify.success(t("settings.saved")));
  return (
    <form onSubmit={form.onSubmit} noValidate className="max-w-2xl">
      <Card>
        <CardHeader title={t("settings.workspace")} description={t("settings.workspaceDescription")} />
        <CardBody>
          <FieldStack>
            {!mayChange && <Callout>{t("settings.readOnly")}</Callout>}
            <Field
              name="workspaceName"
              label={t("setup.workspaceName")}
              error={form.fields.workspaceName}
              disabled={!mayChange}
            >
              <Input defaultValue={workspace.name} />
            </Field>
            <Field
              name="postalAddress"
              label={t("setup.postalAddress")}
              hint={t("setup.postalAddressHint")}
              error={form.fields.postalAddress}
              disabled={!mayChange}
            >
              <Textarea rows={3} defaultValue={workspace.postalAddress} />
            </Field>
            <Field label={t("setup.timeZone")} error={form.fields.timeZone} disabled={!mayChange}>
              <Combobox
                name="timeZone"
                items={timeZones}
                defaultValue={workspace.timeZone}
                placeholder={t("setup.timeZonePlaceholder")}
              />
            </Field>
            <Field
              label={t("setup.language")}
              hint={t("setup.languageHint")}
              error={form.fields.language}
              disabled={!mayChange}
            >
              <Select
                name="language"
                defaultValue={workspace.language}
                items={[
                  { value: "en", label: t("languages.en") },
                  { value: "de", label: t("languages.de") },
                ]}
              />
            </Field>
            {form.error && (
              <Callout tone="danger" live>
                {form.error}
              </Callout>
            )}
          </FieldStack>
        </CardBody>
        {mayChange && (
          <CardFooter>
            <Button type="submit" variant="primary" loading={form.pending}>
              {t("settings.save")}
            </Button>
          </CardFooter>
        )}
      </Card>
    </form>
  );
}
