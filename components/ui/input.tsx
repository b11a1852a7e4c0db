"use client";

import { Input as Base } from "@base-ui/react/input";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";
import { controlHeight, controlStyles } from "./field-styles.ts";

interface InputProps extends Omit<ComponentProps<"input">, "prefix" | "defaultValue" | "value"> {
  defaultValue?: string | number;
  value?: string | number;
  /** Stands inside the box before or behind the text: a unit, an icon. */
  prefix?: ReactNode;
  suffix?: ReactNode;
}

/** Inside a `Field` its id, name, description and error are wired by themselves. */
export function Input({ className, prefix, suffix, ...rest }: InputProps) {
  const input = (
    <Base
      className={cn(
        controlStyles,
        controlHeight,
        "px-3 read-only:bg-sunken",
        prefix && "pl-9",
        suffix && "pr-16",
        className,
      )}
      {...rest}
    />
  );
  if (!prefix && !suffix) return input;
  return (
    <span className="relative flex items-center">
      {prefix && <span className="pointer-events-none absolute left-3 text-muted [&_svg]:size-4">{prefix}</span>}
      {input}
      {suffix && <span className="absolute right-3 text-sm text-muted">{suffix}</span>}
    </span>
  );
}
