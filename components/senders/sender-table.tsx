import Link from "next/link";
import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";
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
  ratePerHour: number | null;
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
    sender.ratePerHour === null ? null : t("perHour", { count: sender.ratePerHour }),
  ].filter((limit) => limit !== null);
  if (limits.length === 0) return <span className="text-muted">{t("noLimits")}</span>;
  return <span className="tabular">{limits.join(", ")}</span>;
}
