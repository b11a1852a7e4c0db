"use client";

import { useEffect } from "react";
import { Button } from "#components/ui/button.tsx";
import words from "./_web/messages/en/ui.json" with { type: "json" };
import "./globals.css";

/** The root layout itself failed: no providers, no translations, so the words come straight from the file. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  useEffect(() => {
    const chosen = localStorage.getItem("theme");
    const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.classList.toggle("dark", dark);
  }, []);
  const id = error instanceof Error && "digest" in error ? String(error.digest) : null;
  return (
    <html lang="en">
      <body>
        <title>{words.errorTitle}</title>
        <main className="mx-auto flex min-h-dvh max-w-md flex-col items-center justify-center px-4 text-center">
          <h1 className="text-xl font-semibold">{words.errorTitle}</h1>
          <p className="mt-2 text-sm text-muted">{words.errorText}</p>
          {id && <p className="mt-3 font-mono text-xs text-muted">{words.errorId.replace("{id}", id)}</p>}
          <Button variant="primary" className="mt-6" onClick={() => retry()}>
            {words.tryAgain}
          </Button>
        </main>
      </body>
    </html>
  );
}
