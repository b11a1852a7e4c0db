import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

type CalloutTone = "info" | "success" | "warning" | "danger";

const looks: Record<CalloutTone, { icon: typeof Info; box: string; text: string }> = {
  info: { icon: Info, box: "border-info-line bg-info-soft", text: "text-info-text" },
  success: { icon: CircleCheck, box: "border-success-line bg-success-soft", text: "text-success-text" },
  warning: { icon: TriangleAlert, box: "border-warning-line bg-warning-soft", text: "text-warning-text" },
  danger: { icon: CircleAlert, box: "border-danger-line bg-danger-soft", text: "text-danger-text" },
};

interface CalloutProps {
  tone?: CalloutTone;
  title?: ReactNode;
  actions?: ReactNode;
  /** Read out at once when it appears: the answer to something the person just did. */
  live?: boolean;
  className?: string;
  children?: ReactNode;
}

/** Something to know before going on. An error says what to do next. */
export function Callout({ tone = "info", title, actions, live, className, children }: CalloutProps) {
  const { icon: Icon, box, text } = looks[tone];
  return (
    <div
      role={live ? (tone === "danger" ? "alert" : "status") : undefined}
      className={cn("flex gap-3 rounded-lg border px-4 py-3 text-sm text-ink", box, className)}
    >
      <Icon aria-hidden="true" className={cn("mt-0.5 size-4.5 shrink-0", text)} />
      <div className="min-w-0 flex-1">
        {title && <p className={cn("font-semibold", text)}>{title}</p>}
        {children && <div className={cn(title && "mt-0.5")}>{children}</div>}
        {actions && <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
