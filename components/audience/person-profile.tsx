import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { DateTime } from "#components/ui/time.tsx";
import type { FormField } from "./person-form.tsx";
import { sourceWords } from "./subscriber-table.tsx";

interface PersonProfileProps {
  person: { email: string; firstName: string; lastName: string; source: string; createdAt: Date };
  fields: readonly (FormField & { value: string | number | boolean | null })[];
}

export function PersonProfile({ person, fields }: PersonProfileProps) {
  const t = useTranslations("subscribers");
  return (
    <dl className="grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-6 gap-y-2.5 text-sm">
      <Fact label={t("email")}>{person.email}</Fact>
      <Fact label={t("firstName")}>{person.firstName}</Fact>
      <Fact label={t("lastName")}>{person.lastName}</Fact>
      {fields.map((field) => (
        <Fact key={field.key} label={field.label}>
          <Value value={field.value} />
        </Fact>
      ))}
      <Fact label={t("source")}>{sourceWords(t, person.source)}</Fact>
      <Fact label={t("added")}>
        <DateTime at={person.createdAt} />
      </Fact>
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0 wrap-anywhere whitespace-pre-line">{children || <span className="text-muted">–</span>}</dd>
    </>
  );
}

function Value({ value }: { value: string | number | boolean | null }) {
  const t = useTranslations("subscribers");
  const format = useFormatter();
  if (value === null) return <span className="text-muted">–</span>;
  if (typeof value === "boolean") return value ? t("yes") : t("no");
  return typeof value === "number" ? format.number(value, { maximumFractionDigits: 20, useGrouping: false }) : value;
}
