"use client";

import { useTranslations } from "next-intl";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";

export type End = { kind: "keep" } | { kind: "none" } | { kind: "at"; wallTime: string; zone: string };

/** The campaign's end has passed: it gets a new one, or none. */
export function EndChoice({ end, zone, onChange }: { end: End; zone: string; onChange: (end: End) => void }) {
  const t = useTranslations("decisions.end");
  const wallTime = end.kind === "at" ? end.wallTime : "";
  return (
    <div className="flex flex-col gap-3">
      <RadioGroup
        label={t("label")}
        hint={t("hint")}
        value={end.kind === "at" ? "at" : "none"}
        onValueChange={(kind) => onChange(kind === "at" ? { kind, wallTime: "", zone } : { kind: "none" })}
        items={[
          { value: "none", label: t("none") },
          { value: "at", label: t("at") },
        ]}
      />
      {end.kind === "at" && (
        <Field label={t("time")} hint={t("zone", { zone })}>
          <Input
            type="datetime-local"
            value={wallTime}
            onChange={(event) => onChange({ kind: "at", wallTime: event.target.value.slice(0, 16), zone })}
          />
        </Field>
      )}
    </div>
  );
}
