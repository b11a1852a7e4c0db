"use client";

import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";
import { Toaster } from "./toaster.tsx";

/** What every page needs once: theme without a flash, one tooltip delay, toasts, and the nonce for inline tags. */
export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  return (
    <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange nonce={nonce}>
      <CSPProvider nonce={nonce}>
        <Tooltip.Provider delay={350} closeDelay={80}>
          {children}
          <Toaster />
        </Tooltip.Provider>
      </CSPProvider>
    </ThemeProvider>
  );
}
