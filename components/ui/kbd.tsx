import type { ReactNode } from "react";

/** A key on the keyboard. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex min-w-5.5 items-center justify-center rounded-sm border border-b-2 border-line bg-surface px-1.5 font-sans text-xs font-medium text-muted">
      {children}
    </kbd>
  );
}
