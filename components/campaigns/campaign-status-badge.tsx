import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";

const looks = {
  draft: { tone: "neutral" },
  scheduled: { tone: "info" },
  missed: { tone: "warning" },
  freezing: { tone: "accent", dot: "pulse" },
  sending: { tone: "accent", dot: "pulse" },
  paused: { tone: "warning" },
  cancelling: { tone: "warning", dot: "pulse" },
  finished: { tone: "success" },
  cancelled: { tone: "neutral" },
} as const;

/** A campaign's status as a pill, the same everywhere. */
export function CampaignStatusBadge({ status }: { status: string }) {
  const t = useTranslations("campaignStatus");
  const known = status in looks ? (status as keyof typeof looks) : "draft";
  return <Badge {...looks[known]}>{t(known)}</Badge>;
}
