"use client";

import { Combobox as Base } from "@base-ui/react/combobox";
import { ChevronDown, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { cn } from "./cn.ts";
import { type ComboboxItem, matchesEveryWord } from "./combobox-item.ts";
import { ComboboxPopup, comboboxBoxStyles, comboboxInputStyles } from "./combobox-parts.tsx";
import { controlHeight } from "./field-styles.ts";

interface ComboboxProps {
  items: readonly ComboboxItem[];
  name?: string;
  defaultValue?: string | null;
  value?: string | null;
  onValueChange?: (value: string | null) => void;
  placeholder?: string;
  disabled?: boolean;
  required?: boolean;
  /** Shows a × that empties it. */
  clearable?: boolean;
  "aria-label"?: string;
  className?: string;
}

const iconButton = "grid h-full w-8 shrink-0 place-items-center text-muted hover:text-ink max-sm:w-10";

/** One of many, found by typing. A form submits the item's value. */
export function Combobox(props: ComboboxProps) {
  const { items, defaultValue, value, onValueChange, placeholder, clearable, className, ...rest } = props;
  const { "aria-label": ariaLabel, ...root } = rest;
  const t = useTranslations("ui");
  const find = (wanted: string | null | undefined) =>
    wanted === undefined ? undefined : (items.find((item) => item.value === wanted) ?? null);
  return (
    <Base.Root
      items={items}
      value={find(value)}
      defaultValue={find(defaultValue)}
      onValueChange={(item: ComboboxItem | null) => onValueChange?.(item?.value ?? null)}
      isItemEqualToValue={(a: ComboboxItem, b: ComboboxItem) => a.value === b.value}
      filter={matchesEveryWord}
      autoHighlight
      {...root}
    >
      <Base.InputGroup className={cn(comboboxBoxStyles, controlHeight, className)}>
        <Base.Input
          aria-label={ariaLabel}
          placeholder={placeholder}
          className={cn(comboboxInputStyles, "h-full rounded-md pl-3")}
        />
        {clearable && (
          <Base.Clear aria-label={t("clear")} className={iconButton}>
            <X aria-hidden="true" className="size-4" />
          </Base.Clear>
        )}
        <Base.Trigger aria-label={t("openList")} className={iconButton}>
          <ChevronDown aria-hidden="true" className="size-4" />
        </Base.Trigger>
      </Base.InputGroup>
      <ComboboxPopup />
    </Base.Root>
  );
}
