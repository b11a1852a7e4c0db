"use client";

import { useTranslations } from "next-intl";
import { parseAsString, useQueryState } from "nuqs";
import { SearchFilter, SelectFilter } from "#components/ui/filter-bar.tsx";

/** Narrows by a custom field: which one, then its value. */
export function FieldFilter({ fields }: { fields: readonly { key: string; label: string }[] }) {
  const t = useTranslations("subscribers");
  const [key] = useQueryState("field", parseAsString);
  const chosen = fields.find((field) => field.key === key);
  return (
    <>
      <SelectFilter
        label={t("byField")}
        param="field"
        items={fields.map((field) => ({ value: field.key, label: field.label }))}
        allLabel={t("anyField")}
      />
      {chosen && <SearchFilter label={t("fieldValue", { field: chosen.label })} param="value" />}
    </>
  );
}
