import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";

export type Standing = "subscribed" | "unconfirmed" | "unsubscribed" | "bounced" | "complained";

const tones = {
  subscribed: "success",
  unconfirmed: "info",
  unsubscribed: "neutral",
  bounced: "warning",
  complained: "danger",
  suppressed: "danger",
} as const;

export function StandingBadge({ status }: { status: Standing | "suppressed" }) {
  const t = useTranslations("subscribers.status");
  return (
    <Badge tone={tones[status]} dot>
      {t(status)}
    </Badge>
  );
}
