"use client";

import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

interface SegmentedControlProps<Value extends string> {
  /** Its name, for screen readers: "Preview width". */
  label: string;
  items: readonly { value: Value; label: string; icon?: ReactNode }[];
  value: Value;
  onValueChange: (value: Value) => void;
  /** Shows only the icons; the labels stay for screen readers. */
  iconsOnly?: boolean;
  className?: string;
}

/** Switches a view between two to four ways: desktop or phone, light or dark. One is always on. */
export function SegmentedControl<Value extends string>(props: SegmentedControlProps<Value>) {
  const { label, items, value, onValueChange, iconsOnly, className } = props;
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={([next]) => {
        const chosen = items.find((item) => item.value === next);
        if (chosen) onValueChange(chosen.value);
      }}
      className={cn("inline-flex w-fit items-center gap-0.5 rounded-lg border border-line bg-sunken p-0.5", className)}
    >
      {items.map((item) => (
        <Toggle
          key={item.value}
          value={item.value}
          aria-label={iconsOnly ? item.label : undefined}
          title={iconsOnly ? item.label : undefined}
          className="inline-flex h-7.5 min-w-9 items-center justify-center gap-1.5 rounded-md border border-transparent px-2.5 text-sm font-medium text-muted transition-colors hover:text-ink data-pressed:border-line data-pressed:bg-raised data-pressed:text-ink data-pressed:shadow-xs max-sm:h-10 [&_svg]:size-4"
        >
          {item.icon}
          {!iconsOnly && item.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
