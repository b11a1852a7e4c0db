import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import { RelativeTime } from "#components/ui/time.tsx";
import type { Recipient } from "#lib/reports/recipients.ts";
import { ReasonWords } from "./reason-words.tsx";
import { stateLooks } from "./state-looks.ts";

/** Recipients with their state, what the server said, and what they did. */
export function RecipientsTable({ campaignId, rows }: { campaignId: string; rows: readonly Recipient[] }) {
  const t = useTranslations("reports.list");
  return (
    <Table caption={t("caption")}>
      <TableHead>
        <Th>{t("address")}</Th>
        <Th>{t("state")}</Th>
        <Th>{t("answer")}</Th>
        <Th>{t("deeds")}</Th>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Tr key={row.messageId}>
            <Td primary>
              <Person row={row} />
            </Td>
            <Td label={t("state")}>
              <State row={row} />
            </Td>
            <Td label={t("answer")}>
              <Answer campaignId={campaignId} row={row} />
            </Td>
            <Td label={t("deeds")}>
              <Deeds row={row} />
            </Td>
          </Tr>
        ))}
      </TableBody>
    </Table>
  );
}

function Person({ row }: { row: Recipient }) {
  const t = useTranslations("reports.list");
  return (
    <>
      {row.subscriberId ? (
        <Link href={`/subscribers/${row.subscriberId}`} className="link break-all">
          {row.email}
        </Link>
      ) : (
        <span className="break-all">{row.email}</span>
      )}
      <p className="text-sm font-normal text-muted">{row.subscriberId ? row.name : t("deleted")}</p>
    </>
  );
}

function State({ row }: { row: Recipient }) {
  const t = useTranslations("reports");
  const look = stateLooks.find(({ state }) => state === row.state);
  const saysMore = row.reason !== null && row.state !== "sent" && row.state !== "sending";
  return (
    <div className="flex flex-col items-start gap-0.5 max-sm:items-end">
      <Badge tone={look?.tone} dot={row.state === "sending" ? "pulse" : undefined}>
        {t(`states.${row.state}`)}
      </Badge>
      {saysMore && (
        <span className="text-sm text-muted">
          <ReasonWords reason={row.reason ?? ""} />
        </span>
      )}
      {row.nextTryAt && (
        <span className="text-sm text-muted">
          {t("list.nextTry")} <RelativeTime at={row.nextTryAt} />
        </span>
      )}
    </div>
  );
}

function Answer({ campaignId, row }: { campaignId: string; row: Recipient }) {
  const t = useTranslations("reports.list");
  const href = `/campaigns/${campaignId}/report/recipients/${row.messageId}`;
  if (row.attempts === 0 || !row.lastTryAt)
    return (
      <Link href={href} className="link" aria-label={t("detailsOf", { email: row.email })}>
        {t("details")}
      </Link>
    );
  const codes = [row.code, row.enhanced].filter(Boolean).join(" ");
  return (
    <div className="max-w-80 min-w-0 text-sm text-muted">
      {(codes || row.reply) && (
        <p className="line-clamp-2 break-words text-ink" title={row.reply ?? undefined}>
          {[codes, row.reply].filter(Boolean).join(" ")}
        </p>
      )}
      <p>
        <RelativeTime at={row.lastTryAt} /> ·{" "}
        <Link href={href} className="link" aria-label={t("triesOf", { email: row.email, count: row.attempts })}>
          {t("attempts", { count: row.attempts })}
        </Link>
      </p>
    </div>
  );
}

function Deeds({ row }: { row: Recipient }) {
  const t = useTranslations("reports.list");
  const deeds: Array<[string, Date | null]> = [
    [t("openedAt"), row.humanOpenAt],
    [t("clickedAt"), row.humanClickAt],
    // A machine is only worth a line where no person was seen.
    [t("machineOpened"), row.humanOpenAt ? null : row.machineOpenAt],
    [t("machineClicked"), row.humanClickAt ? null : row.machineClickAt],
    [t("unsubscribedAt"), row.unsubscribedAt],
  ];
  const done = deeds.filter((deed): deed is [string, Date] => deed[1] !== null);
  if (done.length === 0) return <span className="text-muted">–</span>;
  return (
    <ul className="text-sm">
      {done.map(([what, at]) => (
        <Deed key={what}>
          {what}{" "}
          <span className="text-muted">
            <RelativeTime at={at} />
          </span>
        </Deed>
      ))}
    </ul>
  );
}

function Deed({ children }: { children: ReactNode }) {
  return <li className="sm:whitespace-nowrap">{children}</li>;
}
