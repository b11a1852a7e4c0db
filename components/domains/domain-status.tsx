import { useTranslations } from "next-intl";
import { Badge, type Tone } from "#components/ui/badge.tsx";
import type { DomainStatus } from "#lib/senders/domains/list.ts";

const tones: Record<DomainStatus, Tone> = {
  waiting: "warning",
  signing: "success",
  gone: "danger",
  unseen: "warning",
  off: "neutral",
  lost: "danger",
};

/** Where a domain stands. */
export function DomainStatusBadge({ status }: { status: DomainStatus }) {
  const t = useTranslations("domains.status");
  return (
    <Badge tone={tones[status]} dot>
      {t(status)}
    </Badge>
  );
}
