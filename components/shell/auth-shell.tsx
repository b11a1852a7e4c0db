import type { ReactNode } from "react";
import { cn } from "#components/ui/cn.ts";
import { Logo } from "./logo.tsx";
import { ThemeToggle } from "./theme-toggle.tsx";

interface AuthShellProps {
  title: ReactNode;
  description?: ReactNode;
  /** Below the card: a link to the way out. */
  footer?: ReactNode;
  size?: "sm" | "md";
  children: ReactNode;
}

/** Set-up, login and the public pages of one card: brand, title, form. */
export function AuthShell({ title, description, footer, size = "sm", children }: AuthShellProps) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex items-center justify-between px-4 py-3 sm:px-6 sm:py-4">
        <Logo />
        <ThemeToggle />
      </header>
      <main className="flex flex-1 flex-col items-center px-4 pt-4 pb-16 sm:justify-center sm:pt-0 sm:pb-28">
        <div className={cn("w-full", size === "sm" ? "max-w-md" : "max-w-xl")}>
          <div className="overflow-hidden rounded-xl border border-line bg-surface shadow-md">
            <AirmailEdge />
            <div className="px-5 pt-6 pb-7 sm:px-8 sm:pt-7 sm:pb-8">
              <h1 className="text-xl font-semibold">{title}</h1>
              {description && <p className="mt-1.5 text-sm text-muted">{description}</p>}
              <div className="mt-6">{children}</div>
            </div>
          </div>
          {footer && <div className="mt-5 text-center text-sm text-muted">{footer}</div>}
        </div>
      </main>
    </div>
  );
}

/** The striped edge of an airmail envelope in our two colours. */
function AirmailEdge() {
  return (
    <div
      aria-hidden="true"
      className="h-1.5 bg-[repeating-linear-gradient(115deg,var(--accent)_0_1.25rem,transparent_1.25rem_1.75rem,var(--brass)_1.75rem_3rem,transparent_3rem_3.5rem)]"
    />
  );
}
