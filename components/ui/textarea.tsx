"use client";

import { Field as Base } from "@base-ui/react/field";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";
import { controlStyles } from "./field-styles.ts";

interface TextareaProps extends Omit<ComponentProps<"textarea">, "defaultValue" | "value"> {
  defaultValue?: string;
  value?: string;
}

export function Textarea({ className, name, disabled, defaultValue, value, rows = 4, ...rest }: TextareaProps) {
  return (
    <Base.Control
      name={name}
      disabled={disabled}
      defaultValue={defaultValue}
      value={value}
      className={cn(controlStyles, "block min-h-20 resize-y px-3 py-2 read-only:bg-sunken", className)}
      render={<textarea rows={rows} {...rest} />}
    />
  );
}
