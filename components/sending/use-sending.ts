"use client";

import { useEffect, useState } from "react";
import type { SendingView } from "#lib/reports/sending.ts";
import type { SendingRate } from "#lib/reports/sending-rate.ts";

export type SendingShown = SendingView & { rate: SendingRate | null };

/**
 * What goes on, as the server's events tell it. In an event instants are texts; whatever shows one takes both. What the
 * page was drawn with wins when it is drawn again: somebody has just changed something.
 */
export function useSending(initial: SendingShown): { shown: SendingShown; isLost: boolean } {
  const [live, setLive] = useState<{ drawn: SendingShown; shown: SendingShown } | null>(null);
  const [isLost, setIsLost] = useState(false);
  useEffect(() => {
    const source = new EventSource("/api/sending/live");
    source.onmessage = ({ data }) => {
      setIsLost(false);
      setLive({ drawn: initial, shown: JSON.parse(data) as SendingShown });
    };
    source.onerror = () => setIsLost(true);
    return () => source.close();
  }, [initial]);
  return { shown: live?.drawn === initial ? live.shown : initial, isLost };
}
