"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Switch } from "#components/ui/switch.tsx";
import type { DraftFields } from "./draft-fields.ts";

type Canary = NonNullable<DraftFields["canary"]>;

interface CanaryFieldProps {
  canary: Canary | null;
  limits: Canary;
  onChange: (canary: Canary | null) => void;
}

const usual: Canary = { count: 200, minutes: 30 };

/** Whether a few people get it before the others, how many, and how long it waits after them. */
export function CanaryField({ canary, limits, onChange }: CanaryFieldProps) {
  const t = useTranslations("campaigns.delivery.canary");
  const [typed, setTyped] = useState(() => asTyped(canary ?? usual));

  function change(changed: Partial<typeof typed>) {
    const next = { ...typed, ...changed };
    setTyped(next);
    const count = wholeNumber(next.count, limits.count);
    const minutes = wholeNumber(next.minutes, limits.minutes);
    if (count !== null && minutes !== null) onChange({ count, minutes });
  }
  const errorOf = (part: keyof Canary) =>
    wholeNumber(typed[part], limits[part]) === null ? t("outside", { most: limits[part] }) : null;

  return (
    <div className="flex flex-col gap-3">
      <Switch
        label={t("label")}
        hint={t("hint")}
        checked={canary !== null}
        onCheckedChange={(on) => {
          setTyped(asTyped(usual));
          onChange(on ? usual : null);
        }}
      />
      {canary !== null && (
        <div className="grid gap-4 sm:ml-12 sm:grid-cols-2">
          <Field label={t("count")} hint={t("countHint")} error={errorOf("count")}>
            <Input
              type="number"
              inputMode="numeric"
              min={1}
              max={limits.count}
              value={typed.count}
              onChange={(event) => change({ count: event.target.value })}
            />
          </Field>
          <Field label={t("minutes")} hint={t("minutesHint")} error={errorOf("minutes")}>
            <Input
              type="number"
              inputMode="numeric"
              min={1}
              max={limits.minutes}
              value={typed.minutes}
              suffix={t("unit")}
              onChange={(event) => change({ minutes: event.target.value })}
            />
          </Field>
        </div>
      )}
    </div>
  );
}

const asTyped = ({ count, minutes }: Canary) => ({ count: String(count), minutes: String(minutes) });

function wholeNumber(text: string, most: number): number | null {
  const number = /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0;
  return number >= 1 && number <= most ? number : null;
}
