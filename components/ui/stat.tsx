import { useFormatter } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

interface StatProps {
  label: ReactNode;
  /** A number is written with the language's separators. */
  value: number | string;
  /** What the number means or is a share of: "38.2 % of 4,812 sent". */
  hint?: ReactNode;
  tone?: "danger" | "success" | "warning";
  className?: string;
}

const tones = { danger: "text-danger-text", success: "text-success-text", warning: "text-warning-text" };

/** One number. Several of them stand in a `StatRow`, which makes them one definition list. */
export function Stat({ label, value, hint, tone, className }: StatProps) {
  const format = useFormatter();
  return (
    <div className={cn("flex min-w-0 flex-col bg-surface px-5 py-4", className)}>
      <dt className="text-sm text-muted">{label}</dt>
      <dd className={cn("tabular mt-0.5 text-2xl font-semibold tracking-tight", tone && tones[tone])}>
        {typeof value === "number" ? format.number(value) : value}
      </dd>
      {hint && <dd className="mt-0.5 text-xs text-muted">{hint}</dd>}
    </div>
  );
}

export function StatRow({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <dl
      className={cn(
        "grid grid-cols-2 gap-px overflow-hidden rounded-xl border border-line bg-line shadow-xs sm:grid-cols-[repeat(auto-fit,minmax(10rem,1fr))]",
        "max-sm:[&>*:last-child:nth-child(odd)]:col-span-2",
        className,
      )}
    >
      {children}
    </dl>
  );
}
