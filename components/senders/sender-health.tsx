import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";
import { RelativeTime } from "#components/ui/time.tsx";

interface SenderHealthProps {
  sender: { health: "up" | "down"; healthDetail: string | null; healthFailures: number; retryAt: Date | null };
}

/** Whether delivery uses it; with the server's words when not. */
export function SenderHealth({ sender }: SenderHealthProps) {
  const t = useTranslations("senders");
  if (sender.health === "up") {
    return (
      <Badge tone="success" dot>
        {t("works")}
      </Badge>
    );
  }
  return (
    <span className="flex min-w-0 flex-col items-start gap-1 max-sm:items-end">
      <Badge tone="danger" dot>
        {t("down")}
      </Badge>
      <span className="text-xs wrap-anywhere text-muted">
        {t("downHint", { count: sender.healthFailures, words: sender.healthDetail ?? "–" })}
        {sender.retryAt && (
          <span className="block">{t.rich("nextTry", { when: () => <RelativeTime at={sender.retryAt ?? ""} /> })}</span>
        )}
      </span>
    </span>
  );
}
