"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import type { DraftFields } from "./draft-fields.ts";

interface EnvelopeFormProps {
  fields: DraftFields;
  /** Subject and preview text as the person of the preview sees them. */
  inboxLine: { subject: string; preheader: string };
  onChange: (changed: Partial<DraftFields>) => void;
}

/** Subject, preview text and sender, with the line that people see in their inbox. */
export function EnvelopeForm({ fields, inboxLine, onChange }: EnvelopeFormProps) {
  const t = useTranslations("campaigns.envelope");
  return (
    <div className="grid gap-5 rounded-xl border border-line bg-surface p-4 shadow-xs sm:p-5 lg:grid-cols-2">
      <Field label={t("subject")}>
        <Input
          data-line="subject"
          value={fields.subject}
          maxLength={500}
          onChange={(e) => onChange({ subject: e.target.value })}
        />
      </Field>
      <Field label={t("preheader")}>
        <Input
          data-line="preheader"
          value={fields.preheader}
          maxLength={1000}
          onChange={(e) => onChange({ preheader: e.target.value })}
        />
      </Field>
      <Field label={t("fromName")}>
        <Input value={fields.fromName} maxLength={200} onChange={(e) => onChange({ fromName: e.target.value })} />
      </Field>
      <div className="grid gap-5 sm:grid-cols-2">
        <AddressField
          label={t("fromEmail")}
          value={fields.fromEmail}
          onChange={(fromEmail) => onChange({ fromEmail })}
        />
        <AddressField
          label={t("replyTo")}
          optional
          value={fields.replyTo}
          onChange={(replyTo) => onChange({ replyTo })}
        />
      </div>
      <section aria-label={t("inboxLine")} className="min-w-0 lg:col-span-2">
        <p className="mb-1.5 text-sm font-medium">{t("inboxLine")}</p>
        <div className="flex min-w-0 items-baseline gap-3 overflow-hidden rounded-lg border border-line bg-paper px-3 py-2.5 text-sm">
          <span className="w-32 shrink-0 truncate font-semibold max-sm:w-20">
            {fields.fromName || fields.fromEmail || "–"}
          </span>
          <span className="min-w-0 truncate">
            <span className="font-semibold">{inboxLine.subject || t("noSubject")}</span>
            {inboxLine.preheader && <span className="text-muted"> – {inboxLine.preheader}</span>}
          </span>
        </div>
      </section>
    </div>
  );
}

interface AddressFieldProps {
  label: string;
  value: string;
  optional?: boolean;
  onChange: (value: string) => void;
}

/** One address. What is plainly none, or more than one, is said when the field is left; the review looks closely. */
function AddressField({ label, value, optional, onChange }: AddressFieldProps) {
  const t = useTranslations("campaigns.envelope");
  const [left, setLeft] = useState(false);
  const isWrong = left && value.trim() !== "" && !oneAddress.test(value.trim());
  return (
    <Field label={label} optional={optional} error={isWrong ? t("notOneAddress") : null}>
      {/* Not of type email: a browser would refuse umlauts, and hide the spaces that it takes away. */}
      <Input
        inputMode="email"
        value={value}
        maxLength={320}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onBlur={() => setLeft(true)}
        onFocus={() => setLeft(false)}
      />
    </Field>
  );
}

const oneAddress = /^[^\s@,;:<>()[\]\\"]{1,64}@[^\s@,;:<>()[\]\\"]+\.[^\s@,;:<>()[\]\\"]+$/;
