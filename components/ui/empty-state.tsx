import type { ReactNode } from "react";
import { cn } from "./cn.ts";

interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  /** One sentence: what this place is for. */
  description?: ReactNode;
  /** One main button. */
  action?: ReactNode;
  /** A quiet link beside it: "See an example". */
  secondary?: ReactNode;
  className?: string;
}

export function EmptyState({ icon, title, description, action, secondary, className }: EmptyStateProps) {
  return (
    <div
      className={cn(
        "flex flex-col items-center rounded-xl border border-dashed border-line bg-surface px-6 py-14 text-center",
        className,
      )}
    >
      {icon && (
        <div
          aria-hidden="true"
          className="mb-4 grid size-12 place-items-center rounded-full bg-accent-soft text-accent-text [&_svg]:size-5.5"
        >
          {icon}
        </div>
      )}
      <h2 className="text-base font-semibold">{title}</h2>
      {description && <p className="mt-1 max-w-sm text-sm text-balance text-muted">{description}</p>}
      {(action || secondary) && (
        <div className="mt-5 flex flex-wrap items-center justify-center gap-x-4 gap-y-3">
          {action}
          {secondary}
        </div>
      )}
    </div>
  );
}
