"use client";

import { useTranslations } from "next-intl";
import { FilterBar, SearchFilter, SelectFilter } from "#components/ui/filter-bar.tsx";
import { engagementFilters } from "#lib/reports/recipients-input.ts";
import { useReasonWords } from "./reason-words.tsx";
import { stateLooks } from "./state-looks.ts";

/** Narrows the list of recipients; `reasons` are those that occur in this campaign. */
export function RecipientFilters({ reasons }: { reasons: readonly string[] }) {
  const t = useTranslations("reports");
  const words = useReasonWords();
  return (
    <FilterBar params={["q", "state", "reason", "did"]}>
      <SearchFilter label={t("list.search")} placeholder={t("list.search")} />
      <SelectFilter
        label={t("list.state")}
        param="state"
        allLabel={t("list.allStates")}
        items={stateLooks.map(({ state }) => ({ value: state, label: t(`states.${state}`) }))}
      />
      {reasons.length > 0 && (
        <SelectFilter
          label={t("list.reason")}
          param="reason"
          allLabel={t("list.allReasons")}
          items={reasons.map((reason) => ({ value: reason, label: words(reason) }))}
        />
      )}
      <SelectFilter
        label={t("list.did")}
        param="did"
        allLabel={t("list.allDid")}
        items={engagementFilters.map((did) => ({ value: did, label: t(`list.${did}`) }))}
      />
    </FilterBar>
  );
}
