"use client";

import { Switch as Base } from "@base-ui/react/switch";
import { type ChoiceLabelProps, ChoiceText, choiceRowStyles } from "./choice-label.tsx";
import { cn } from "./cn.ts";

interface SwitchProps extends ChoiceLabelProps {
  name?: string;
  checked?: boolean;
  defaultChecked?: boolean;
  disabled?: boolean;
  onCheckedChange?: (checked: boolean) => void;
}

/** Something that is on or off. In a form that is saved later a checkbox is clearer. */
export function Switch({ label, hint, className, onCheckedChange, ...rest }: SwitchProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the Base UI switch inside
    <label className={cn(choiceRowStyles, className)}>
      <Base.Root
        onCheckedChange={(checked) => onCheckedChange?.(checked)}
        className="mt-px flex h-5 w-9 shrink-0 rounded-full border border-field bg-field p-px transition-colors data-checked:border-accent data-checked:bg-accent"
        {...rest}
      >
        <Base.Thumb className="aspect-square h-full rounded-full bg-surface shadow-sm transition-transform data-checked:translate-x-4" />
      </Base.Root>
      <ChoiceText label={label} hint={hint} />
    </label>
  );
}
