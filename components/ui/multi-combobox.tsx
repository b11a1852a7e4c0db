"use client";

import { Combobox as Base } from "@base-ui/react/combobox";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { cn } from "./cn.ts";
import { type ComboboxItem, matchesEveryWord } from "./combobox-item.ts";
import { ComboboxPopup, comboboxBoxStyles, comboboxInputStyles } from "./combobox-parts.tsx";

interface MultiComboboxProps {
  items: readonly ComboboxItem[];
  name?: string;
  defaultValue?: readonly string[];
  value?: readonly string[];
  onValueChange?: (values: string[]) => void;
  placeholder?: string;
  disabled?: boolean;
  "aria-label"?: string;
  className?: string;
}

/** Several of many, shown as chips. A form submits one entry of `name` per chosen item. */
export function MultiCombobox(props: MultiComboboxProps) {
  const { items, defaultValue, value, onValueChange, placeholder, className, ...rest } = props;
  const { "aria-label": ariaLabel, ...root } = rest;
  const t = useTranslations("ui");
  const findAll = (wanted: readonly string[] | undefined) =>
    wanted && items.filter((item) => wanted.includes(item.value));
  return (
    <Base.Root
      items={items}
      multiple
      value={findAll(value)}
      defaultValue={findAll(defaultValue)}
      onValueChange={(chosen: ComboboxItem[]) => onValueChange?.(chosen.map((item) => item.value))}
      isItemEqualToValue={(a: ComboboxItem, b: ComboboxItem) => a.value === b.value}
      filter={matchesEveryWord}
      {...root}
    >
      <Base.InputGroup className={cn(comboboxBoxStyles, "min-h-9 cursor-text px-1 py-1 max-sm:min-h-11", className)}>
        <Base.Value>
          {(chosen: ComboboxItem[]) => (
            <Base.Chips className="flex w-full min-w-0 flex-wrap items-center gap-1">
              {chosen.map((item) => (
                <Base.Chip
                  key={item.value}
                  aria-label={item.label}
                  className="flex max-w-full items-center rounded-sm border border-accent-line bg-accent-soft pl-2 text-sm text-accent-text outline-none focus-within:border-focus data-highlighted:border-focus"
                >
                  <span className="truncate">{item.label}</span>
                  <Base.ChipRemove
                    aria-label={t("remove", { label: item.label })}
                    className="grid size-6 shrink-0 place-items-center rounded-sm hover:bg-hover max-sm:size-10"
                  >
                    <X aria-hidden="true" className="size-3.5" />
                  </Base.ChipRemove>
                </Base.Chip>
              ))}
              <Base.Input
                aria-label={ariaLabel}
                placeholder={chosen.length > 0 ? "" : placeholder}
                className={cn(comboboxInputStyles, "h-6.5 min-w-16 rounded-sm px-2 max-sm:h-10")}
              />
            </Base.Chips>
          )}
        </Base.Value>
      </Base.InputGroup>
      <ComboboxPopup />
    </Base.Root>
  );
}
