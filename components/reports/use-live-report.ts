"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import type { LiveReport } from "#lib/reports/live.ts";

/** What the page was drawn with is old after so long when something moved: reasons, links and names are asked for again. */
const refreshMs = 5000;

/**
 * The numbers of a report as they move, from the server's events while the campaign is under way; the page itself is
 * drawn again now and then, and once at the end.
 */
export function useLiveReport(campaignId: string, initial: LiveReport, isMoving: boolean): LiveReport {
  const router = useRouter();
  const [live, setLive] = useState<LiveReport | null>(null);
  const drawnAt = useRef(0);
  useEffect(() => {
    if (!isMoving) return;
    drawnAt.current = Date.now();
    const source = new EventSource(`/api/campaigns/${campaignId}/report/live`);
    source.onmessage = ({ data }) => {
      setLive(JSON.parse(data) as LiveReport);
      if (Date.now() - drawnAt.current < refreshMs) return;
      drawnAt.current = Date.now();
      router.refresh();
    };
    source.addEventListener("end", () => {
      source.close();
      router.refresh();
    });
    return () => source.close();
  }, [campaignId, isMoving, router]);
  // When nothing moves any more, the page as the server drew it is the newest there is.
  return isMoving && live ? live : initial;
}
