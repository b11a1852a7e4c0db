"use client";

import type { ReactNode } from "react";
import { Button, type ButtonProps } from "./button.tsx";
import { Tooltip } from "./tooltip.tsx";

interface IconButtonProps extends Omit<ButtonProps, "children" | "icon" | "size" | "aria-label"> {
  /** The name of the button, shown as its tooltip too. */
  label: string;
  size?: "md" | "sm";
  side?: "top" | "right" | "bottom" | "left";
  children: ReactNode;
}

export function IconButton({
  label,
  size = "md",
  variant = "ghost",
  side = "top",
  children,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip content={label} side={side}>
      <Button variant={variant} size={size === "sm" ? "icon-sm" : "icon"} aria-label={label} {...rest}>
        {children}
      </Button>
    </Tooltip>
  );
}
