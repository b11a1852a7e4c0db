"use client";

import { RotateCw, Send } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import type { DeliveryReport } from "#lib/reports/delivery.ts";
import { type Decisions, useDecision } from "./use-decision.tsx";

interface AgainButtonsProps {
  campaignId: string;
  status: string;
  delivery: Pick<DeliveryReport, "failed" | "skipped">;
  decisions: Decisions;
}

/** Another try for whoever failed, and the rest of a campaign that was stopped; only where there is somebody. */
export function AgainButtons({ campaignId, status, delivery, decisions }: AgainButtonsProps) {
  const t = useTranslations("decisions");
  const { ask, pending, dialog } = useDecision(campaignId, decisions);
  const isOver = status === "finished" || status === "cancelled";
  const canRetry =
    ["sending", "paused", "finished"].includes(status) && delivery.failed.some(({ reason }) => reason !== "hard");
  const hasRest = isOver && delivery.skipped.some(({ reason }) => reason === "cancelled" || reason === "expired");
  return (
    <>
      {canRetry && (
        <Button
          size="sm"
          icon={<RotateCw aria-hidden="true" />}
          loading={pending === "retry_failed"}
          onClick={() => ask("retry_failed")}
        >
          {t("button.retry_failed")}
        </Button>
      )}
      {hasRest && (
        <Button
          size="sm"
          icon={<Send aria-hidden="true" />}
          loading={pending === "send_rest"}
          onClick={() => ask("send_rest")}
        >
          {t("button.send_rest")}
        </Button>
      )}
      {dialog}
    </>
  );
}
