"use client";

import { useEffect, useRef, useState } from "react";
import type { ContentKind } from "./content-kind.ts";
import type { SourceMark } from "./mjml-editor.tsx";

export interface PreviewProblem extends Omit<SourceMark, "severity"> {
  where: "content" | "subject" | "preheader";
  /** In a document of the editor: the id of the part it is in. */
  part?: string;
}

export interface RenderedPreview {
  subject: string;
  preheader: string;
  html: string;
  text: string;
  sizeBytes: number;
  hasUnsubscribeLink: boolean;
  hasPostalAddress: boolean;
  warnings: Array<{ message: string; line?: number }>;
}

type Answer = ({ ok: true } & RenderedPreview) | { ok: false; problems: PreviewProblem[] };

export interface PreviewRequest {
  kind: ContentKind;
  source: string;
  name: string;
  subject: string;
  preheader: string;
  subscriberId: string | null;
  scheme: "light" | "dark";
}

export interface PreviewState {
  /** The last one that could be made: it stays while something is broken. */
  rendered: RenderedPreview | null;
  problems: PreviewProblem[];
  busy: boolean;
  /** The server did not answer. */
  offline: boolean;
}

const waitMilliseconds = 250;

/** Has the content rendered by the server a moment after each change; an older answer never replaces a newer one. */
export function usePreview(request: PreviewRequest): PreviewState {
  const [state, setState] = useState<PreviewState>({ rendered: null, problems: [], busy: true, offline: false });
  const isFirst = useRef(true);
  const { kind, source, name, subject, preheader, subscriberId, scheme } = request;

  useEffect(() => {
    const abort = new AbortController();
    const wait = isFirst.current ? 0 : waitMilliseconds;
    isFirst.current = false;
    const timer = setTimeout(async () => {
      setState((before) => ({ ...before, busy: true }));
      try {
        const response = await fetch("/api/previews", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({
            content: { kind, v: 1, source },
            name,
            subject,
            preheader,
            subscriberId,
            scheme,
          }),
          signal: abort.signal,
        });
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        const answer = (await response.json()) as Answer;
        setState((before) => ({
          rendered: answer.ok ? answer : before.rendered,
          problems: answer.ok ? [] : answer.problems,
          busy: false,
          offline: false,
        }));
      } catch {
        if (!abort.signal.aborted) setState((before) => ({ ...before, busy: false, offline: true }));
      }
    }, wait);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [kind, source, name, subject, preheader, subscriberId, scheme]);

  return state;
}
