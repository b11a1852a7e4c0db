"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { DateTime } from "#components/ui/time.tsx";
import type { DomainDetail } from "#lib/senders/domains/list.ts";

interface DomainNoticesProps {
  domain: DomainDetail;
  /** Null for people who may only look. */
  actions: { makeKeys: () => void; cancelRotation: () => void } | null;
}

/** What to know before looking at the records one by one. */
export function DomainNotices({ domain, actions }: DomainNoticesProps) {
  const t = useTranslations("domains.notices");
  const { status, previous } = domain;
  return (
    <>
      {status === "lost" && (
        <Callout
          tone="danger"
          title={t("lostTitle")}
          actions={
            actions && (
              <Button size="sm" onClick={actions.makeKeys}>
                {t("makeKeys")}
              </Button>
            )
          }
        >
          {t("lostText")}
        </Callout>
      )}
      {domain.gone > 0 && (
        <Callout tone="warning" title={t("goneTitle", { count: domain.gone })}>
          {t("goneText")}
        </Callout>
      )}
      {domain.rotating && (
        <Callout
          title={t("rotatingTitle")}
          actions={
            actions && (
              <Button size="sm" onClick={actions.cancelRotation}>
                {t("cancelRotation")}
              </Button>
            )
          }
        >
          {t("rotatingText")}
        </Callout>
      )}
      {status === "waiting" && <Callout title={t("waitingTitle")}>{t("waitingText")}</Callout>}
      {previous && (
        <Callout title={t("previousTitle")}>
          {t.rich("previousText", {
            names: previous.selectors.map((selector) => `${selector}._domainkey`).join(", "),
            when: () => <DateTime at={previous.until} shape="date" />,
          })}
        </Callout>
      )}
    </>
  );
}
