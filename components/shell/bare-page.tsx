import Link from "next/link";
import type { ReactNode } from "react";
import { Logo } from "./logo.tsx";

/** A page outside the console with nothing but the brand above it. */
export function BarePage({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="px-4 py-3 sm:px-6 sm:py-4">
        <Link href="/" className="inline-flex h-10 items-center rounded-md">
          <Logo />
        </Link>
      </header>
      <main className="mx-auto flex w-full max-w-2xl flex-1 flex-col justify-center px-4 pb-24">{children}</main>
    </div>
  );
}
