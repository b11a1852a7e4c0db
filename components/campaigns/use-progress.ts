"use client";

import { useEffect, useRef, useState } from "react";

export interface Progress {
  status: string;
  pauseReason: string | null;
  launchAt: Date | string | null;
  canary: { held: number; until: Date | string | null } | null;
  written: number;
  frozen: number | null;
  pending: number;
  sending: number;
  sent: number;
  deferred: number;
  failed: number;
  inDoubt: number;
  skipped: number;
}

/** A campaign's counts as the server sees them change. `onStatus` is called when its status is another than before. */
export function useProgress(campaignId: string, initial: Progress, onStatus: () => void): Progress {
  const [progress, setProgress] = useState(initial);
  const status = useRef(initial.status);
  const notify = useRef(onStatus);
  notify.current = onStatus;
  // A step taken here changes the status by a render of the server; the stream begins again with it.
  const from = initial.status;

  useEffect(() => {
    status.current = from;
    const source = new EventSource(`/api/campaigns/${campaignId}/progress`);
    source.onmessage = (event) => {
      const next = JSON.parse(event.data as string) as Progress;
      setProgress(next);
      if (next.status !== status.current) {
        status.current = next.status;
        notify.current();
      }
    };
    source.addEventListener("end", () => source.close());
    return () => source.close();
  }, [campaignId, from]);

  return progress;
}
