"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

interface InboxWatcherProps {
  newestId: string | null;
  total: number;
}

/** Looks every two seconds, while the page is in sight, whether mails came or went, and renews the list if so. */
export function InboxWatcher({ newestId, total }: InboxWatcherProps) {
  const router = useRouter();
  useEffect(() => {
    const stop = new AbortController();
    const timer = setInterval(async () => {
      if (document.hidden) return;
      try {
        const response = await fetch("/api/inbox/latest", { signal: stop.signal });
        if (!response.ok) return;
        const state: InboxWatcherProps = await response.json();
        if (state.newestId !== newestId || state.total !== total) router.refresh();
      } catch {
        // The server is away or the page is left; the next look may succeed.
      }
    }, 2000);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [newestId, total, router]);
  return null;
}
