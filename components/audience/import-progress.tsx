"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { notify } from "#components/ui/notify.ts";
import { Progress } from "#components/ui/progress.tsx";

interface Live {
  status: string;
  stage: string;
  rowsDone: number;
  rowsTotal: number | null;
}

interface ImportProgressProps {
  id: string;
  fileName: string;
  initial: Live;
  /** Null for people who may only look. */
  cancel: ((input: unknown) => Promise<ActionResult>) | null;
}

/** The bar of a dry run or a run, moved by the server; when it is through the page is drawn anew. */
export function ImportProgress({ id, fileName, initial, cancel }: ImportProgressProps) {
  const t = useTranslations("imports");
  const router = useRouter();
  const [live, setLive] = useState(initial);
  const from = initial.status;

  useEffect(() => {
    const source = new EventSource(`/api/imports/${id}/events`);
    source.onmessage = (event) => {
      const next = JSON.parse(event.data as string) as Live;
      setLive(next);
      if (next.status !== from) router.refresh();
    };
    source.addEventListener("end", () => {
      source.close();
      router.refresh();
    });
    return () => source.close();
  }, [id, from, router]);

  const stage =
    (["reading", "comparing", "writing", "finishing"] as const).find((one) => one === live.stage) ?? "waiting";
  const isCounting = (stage === "reading" || stage === "writing") && live.rowsTotal !== null;
  const counts = { done: live.rowsDone, total: live.rowsTotal ?? 0 };
  return (
    <Card>
      <CardBody className="flex flex-col gap-4">
        <Progress
          label={`${from === "checking" ? t("checking", { name: fileName }) : t("importing", { name: fileName })}`}
          value={isCounting ? live.rowsDone : null}
          max={live.rowsTotal ?? 100}
          valueText={isCounting ? t(stage === "reading" ? "rowsAbout" : "rowsDone", counts) : ""}
        />
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-sm text-muted" role="status">
            {t(`stages.${stage}`)}
          </p>
          {cancel && stage !== "finishing" && (
            <ConfirmDialog
              title={t("cancelTitle")}
              description={t("cancelText")}
              confirmLabel={t("cancel")}
              trigger={<Button size="sm">{t("cancel")}</Button>}
              onConfirm={async () => {
                const answer = await cancel({ id });
                if (answer.ok) notify.success(t("cancelled"));
                else notify.error(answer.message);
                router.refresh();
              }}
            />
          )}
        </div>
      </CardBody>
    </Card>
  );
}
