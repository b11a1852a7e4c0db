"use client";

import { useTranslations } from "next-intl";
import type { ReactElement } from "react";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";

interface CancelDialogProps {
  name: string;
  /** People who have not got it, and mails that are sent. */
  open: number;
  sent: number;
  trigger: ReactElement<Record<string, unknown>>;
  onConfirm: () => Promise<void>;
}

/** Asks before a campaign is stopped for good, with what that means in numbers. */
export function CancelDialog({ name, open, sent, trigger, onConfirm }: CancelDialogProps) {
  const t = useTranslations("campaigns.live");
  return (
    <ConfirmDialog
      title={t("cancelTitle", { name })}
      description={t("cancelText", { open, sent })}
      confirmLabel={t("cancelConfirm")}
      trigger={trigger}
      onConfirm={onConfirm}
    />
  );
}
