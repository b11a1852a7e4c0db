"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Switch } from "#components/ui/switch.tsx";
import type { DomainDetail } from "#lib/senders/domains/list.ts";

interface DomainSettingsProps {
  domain: DomainDetail;
  /** Null for people who may only look. */
  turn: { signing: Turn; ed25519: Turn; links: Turn } | null;
}

type Turn = (on: boolean) => Promise<boolean>;

type Question = "startUnseen" | "stop" | "removeEd25519" | "useLinks" | "leaveLinks";

/** What is on and what is off, and the questions before what has consequences. */
export function DomainSettings({ domain, turn }: DomainSettingsProps) {
  const t = useTranslations("domains.settings");
  const [question, setQuestion] = useState<Question | null>(null);
  const name = domain.displayName;
  const hasLinks = domain.usedForLinks || domain.records.some((record) => record.purpose === "links");

  function changeSigning(on: boolean) {
    if (!on) setQuestion("stop");
    else if (domain.status === "waiting") setQuestion("startUnseen");
    else turn?.signing(true);
  }

  const answers: Record<Question, () => Promise<boolean>> = {
    startUnseen: async () => (await turn?.signing(true)) ?? false,
    stop: async () => (await turn?.signing(false)) ?? false,
    removeEd25519: async () => (await turn?.ed25519(false)) ?? false,
    useLinks: async () => (await turn?.links(true)) ?? false,
    leaveLinks: async () => (await turn?.links(false)) ?? false,
  };

  return (
    <Card>
      <CardHeader title={t("title")} />
      <CardBody className="flex flex-col gap-5">
        <Switch
          label={t("signing")}
          hint={t("signingHint")}
          checked={domain.signing}
          disabled={!turn}
          onCheckedChange={changeSigning}
        />
        <Switch
          label={t("ed25519")}
          hint={domain.rotating ? t("ed25519Rotating") : t("ed25519Hint")}
          checked={domain.hasEd25519}
          disabled={!turn || domain.rotating}
          onCheckedChange={(on) => (on ? turn?.ed25519(true) : setQuestion("removeEd25519"))}
        />
        {hasLinks && (
          <Switch
            label={t("links")}
            hint={t("linksHint", { host: `links.${name}` })}
            checked={domain.usedForLinks}
            disabled={!turn}
            onCheckedChange={(on) => setQuestion(on ? "useLinks" : "leaveLinks")}
          />
        )}
      </CardBody>
      {question && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setQuestion(null)}
          title={t(`ask.${question}.title`, { name })}
          description={t(`ask.${question}.text`, { name })}
          confirmLabel={t(`ask.${question}.confirm`)}
          tone={question === "startUnseen" || question === "useLinks" ? "primary" : "danger"}
          onConfirm={() => answers[question]()}
        />
      )}
    </Card>
  );
}
