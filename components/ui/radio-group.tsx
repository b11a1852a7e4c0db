"use client";

import { Radio } from "@base-ui/react/radio";
import { RadioGroup as Base } from "@base-ui/react/radio-group";
import { type ReactNode, useId } from "react";
import { ChoiceText, choiceRowStyles } from "./choice-label.tsx";
import { cn } from "./cn.ts";
import { labelStyles } from "./field.tsx";

interface RadioGroupProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | null;
  name?: string;
  items: readonly { value: string; label: ReactNode; hint?: ReactNode; disabled?: boolean }[];
  defaultValue?: string;
  value?: string;
  onValueChange?: (value: string) => void;
  disabled?: boolean;
  /** Each answer in a box of its own, for choices that need a sentence. */
  boxed?: boolean;
}

/** One of a few, all of them in sight. */
export function RadioGroup({ label, hint, error, items, onValueChange, boxed, ...rest }: RadioGroupProps) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div>
        <p id={`${id}-label`} className={labelStyles}>
          {label}
        </p>
        {hint && (
          <p id={`${id}-hint`} className="text-sm text-muted">
            {hint}
          </p>
        )}
      </div>
      <Base
        aria-labelledby={`${id}-label`}
        aria-describedby={[hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined}
        aria-invalid={error ? true : undefined}
        onValueChange={(value) => onValueChange?.(String(value))}
        className={cn("flex flex-col", boxed ? "gap-2" : "gap-1")}
        {...rest}
      >
        {items.map((item) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the control is the Base UI radio inside
          <label
            key={item.value}
            className={cn(
              choiceRowStyles,
              boxed &&
                "rounded-lg border border-line bg-surface px-3.5 py-3! transition-colors hover:border-field has-data-checked:border-accent has-data-checked:bg-accent-soft",
            )}
          >
            <Radio.Root
              value={item.value}
              disabled={item.disabled}
              className="mt-0.5 grid size-4.5 shrink-0 place-items-center rounded-full border border-field bg-surface shadow-xs transition-colors data-checked:border-accent data-checked:bg-accent"
            >
              <Radio.Indicator className="size-1.75 rounded-full bg-on-accent data-unchecked:hidden" />
            </Radio.Root>
            <ChoiceText label={item.label} hint={item.hint} />
          </label>
        ))}
      </Base>
      {error && (
        <p id={`${id}-error`} className="text-sm font-medium text-danger-text">
          {error}
        </p>
      )}
    </div>
  );
}
