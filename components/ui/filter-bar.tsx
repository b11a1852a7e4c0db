"use client";

import { useTranslations } from "next-intl";
import { debounce, parseAsString, useQueryStates } from "nuqs";
import { type ReactNode, useTransition } from "react";
import { Button } from "./button.tsx";
import { SearchInput } from "./search-input.tsx";
import { Select, type SelectItem } from "./select.tsx";

/*
 * Filters live in the address bar, so a view can be shared and the back button works. Changing one goes back to the
 * first page: the keyset cursors `after` and `before` are dropped in the same step.
 */
function useFilters(params: readonly string[]) {
  const [pending, startTransition] = useTransition();
  const keys = Object.fromEntries([...params, "after", "before"].map((param) => [param, parseAsString]));
  const [values, set] = useQueryStates(keys, { shallow: false, history: "replace", startTransition });
  const change = (next: Record<string, string | null>, waitMs = 0) =>
    set({ ...next, after: null, before: null }, waitMs ? { limitUrlUpdates: debounce(waitMs) } : {});
  return { values, change, pending };
}

/** The row above a list: search first, then filters. "Clear all" shows when one of `params` is set. */
export function FilterBar({ params, children }: { params?: readonly string[]; children: ReactNode }) {
  const t = useTranslations("ui");
  const { values, change } = useFilters(params ?? []);
  const active = (params ?? []).filter((param) => values[param]);
  return (
    <search className="mb-4 grid grid-cols-2 items-center gap-2 sm:flex sm:flex-wrap">
      {children}
      {active.length > 0 && (
        <Button
          variant="ghost"
          className="text-muted max-sm:col-span-2"
          onClick={() => change(Object.fromEntries(active.map((param) => [param, null])))}
        >
          {t("clearAll")}
        </Button>
      )}
    </search>
  );
}

interface SearchFilterProps {
  label: string;
  placeholder?: string;
  /** The query parameter it writes; "q" if left out. */
  param?: string;
}

export function SearchFilter({ label, placeholder, param = "q" }: SearchFilterProps) {
  const { values, change, pending } = useFilters([param]);
  return (
    <SearchInput
      label={label}
      placeholder={placeholder}
      value={values[param] ?? ""}
      onValueChange={(value) => change({ [param]: value || null }, value ? 300 : 0)}
      pending={pending}
      className="max-sm:col-span-2 sm:w-72"
    />
  );
}

interface SelectFilterProps {
  label: string;
  param: string;
  items: readonly SelectItem[];
  /** The words for "no filter": "Every status". */
  allLabel: string;
}

export function SelectFilter({ label, param, items, allLabel }: SelectFilterProps) {
  const { values, change } = useFilters([param]);
  return (
    <Select
      aria-label={label}
      items={[{ value: "", label: allLabel }, ...items]}
      value={values[param] ?? ""}
      onValueChange={(value) => change({ [param]: value || null })}
      className="sm:w-auto sm:min-w-40"
    />
  );
}
