"use client";

import { Checkbox as Base } from "@base-ui/react/checkbox";
import { Check, Minus } from "lucide-react";
import { type ChoiceLabelProps, ChoiceText, choiceRowStyles } from "./choice-label.tsx";
import { cn } from "./cn.ts";

interface CheckboxProps extends ChoiceLabelProps {
  name?: string;
  /** What a form submits when checked; "on" if left out. */
  value?: string;
  checked?: boolean;
  defaultChecked?: boolean;
  /** Some of what it stands for is checked. */
  indeterminate?: boolean;
  required?: boolean;
  disabled?: boolean;
  onCheckedChange?: (checked: boolean) => void;
  /** Keeps the label for screen readers only (selecting rows of a table). */
  hideLabel?: boolean;
}

export function Checkbox({ label, hint, className, hideLabel, onCheckedChange, ...rest }: CheckboxProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the Base UI checkbox inside
    <label className={cn(choiceRowStyles, className)}>
      <Base.Root
        onCheckedChange={(checked) => onCheckedChange?.(checked)}
        className="mt-0.5 grid size-4.5 shrink-0 place-items-center rounded-sm border border-field bg-surface text-on-accent shadow-xs transition-colors data-checked:border-accent data-checked:bg-accent data-indeterminate:border-accent data-indeterminate:bg-accent data-invalid:border-danger"
        {...rest}
      >
        <Base.Indicator className="data-unchecked:hidden">
          {rest.indeterminate ? (
            <Minus aria-hidden="true" className="size-3.5" strokeWidth={3} />
          ) : (
            <Check aria-hidden="true" className="size-3.5" strokeWidth={3} />
          )}
        </Base.Indicator>
      </Base.Root>
      <ChoiceText label={label} hint={hint} className={hideLabel ? "sr-only" : undefined} />
    </label>
  );
}
