"use client";

import { useTranslations } from "next-intl";
import type { ReactElement } from "react";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import type { PauseReason } from "#lib/campaigns/pause-reason.ts";

interface OverruleDialogProps {
  name: string;
  stopped: Extract<PauseReason, { kind: "breaker" }>;
  trigger: ReactElement<Record<string, unknown>>;
  onConfirm: () => Promise<void>;
}

/** Asks before a campaign goes on against what stopped it: the numbers, what they mean, and what to do first. */
export function OverruleDialog({ name, stopped, trigger, onConfirm }: OverruleDialogProps) {
  const t = useTranslations("campaigns.overrule");
  const { breaker, count, tried, words } = stopped;
  return (
    <ConfirmDialog
      title={t("title", { name })}
      description={t(`numbers.${breaker}`, { count, tried, share: tried > 0 ? count / tried : 0 })}
      confirmLabel={t("confirm")}
      trigger={trigger}
      onConfirm={onConfirm}
    >
      <div className="flex flex-col gap-3 text-sm">
        <p>{t(`meaning.${breaker}`)}</p>
        <div>
          <p className="font-medium">{t("first")}</p>
          <ul className="mt-1 flex list-disc flex-col gap-1 pl-5">
            <li>{t(`steps.${breaker}.one`)}</li>
            <li>{t(`steps.${breaker}.two`)}</li>
          </ul>
        </div>
        {words !== "" && (
          <p className="rounded-lg bg-sunken px-3 py-2 text-muted wrap-anywhere">
            <span className="sr-only">{t("words")} </span>
            {words}
          </p>
        )}
        <p>{t("after")}</p>
      </div>
    </ConfirmDialog>
  );
}
