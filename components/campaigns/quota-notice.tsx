"use client";

import { useNow, useTranslations } from "next-intl";
import { ButtonLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { DateTime, RelativeTime } from "#components/ui/time.tsx";
import type { FullLimit } from "#lib/senders/allowance.ts";

/** The sender has sent what it may for now: no failure, so no alarm. Goes by itself when the time has come. */
export function QuotaNotice({ quota: { limit, until } }: { quota: FullLimit }) {
  const t = useTranslations("senders.quota");
  const now = useNow({ updateInterval: 5000 });
  if (until <= now) return null;
  return (
    <Callout
      title={t(`title.${limit}`)}
      actions={
        <ButtonLink size="sm" href="/senders">
          {t("toSenders")}
        </ButtonLink>
      }
    >
      {t.rich("goesOn", { at: () => <DateTime at={until} />, when: () => <RelativeTime at={until} /> })}
    </Callout>
  );
}
