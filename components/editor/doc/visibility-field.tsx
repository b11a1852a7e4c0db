"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import type { Visibility } from "#lib/content/doc/visibility.ts";
import { ChoiceField, type FieldChoice } from "./doc-fields.tsx";

type Rule = Visibility["rules"][number];
const operators = ["set", "not_set", "equal", "not_equal", "contains", "more", "less"] as const;

interface VisibilityFieldProps {
  value: Visibility | undefined;
  onChange: (value: Visibility | undefined) => void;
  fields: readonly FieldChoice[];
}

/** Who sees a part: rules about people's fields, of which all or any have to hold. */
export function VisibilityField({ value, onChange, fields }: VisibilityFieldProps) {
  const t = useTranslations("editorDoc.visibility");
  const rules = value?.rules ?? [];
  const put = (next: Rule[]) => onChange(next.length === 0 ? undefined : { match: value?.match ?? "all", rules: next });
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1 text-sm font-medium">{t("title")}</legend>
      {rules.length === 0 && <p className="text-sm text-muted">{t("everybody")}</p>}
      {rules.length > 1 && value && (
        <ChoiceField
          label={t("match")}
          value={value.match}
          onChange={(match) => onChange({ ...value, match })}
          items={[
            { value: "all", label: t("all") },
            { value: "any", label: t("any") },
          ]}
        />
      )}
      {rules.map((rule, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rules have no names and keep their places
        <div key={at} className="flex flex-col gap-2 rounded-lg border border-line p-2">
          <div className="flex gap-2">
            <Select
              aria-label={t("field")}
              items={fields.map(({ key, label }) => ({ value: key, label }))}
              value={rule.field}
              onValueChange={(field) => put(rules.with(at, { ...rule, field }))}
              className="min-w-0 flex-1"
            />
            <IconButton label={t("remove")} onClick={() => put(rules.toSpliced(at, 1))}>
              <X aria-hidden="true" />
            </IconButton>
          </div>
          <Select
            aria-label={t("operator")}
            items={operators.map((is) => ({ value: is, label: t(`is.${is}`) }))}
            value={rule.is}
            onValueChange={(is) => put(rules.with(at, ruleOf(rule, is as Rule["is"])))}
          />
          {"value" in rule && (
            <Input
              aria-label={t("value")}
              type={typeof rule.value === "number" ? "number" : "text"}
              value={rule.value}
              maxLength={200}
              onChange={(event) =>
                put(
                  rules.with(at, {
                    ...rule,
                    value: typeof rule.value === "number" ? Number(event.target.value) || 0 : event.target.value,
                  } as Rule),
                )
              }
            />
          )}
        </div>
      ))}
      {rules.length < 10 && fields[0] && (
        <Button
          size="sm"
          className="self-start"
          icon={<Plus aria-hidden="true" />}
          onClick={() => put([...rules, { field: fields[0]?.key ?? "email", is: "set" }])}
        >
          {t("add")}
        </Button>
      )}
    </fieldset>
  );
}

function ruleOf(rule: Rule, is: Rule["is"]): Rule {
  const { field } = rule;
  const value = "value" in rule ? rule.value : "";
  if (is === "set" || is === "not_set") return { field, is };
  if (is === "more" || is === "less") return { field, is, value: Number(value) || 0 };
  return { field, is, value: String(value) };
}
