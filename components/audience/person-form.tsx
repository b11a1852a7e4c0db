"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field, FieldGroup, FieldStack } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import type { FieldKind } from "./field-dialog.tsx";

export interface FormField {
  key: string;
  label: string;
  type: FieldKind;
}

export interface PersonValues {
  email: string;
  firstName: string;
  lastName: string;
  fields: Record<string, string>;
}

interface PersonFieldsProps {
  values?: PersonValues;
  fields: readonly FormField[];
  errors: Record<string, string>;
}

/** Address, names and custom fields: what adding and editing a person have in common. */
export function PersonFields({ values, fields, errors }: PersonFieldsProps) {
  const t = useTranslations("subscribers");
  return (
    <>
      <Field label={t("email")} name="email" error={errors.email}>
        <Input type="text" inputMode="email" defaultValue={values?.email} required autoFocus autoComplete="off" />
      </Field>
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label={t("firstName")} name="firstName" error={errors.firstName} optional>
          <Input defaultValue={values?.firstName} maxLength={120} autoComplete="off" />
        </Field>
        <Field label={t("lastName")} name="lastName" error={errors.lastName} optional>
          <Input defaultValue={values?.lastName} maxLength={120} autoComplete="off" />
        </Field>
      </div>
      {fields.length > 0 && (
        <FieldGroup legend={t("fields")}>
          <FieldStack>
            {fields.map((field) => (
              <CustomField
                key={field.key}
                field={field}
                value={values?.fields[field.key] ?? ""}
                error={errors[`fields.${field.key}`]}
              />
            ))}
          </FieldStack>
        </FieldGroup>
      )}
    </>
  );
}

function CustomField({ field, value, error }: { field: FormField; value: string; error?: string }) {
  const t = useTranslations("subscribers");
  const [chosen, setChosen] = useState(value);
  const name = `field:${field.key}`;
  return (
    <Field label={field.label} name={name} error={error} optional>
      {field.type === "boolean" ? (
        <Select
          items={[
            { value: "", label: t("notSet") },
            { value: "true", label: t("yes") },
            { value: "false", label: t("no") },
          ]}
          value={chosen}
          onValueChange={setChosen}
        />
      ) : (
        <Input
          type={field.type === "date" ? "date" : "text"}
          inputMode={field.type === "number" ? "decimal" : undefined}
          defaultValue={value}
          autoComplete="off"
        />
      )}
    </Field>
  );
}

/** What a form with PersonFields holds, as the actions take it. */
export function readPerson(form: FormData, fields: readonly FormField[]): PersonValues {
  const text = (name: string) => String(form.get(name) ?? "");
  return {
    email: text("email"),
    firstName: text("firstName"),
    lastName: text("lastName"),
    fields: Object.fromEntries(fields.map(({ key }) => [key, text(`field:${key}`)])),
  };
}
