"use client";

import { BarePage } from "#components/shell/bare-page.tsx";
import { ErrorState } from "#components/shell/problem-state.tsx";

export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <BarePage>
      <ErrorState error={error} retry={retry} />
    </BarePage>
  );
}
