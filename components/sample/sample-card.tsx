"use client";

import { Coffee } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTransition } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { notify } from "#components/ui/notify.ts";

interface SampleCardProps {
  /** offer: not loaded · there: loaded, another workspace is open · here: it is the open one */
  state: "offer" | "there" | "here";
  load: () => Promise<ActionResult>;
  remove: () => Promise<ActionResult>;
}

/** Loads, opens and removes the sample workspace, one click each. */
export function SampleCard({ state, load, remove }: SampleCardProps) {
  const t = useTranslations("sample");
  const [pending, startTransition] = useTransition();
  const words = {
    offer: { title: t("offer.title"), text: t("offer.text") },
    there: { title: t("settings.title"), text: t("settings.there") },
    here: { title: t("here.title"), text: t("here.text") },
  }[state];
  const open = () =>
    startTransition(async () => {
      const answer = await load();
      if (!answer.ok) notify.error(answer.message);
    });
  const openButton = (
    <Button loading={pending} onClick={open} icon={<Coffee aria-hidden="true" />}>
      {state === "there" ? t("settings.open") : t("offer.load")}
    </Button>
  );
  const removeButton = (
    <ConfirmDialog
      title={t("remove.title")}
      description={t("remove.text")}
      confirmLabel={t("remove.confirm")}
      tone="danger"
      trigger={<Button variant="danger-ghost">{t("remove.button")}</Button>}
      onConfirm={async () => {
        const answer = await remove();
        if (answer.ok) notify.success(t("remove.removed"));
        else notify.error(answer.message);
      }}
    />
  );
  return (
    <Card className="pb-3.5">
      <CardHeader
        title={words.title}
        description={words.text}
        actions={
          <>
            {state !== "offer" && removeButton}
            {state !== "here" && openButton}
          </>
        }
      />
    </Card>
  );
}
