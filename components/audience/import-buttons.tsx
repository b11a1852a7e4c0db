"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { notify } from "#components/ui/notify.ts";

type ImportAction = (input: unknown) => Promise<ActionResult>;

interface ImportButtonsProps {
  id: string;
  /** How many people it will add or update; null where it cannot be started. */
  people: number | null;
  start?: ImportAction;
  back?: ImportAction;
  cancel?: ImportAction;
}

/** The steps from where an import waits: on, back, or out. */
export function ImportButtons({ id, people, start, back, cancel }: ImportButtonsProps) {
  const t = useTranslations("imports");
  const router = useRouter();
  const [pending, setPending] = useState<"start" | "back" | "cancel" | null>(null);
  async function run(which: "start" | "back" | "cancel", action: ImportAction) {
    setPending(which);
    const answer = await action({ id });
    if (!answer.ok) notify.error(answer.message);
    else if (which === "cancel") notify.success(t("cancelled"));
    router.refresh();
    setPending(null);
  }
  return (
    <div className="flex flex-wrap gap-2">
      {start && people !== null && people > 0 && (
        <Button variant="primary" loading={pending === "start"} onClick={() => run("start", start)}>
          {t("start", { count: people })}
        </Button>
      )}
      {back && (
        <Button loading={pending === "back"} onClick={() => run("back", back)}>
          {people === null ? t("again") : t("back")}
        </Button>
      )}
      {cancel && (
        <Button variant="ghost" loading={pending === "cancel"} onClick={() => run("cancel", cancel)}>
          {t("cancel")}
        </Button>
      )}
    </div>
  );
}
