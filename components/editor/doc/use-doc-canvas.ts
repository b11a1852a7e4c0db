"use client";

import { useEffect, useRef, useState } from "react";
import type { PreviewProblem } from "../use-preview.ts";

type Answer = { ok: true; html: string } | { ok: false; problems: PreviewProblem[] };

export interface CanvasState {
  /** The last one that could be made: it stays while the next is on its way, or something is broken. */
  html: string;
  problems: PreviewProblem[];
  offline: boolean;
}

const waitMilliseconds = 150;

/** Has the document compiled for the canvas a moment after each change; an older answer never replaces a newer one. */
export function useDocCanvas(source: string): CanvasState {
  const [state, setState] = useState<CanvasState>({ html: "", problems: [], offline: false });
  const isFirst = useRef(true);
  useEffect(() => {
    const abort = new AbortController();
    const wait = isFirst.current ? 0 : waitMilliseconds;
    isFirst.current = false;
    const timer = setTimeout(async () => {
      try {
        const response = await fetch("/api/previews/canvas", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ source }),
          signal: abort.signal,
        });
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        const answer = (await response.json()) as Answer;
        setState((before) => ({
          html: answer.ok ? answer.html : before.html,
          problems: answer.ok ? [] : answer.problems,
          offline: false,
        }));
      } catch {
        if (!abort.signal.aborted) setState((before) => ({ ...before, offline: true }));
      }
    }, wait);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [source]);
  return state;
}
