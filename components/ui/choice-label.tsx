import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export interface ChoiceLabelProps {
  label: ReactNode;
  hint?: ReactNode;
  className?: string;
}

/** The words beside a checkbox, radio or switch. The whole row can be pressed and is 40 px high on phones. */
export const choiceRowStyles =
  "flex items-start gap-3 py-0.5 text-sm max-sm:min-h-10 max-sm:py-2 has-data-disabled:cursor-not-allowed has-data-disabled:opacity-60";

export function ChoiceText({ label, hint, className }: ChoiceLabelProps) {
  return (
    <span className={cn("min-w-0", className)}>
      <span className="block font-medium text-ink">{label}</span>
      {hint && <span className="block text-muted">{hint}</span>}
    </span>
  );
}
