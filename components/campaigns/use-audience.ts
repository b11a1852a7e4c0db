"use client";

import { useEffect, useState } from "react";

export interface AudienceSummary {
  candidates: number;
  recipients: number;
  excluded: Record<string, number>;
  optedOutElsewhere: number;
  /** Addresses of the first few recipients. */
  first: string[];
}

export type AudienceState = { summary: AudienceSummary | null; busy: boolean };

/** Counts the people behind a choice of lists a moment after it changed. */
export function useAudience(include: readonly string[], exclude: readonly string[]): AudienceState {
  const [state, setState] = useState<AudienceState>({ summary: null, busy: true });
  const query = new URLSearchParams([
    ...include.map((id) => ["include", id]),
    ...exclude.map((id) => ["exclude", id]),
  ]).toString();
  useEffect(() => {
    const abort = new AbortController();
    setState((before) => ({ ...before, busy: true }));
    const timer = setTimeout(async () => {
      try {
        const response = await fetch(`/api/campaigns/audience?${query}`, { signal: abort.signal });
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        setState({ summary: (await response.json()) as AudienceSummary, busy: false });
      } catch {
        if (!abort.signal.aborted) setState({ summary: null, busy: false });
      }
    }, 150);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query]);
  return state;
}
