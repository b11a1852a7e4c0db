import Link from "next/link";
import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";
import { Progress } from "#components/ui/progress.tsx";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import { SenderHealth } from "./sender-health.tsx";
import { type SenderActions, SenderMenu } from "./sender-menu.tsx";

export interface SenderRow {
  id: string;
  name: string;
  kind: "smtp" | "inbox";
  host: string;
  port: number;
  ratePerSecond: number | null;
  ratePerMinute: number | null;
  ratePerHour: number | null;
  ratePerDay: number | null;
  /** Its part of the campaigns without a sender of their own; null when it carries all or none. */
  share: number | null;
  /** What of today's quota is used; null without a limit per day and without a warm-up plan. */
  today: { used: number; cap: number; isWarmup: boolean } | null;
  isDefault: boolean;
  health: "up" | "down";
  healthDetail: string | null;
  healthFailures: number;
  retryAt: Date | null;
}

/** `actions` is null for people who may only look. */
export function SenderTable({ senders, actions }: { senders: readonly SenderRow[]; actions: SenderActions | null }) {
  const t = useTranslations("senders");
  return (
    <Table caption={t("caption")}>
      <TableHead>
        <Th>{t("name")}</Th>
        <Th>{t("server")}</Th>
        <Th>{t("limits")}</Th>
        <Th>{t("health")}</Th>
        {actions && (
          <Th>
            <span className="sr-only">{t("edit")}</span>
          </Th>
        )}
      </TableHead>
      <TableBody>
        {senders.map((sender) => (
          <Tr key={sender.id}>
            <Td primary>
              <span className="flex flex-wrap items-center gap-2">
                <SenderName sender={sender} isLink={actions !== null} />
                {sender.isDefault && <Badge tone="accent">{t("default")}</Badge>}
                {sender.kind === "inbox" && <Badge>{t("builtIn")}</Badge>}
                {sender.share !== null && <Badge>{t("share", { share: sender.share })}</Badge>}
              </span>
            </Td>
            <Td label={t("server")} className="wrap-anywhere">
              {sender.kind === "inbox" ? t("inboxServer") : `${sender.host}:${sender.port}`}
            </Td>
            <Td label={t("limits")}>
              <Limits sender={sender} />
            </Td>
            <Td label={t("health")} className="sm:max-w-72">
              <SenderHealth sender={sender} />
            </Td>
            {actions && (
              <Td actions>
                <SenderMenu sender={sender} actions={actions} />
              </Td>
            )}
          </Tr>
        ))}
      </TableBody>
    </Table>
  );
}

function SenderName({ sender, isLink }: { sender: SenderRow; isLink: boolean }) {
  const t = useTranslations("senders");
  const href = sender.kind === "inbox" ? "/inbox" : `/senders/${sender.id}`;
  if (sender.kind === "smtp" && !isLink) return sender.name;
  return (
    <Link href={href} className="wrap-anywhere hover:underline">
      {sender.kind === "inbox" ? t("inboxName") : sender.name}
    </Link>
  );
}

function Limits({ sender }: { sender: SenderRow }) {
  const t = useTranslations("senders");
  const limits = [
    sender.ratePerSecond === null ? null : t("perSecond", { count: sender.ratePerSecond }),
    sender.ratePerMinute === null ? null : t("perMinute", { count: sender.ratePerMinute }),
    sender.ratePerHour === null ? null : t("perHour", { count: sender.ratePerHour }),
    sender.ratePerDay === null ? null : t("perDay", { count: sender.ratePerDay }),
  ].filter((limit) => limit !== null);
  const { today } = sender;
  return (
    <span className="flex min-w-0 flex-col gap-1.5 max-sm:items-end">
      {limits.length > 0 && <span className="tabular">{limits.join(", ")}</span>}
      {limits.length === 0 && !today && <span className="text-muted">{t("noLimits")}</span>}
      {today && (
        <>
          <span className="tabular text-xs text-muted">
            {t(today.isWarmup ? "usedOfWarmup" : "usedOfDay", { used: today.used, cap: today.cap })}
          </span>
          <Progress
            label={t("today")}
            hideLabel
            value={today.used}
            max={today.cap}
            valueText={t("usedOfDay", { used: today.used, cap: today.cap })}
            tone={today.used >= today.cap ? "warning" : "accent"}
            className="w-full min-w-36"
          />
        </>
      )}
    </span>
  );
}
