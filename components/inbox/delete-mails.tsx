"use client";

import { Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useTransition } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { notify } from "#components/ui/notify.ts";

interface DeleteMailsProps {
  /** One mail, or all of them when left out. */
  mailId?: string;
  count: number;
  deleteMails: (mailId: string | null) => Promise<ActionResult<{ count: number; deletedAt: string }>>;
  restoreMails: (deletedAt: string) => Promise<ActionResult<number>>;
}

/** Deletes with a way back. Only "all" asks first. */
export function DeleteMails({ mailId, count, deleteMails, restoreMails }: DeleteMailsProps) {
  const t = useTranslations("inbox");
  const router = useRouter();
  const [pending, startTransition] = useTransition();

  async function run() {
    const result = await deleteMails(mailId ?? null);
    if (!result.ok) {
      notify.error(result.message);
      return;
    }
    const { deletedAt, count: gone } = result.data;
    const restore = async () => {
      const restored = await restoreMails(deletedAt);
      if (restored.ok) notify.success(t("restored", { count: restored.data }));
      else notify.error(restored.message);
      router.refresh();
    };
    notify.undo(t("deleted", { count: gone }), { label: t("undo"), onUndo: restore });
    if (mailId) router.push("/inbox");
    else router.refresh();
  }

  if (mailId) {
    return (
      <Button
        variant="danger-ghost"
        icon={<Trash2 aria-hidden="true" />}
        loading={pending}
        onClick={() => startTransition(run)}
      >
        {t("deleteMail")}
      </Button>
    );
  }
  return (
    <ConfirmDialog
      title={t("deleteAllTitle", { count })}
      description={t("deleteAllText")}
      confirmLabel={t("deleteAll")}
      onConfirm={run}
      trigger={<Button icon={<Trash2 aria-hidden="true" />}>{t("deleteAll")}</Button>}
    />
  );
}
