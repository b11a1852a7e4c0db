"use client";

import { Field as Base } from "@base-ui/react/field";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export const labelStyles = "text-sm font-medium text-ink";

interface FieldProps {
  label: ReactNode;
  /** One sentence under the label that helps before a mistake is made. */
  hint?: ReactNode;
  /** What is wrong and what to do about it; turns the control red and is announced. */
  error?: string | null;
  name?: string;
  /** Marks what may be left empty; what must be filled in carries no mark. */
  optional?: boolean;
  disabled?: boolean;
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean;
  className?: string;
  /** One control: Input, Textarea, Select, Combobox, … */
  children: ReactNode;
}

/** Label, hint, control and error, wired for assistive technology. */
export function Field({ label, hint, error, name, optional, disabled, hideLabel, className, children }: FieldProps) {
  const t = useTranslations("ui");
  return (
    <Base.Root
      name={name}
      disabled={disabled}
      invalid={error ? true : undefined}
      className={cn("flex min-w-0 flex-col gap-1.5", className)}
    >
      <Base.Label className={hideLabel ? "sr-only" : labelStyles}>
        {label}
        {optional && <span className="ml-1.5 font-normal text-muted">{t("optional")}</span>}
      </Base.Label>
      {hint && <Base.Description className="-mt-0.5 max-w-prose text-sm text-muted">{hint}</Base.Description>}
      {children}
      {error && (
        <Base.Error match className="max-w-prose text-sm font-medium text-danger-text">
          {error}
        </Base.Error>
      )}
    </Base.Root>
  );
}

/** Fields of one form under each other, with even distance. */
export function FieldStack({ className, children }: { className?: string; children: ReactNode }) {
  return <div className={cn("flex flex-col gap-5", className)}>{children}</div>;
}

/** A native fieldset for a group of fields that answer one question. */
export function FieldGroup({ legend, hint, children }: { legend: ReactNode; hint?: ReactNode; children: ReactNode }) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-4">
      <legend className={cn(labelStyles, "float-left mb-1")}>{legend}</legend>
      {hint && <p className="-mt-3 clear-both max-w-prose text-sm text-muted">{hint}</p>}
      {children}
    </fieldset>
  );
}
