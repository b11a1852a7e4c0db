import Link from "next/link";
import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import { RelativeTime } from "#components/ui/time.tsx";
import { type Standing, StandingBadge } from "./standing-badge.tsx";

export interface SubscriberRow {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  source: string;
  createdAt: Date;
  isSuppressed: boolean;
  lists: readonly { listId: string; listName: string; status: Standing }[];
}

const shownLists = 3;

/** With `listId` the standing on that list is shown, otherwise the lists a person is on. */
export function SubscriberTable({ rows, listId }: { rows: readonly SubscriberRow[]; listId?: string }) {
  const t = useTranslations("subscribers");
  return (
    <Table caption={t("caption")}>
      <TableHead>
        <Th>{t("email")}</Th>
        <Th>{t("name")}</Th>
        <Th>{listId ? t("statusLabel") : t("lists")}</Th>
        <Th>{t("source")}</Th>
        <Th>{t("added")}</Th>
      </TableHead>
      <TableBody>
        {rows.map((row) => {
          const name = `${row.firstName} ${row.lastName}`.trim();
          return (
            <Tr key={row.id}>
              <Td primary className="sm:max-w-80">
                <Link href={`/subscribers/${row.id}`} className="wrap-anywhere hover:underline">
                  {row.email}
                </Link>
              </Td>
              <Td label={t("name")} className="wrap-anywhere sm:max-w-56">
                {name || <span className="text-muted">{t("noName")}</span>}
              </Td>
              <Td label={listId ? t("statusLabel") : t("lists")}>
                <span className="flex flex-wrap items-center gap-1 max-sm:justify-end">
                  {row.isSuppressed && <StandingBadge status="suppressed" />}
                  {listId ? <OnList row={row} listId={listId} /> : <OnLists row={row} />}
                </span>
              </Td>
              <Td label={t("source")} className="whitespace-nowrap text-muted">
                {sourceWords(t, row.source)}
              </Td>
              <Td label={t("added")} className="whitespace-nowrap text-muted">
                <RelativeTime at={row.createdAt} />
              </Td>
            </Tr>
          );
        })}
      </TableBody>
    </Table>
  );
}

function OnList({ row, listId }: { row: SubscriberRow; listId: string }) {
  const standing = row.lists.find((list) => list.listId === listId);
  return standing ? <StandingBadge status={standing.status} /> : null;
}

function OnLists({ row }: { row: SubscriberRow }) {
  const t = useTranslations("subscribers");
  const more = row.lists.length - shownLists;
  if (row.lists.length === 0) return <span className="text-muted">{t("noLists")}</span>;
  return (
    <>
      {row.lists.slice(0, shownLists).map((list) => (
        <Badge
          key={list.listId}
          tone={list.status === "subscribed" ? "accent" : "neutral"}
          className={list.status === "subscribed" || list.status === "unconfirmed" ? undefined : "line-through"}
        >
          {list.listName}
          {list.status !== "subscribed" && <span className="sr-only"> ({t(`status.${list.status}`)})</span>}
        </Badge>
      ))}
      {more > 0 && <span className="text-sm text-muted">+{more}</span>}
    </>
  );
}

/** How a person came in, in words; a source that has none is named as it is. */
export function sourceWords(t: ReturnType<typeof useTranslations<"subscribers">>, source: string): string {
  const key = ["manual", "import", "form", "api", "sample"].includes(source) ? source : "other";
  return t(`sources.${key}`, { source });
}
