"use client";

import { ArchiveRestore, ChartColumn, Copy, Ellipsis, Trash2 } from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { useTransition } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "#components/ui/menu.tsx";
import { notify } from "#components/ui/notify.ts";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import { DateTime, RelativeTime } from "#components/ui/time.tsx";
import { CampaignStatusBadge } from "./campaign-status-badge.tsx";

interface Row {
  id: string;
  name: string;
  subject: string;
  status: string;
  launchAt: Date | null;
  finishedAt: Date | null;
  frozenCount: number | null;
  done: number;
  updatedAt: Date;
  lists: string[];
}

type Answer = Promise<ActionResult<unknown>>;

interface CampaignTableProps {
  campaigns: readonly Row[];
  isDeleted: boolean;
  mayWrite: boolean;
  duplicate: (input: { campaignId: string }) => Answer;
  archive: (input: { campaignId: string; archived: boolean }) => Answer;
}

export function CampaignTable({ campaigns, isDeleted, mayWrite, duplicate, archive }: CampaignTableProps) {
  const t = useTranslations("campaigns");
  const tUi = useTranslations("ui");
  const format = useFormatter();
  const [, startTransition] = useTransition();

  function run(work: () => Answer, onDone?: () => void) {
    startTransition(async () => {
      const answer = await work();
      if (answer && !answer.ok) notify.error(answer.message);
      else onDone?.();
    });
  }

  function setArchived(row: Row, archived: boolean) {
    run(
      () => archive({ campaignId: row.id, archived }),
      () =>
        notify.undo(t(archived ? "deletedToast" : "restoredToast", { name: nameOf(row) }), {
          label: tUi("undo"),
          onUndo: () => run(() => archive({ campaignId: row.id, archived: !archived })),
        }),
    );
  }

  const nameOf = (row: Row) => row.name || t("untitled");
  const wasLaunched = (row: Row) =>
    ["freezing", "sending", "paused", "cancelling", "finished", "cancelled"].includes(row.status);

  return (
    <Table caption={t("title")}>
      <TableHead>
        <Th>{t("columns.name")}</Th>
        <Th>{t("columns.status")}</Th>
        <Th>{t("columns.lists")}</Th>
        <Th align="right">{t("columns.people")}</Th>
        <Th align="right">{t("columns.when")}</Th>
        <Th align="right">
          <span className="sr-only">{t("columns.actions")}</span>
        </Th>
      </TableHead>
      <TableBody>
        {campaigns.map((row) => (
          <Tr key={row.id}>
            <Td primary className="sm:max-w-80">
              <Link
                href={`/campaigns/${row.id}`}
                className="block truncate after:absolute after:inset-0 hover:underline"
              >
                {nameOf(row)}
              </Link>
              {row.subject && <span className="block truncate text-sm font-normal text-muted">{row.subject}</span>}
            </Td>
            <Td label={t("columns.status")}>
              <CampaignStatusBadge status={row.status} />
            </Td>
            <Td label={t("columns.lists")} hideOnPhone className="sm:max-w-48">
              <span className="block truncate" title={row.lists.join(", ")}>
                {row.lists.length > 0 ? row.lists.join(", ") : "–"}
              </span>
            </Td>
            <Td label={t("columns.people")} align="right" className="tabular">
              {row.frozenCount === null
                ? "–"
                : row.status === "finished"
                  ? format.number(row.frozenCount)
                  : t("doneOf", { done: row.done, total: row.frozenCount })}
            </Td>
            <Td label={t("columns.when")} align="right" className="whitespace-nowrap">
              {row.status === "scheduled" && row.launchAt ? (
                <DateTime at={row.launchAt} />
              ) : (
                <RelativeTime at={row.finishedAt ?? row.updatedAt} />
              )}
            </Td>
            <Td actions>
              {(mayWrite || wasLaunched(row)) && (
                <Menu
                  trigger={
                    <IconButton label={t("more", { name: nameOf(row) })}>
                      <Ellipsis aria-hidden="true" />
                    </IconButton>
                  }
                >
                  {wasLaunched(row) && (
                    <MenuLink href={`/campaigns/${row.id}/report`} icon={<ChartColumn aria-hidden="true" />}>
                      {t("report")}
                    </MenuLink>
                  )}
                  {mayWrite && !isDeleted && (
                    <MenuItem
                      icon={<Copy aria-hidden="true" />}
                      onClick={() => run(() => duplicate({ campaignId: row.id }))}
                    >
                      {t("duplicate")}
                    </MenuItem>
                  )}
                  {mayWrite && isDeleted && (
                    <MenuItem icon={<ArchiveRestore aria-hidden="true" />} onClick={() => setArchived(row, false)}>
                      {t("restore")}
                    </MenuItem>
                  )}
                  {mayWrite && !isDeleted && ["draft", "missed"].includes(row.status) && (
                    <>
                      <MenuSeparator />
                      <MenuItem
                        tone="danger"
                        icon={<Trash2 aria-hidden="true" />}
                        onClick={() => setArchived(row, true)}
                      >
                        {t("delete")}
                      </MenuItem>
                    </>
                  )}
                </Menu>
              )}
            </Td>
          </Tr>
        ))}
      </TableBody>
    </Table>
  );
}
