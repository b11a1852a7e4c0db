"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { notify } from "#components/ui/notify.ts";
import type { DomainCheck } from "#lib/senders/domains/check.ts";

const everyMs = 20_000;
/** A tab that is left open stops asking after a quarter of an hour. */
const mostTimes = 45;

/**
 * Asks DNS when somebody wants it, at the first visit, and again and again while a record is waited for: whoever enters
 * it elsewhere sees here when it arrives. Without `check` it only stands still.
 */
export function useDomainCheck(
  check: (() => Promise<ActionResult<DomainCheck>>) | null,
  { neverChecked, waiting }: { neverChecked: boolean; waiting: boolean },
) {
  const t = useTranslations("domains");
  const router = useRouter();
  const [checking, setChecking] = useState(false);
  const busy = useRef(false);
  const times = useRef(0);

  const run = useCallback(
    async (asked: boolean) => {
      if (!check || busy.current) return;
      busy.current = true;
      setChecking(true);
      const answer = await check().catch(() => null);
      busy.current = false;
      setChecking(false);
      if (answer?.ok) {
        if (answer.data.startedSigning) notify.success(t("startedSigning"));
        else if (answer.data.switchedKeys) notify.success(t("switchedKeys"));
        if (answer.data.startedBounces) notify.success(t("startedBounces"));
        router.refresh();
      } else if (asked) notify.error(answer?.message ?? t("checkFailed"));
    },
    [check, router, t],
  );

  useEffect(() => {
    if (neverChecked) run(false);
  }, [neverChecked, run]);

  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => {
      if (document.visibilityState !== "visible" || times.current >= mostTimes) return;
      times.current++;
      run(false);
    }, everyMs);
    return () => clearInterval(timer);
  }, [waiting, run]);

  return { checking, checkNow: () => run(true) };
}
