"use client";

import { Progress as Base } from "@base-ui/react/progress";
import { useFormatter } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

interface ProgressProps {
  label: ReactNode;
  /** How much is done, of `max`; null while the total is not known yet. */
  value: number | null;
  max?: number;
  /** What stands at the right instead of the percentage: "1,204 of 5,000". */
  valueText?: string;
  tone?: "accent" | "success" | "warning" | "danger";
  hideLabel?: boolean;
  className?: string;
}

const fills = { accent: "bg-accent", success: "bg-success", warning: "bg-warning", danger: "bg-danger" };

export function Progress({ label, value, max = 100, valueText, tone = "accent", hideLabel, className }: ProgressProps) {
  const format = useFormatter();
  const share = value === null || max <= 0 ? null : Math.min(1, Math.max(0, value / max));
  const text = valueText ?? (share === null ? "" : format.number(share, { style: "percent" }));
  return (
    <Base.Root
      value={share === null ? null : share * 100}
      getAriaValueText={() => text}
      className={cn("grid grid-cols-[1fr_auto] items-baseline gap-x-4 gap-y-1.5", className)}
    >
      <Base.Label className={hideLabel ? "sr-only" : "min-w-0 text-sm font-medium"}>{label}</Base.Label>
      {!hideLabel && (
        <span aria-hidden="true" className="tabular text-sm text-muted">
          {text}
        </span>
      )}
      <Base.Track className="col-span-2 h-2 overflow-hidden rounded-full bg-neutral-soft">
        <Base.Indicator
          className={cn(
            "h-full rounded-full transition-[width] duration-300 ease-out data-indeterminate:w-1/3 data-indeterminate:animate-pulse",
            fills[tone],
          )}
        />
      </Base.Track>
    </Base.Root>
  );
}
