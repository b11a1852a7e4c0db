import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";

export type ImportStatus = "mapping" | "checking" | "checked" | "importing" | "done" | "failed" | "cancelled";

const tones = {
  mapping: "warning",
  checking: "info",
  checked: "warning",
  importing: "info",
  done: "success",
  failed: "danger",
  cancelled: "neutral",
} as const;

export function ImportStatusBadge({ status }: { status: ImportStatus }) {
  const t = useTranslations("imports.statuses");
  return (
    <Badge tone={tones[status]} dot={status === "checking" || status === "importing" ? "pulse" : true}>
      {t(status)}
    </Badge>
  );
}
