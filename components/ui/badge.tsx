import { cva, type VariantProps } from "class-variance-authority";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

const badgeStyles = cva(
  "inline-flex max-w-full items-center gap-1.5 rounded-full border px-2 py-px text-xs font-medium whitespace-nowrap [&_svg]:size-3",
  {
    variants: {
      tone: {
        neutral: "border-neutral-line bg-neutral-soft text-neutral-text",
        accent: "border-accent-line bg-accent-soft text-accent-text",
        info: "border-info-line bg-info-soft text-info-text",
        success: "border-success-line bg-success-soft text-success-text",
        warning: "border-warning-line bg-warning-soft text-warning-text",
        danger: "border-danger-line bg-danger-soft text-danger-text",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

export type Tone = NonNullable<VariantProps<typeof badgeStyles>["tone"]>;

interface BadgeProps {
  tone?: Tone;
  /** A dot before the text: a state rather than a label. `pulse` for something that is going on right now. */
  dot?: boolean | "pulse";
  icon?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A short word about a thing. The word carries the meaning, the colour only helps. */
export function Badge({ tone, dot, icon, className, children }: BadgeProps) {
  return (
    <span className={cn(badgeStyles({ tone }), className)}>
      {dot && (
        <span
          aria-hidden="true"
          className={cn("size-1.5 shrink-0 rounded-full bg-current", dot === "pulse" && "animate-pulse")}
        />
      )}
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
