"use client";

import { Check, CircleAlert, CloudOff, LoaderCircle } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { cn } from "#components/ui/cn.ts";
import type { SaveState } from "./use-autosave.ts";

/** "Saved 10:42": where what was typed is now. Announced politely, and never in the way. */
export function SaveStateNote({ state }: { state: SaveState }) {
  const t = useTranslations("editor.save");
  const format = useFormatter();
  const look = {
    saved: { Icon: Check, tone: "text-muted" },
    waiting: { Icon: LoaderCircle, tone: "text-muted" },
    saving: { Icon: LoaderCircle, tone: "text-muted" },
    offline: { Icon: CloudOff, tone: "text-warning-text" },
    refused: { Icon: CircleAlert, tone: "text-danger-text" },
    conflict: { Icon: CircleAlert, tone: "text-danger-text" },
  }[state.kind];
  const words =
    state.kind === "saved"
      ? t("saved", { time: format.dateTime(new Date(state.at), { timeStyle: "short" }) })
      : state.kind === "refused"
        ? t("refused", { message: state.message })
        : t(state.kind);
  return (
    <p
      role="status"
      className={cn("tabular inline-flex items-center gap-1.5 text-sm", look.tone)}
      data-save-state={state.kind}
      suppressHydrationWarning
    >
      <look.Icon aria-hidden="true" className="size-4 shrink-0" />
      {words}
    </p>
  );
}
