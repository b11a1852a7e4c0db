"use client";

import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { controlHeight, controlStyles } from "./field-styles.ts";

export interface SelectItem {
  value: string;
  label: string;
  hint?: string;
  disabled?: boolean;
}

interface SelectProps {
  items: readonly SelectItem[];
  name?: string;
  defaultValue?: string | null;
  value?: string | null;
  onValueChange?: (value: string) => void;
  placeholder?: string;
  disabled?: boolean;
  required?: boolean;
  /** Needed when the select stands outside a `Field`. */
  "aria-label"?: string;
  className?: string;
  icon?: ReactNode;
}

/** One of a few. For more than about a dozen take `Combobox`, which filters. */
export function Select({ items, onValueChange, placeholder, className, icon, ...rest }: SelectProps) {
  const { "aria-label": ariaLabel, ...root } = rest;
  return (
    <Base.Root
      items={items}
      onValueChange={(value) => {
        if (typeof value === "string") onValueChange?.(value);
      }}
      modal={false}
      {...root}
    >
      <Base.Trigger
        aria-label={ariaLabel}
        className={cn(
          controlStyles,
          controlHeight,
          "flex items-center gap-2 pr-2 pl-3 text-left select-none data-popup-open:border-focus",
          className,
        )}
      >
        {icon}
        <Base.Value className="min-w-0 flex-1 truncate data-placeholder:text-muted" placeholder={placeholder} />
        <Base.Icon className="text-muted">
          <ChevronDown aria-hidden="true" className="size-4" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <Base.Popup className="floating max-h-(--available-height) min-w-(--anchor-width) max-w-(--available-width) overflow-y-auto p-1">
            <Base.List>
              {items.map((item) => (
                <Base.Item
                  key={item.value}
                  value={item.value}
                  disabled={item.disabled}
                  className="flex min-h-8 cursor-default items-center gap-2 rounded-md py-1.5 pr-3 pl-2 text-sm outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover max-sm:min-h-11"
                >
                  <span className="grid size-4 shrink-0 place-items-center">
                    <Base.ItemIndicator>
                      <Check aria-hidden="true" className="size-4 text-accent-text" />
                    </Base.ItemIndicator>
                  </span>
                  <span className="min-w-0">
                    <Base.ItemText>{item.label}</Base.ItemText>
                    {item.hint && <span className="block text-xs text-muted">{item.hint}</span>}
                  </span>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
