"use client";

import { Archive, ArchiveRestore, Ellipsis, Pencil, Users } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "#components/ui/menu.tsx";
import { notify } from "#components/ui/notify.ts";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import { DateTime } from "#components/ui/time.tsx";
import { ListDialog } from "./list-dialog.tsx";

export interface ListRow {
  id: string;
  name: string;
  description: string;
  archivedAt: Date | null;
  createdAt: Date;
  counts: { subscribed: number; unconfirmed: number; unsubscribed: number; bounced: number; complained: number };
}

export interface ListActions {
  save: (input: unknown) => Promise<ActionResult<{ id: string; name: string }>>;
  archive: (input: unknown) => Promise<ActionResult>;
}

/** `actions` is null for people who may only look. */
export function ListTable({ lists, actions }: { lists: readonly ListRow[]; actions: ListActions | null }) {
  const t = useTranslations("lists");
  const format = useFormatter();
  return (
    <Table caption={t("caption")}>
      <TableHead>
        <Th>{t("name")}</Th>
        <Th align="right">{t("subscribed")}</Th>
        <Th>{t("others")}</Th>
        <Th>{t("created")}</Th>
        {actions && (
          <Th>
            <span className="sr-only">{t("edit")}</span>
          </Th>
        )}
      </TableHead>
      <TableBody>
        {lists.map((list) => (
          <Tr key={list.id}>
            <Td primary className="sm:max-w-96">
              <Link href={`/subscribers?list=${list.id}`} className="wrap-anywhere hover:underline">
                {list.name}
              </Link>
              {list.description && (
                <p className="mt-0.5 text-sm font-normal wrap-anywhere text-muted">{list.description}</p>
              )}
            </Td>
            <Td label={t("subscribed")} align="right" className="tabular">
              {format.number(list.counts.subscribed)}
            </Td>
            <Td label={t("others")} className="text-muted">
              <Others counts={list.counts} />
            </Td>
            <Td label={t("created")} className="whitespace-nowrap text-muted">
              <DateTime at={list.createdAt} shape="date" />
            </Td>
            {actions && (
              <Td actions>
                <ListMenu list={list} actions={actions} />
              </Td>
            )}
          </Tr>
        ))}
      </TableBody>
    </Table>
  );
}

function Others({ counts }: { counts: ListRow["counts"] }) {
  const t = useTranslations("lists");
  const kinds = (["unconfirmed", "unsubscribed", "bounced", "complained"] as const).filter((kind) => counts[kind] > 0);
  if (kinds.length === 0) return t("noOthers");
  return <span className="tabular">{kinds.map((kind) => t(kind, { count: counts[kind] })).join(", ")}</span>;
}

function ListMenu({ list, actions }: { list: ListRow; actions: ListActions }) {
  const t = useTranslations("lists");
  const router = useRouter();
  const [editOpen, setEditOpen] = useState(false);
  const { id, name } = list;

  async function archive(archived: boolean, onDone: () => void) {
    const answer = await actions.archive({ id, archived });
    if (answer.ok) onDone();
    else notify.error(answer.message);
    router.refresh();
  }
  const restore = () => archive(false, () => notify.success(t("restored", { name })));
  const putAway = () =>
    archive(true, () => notify.undo(t("archived", { name }), { label: t("undo"), onUndo: restore }));

  return (
    <>
      <Menu
        trigger={
          <IconButton label={t("more", { name })} size="sm">
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuLink icon={<Users aria-hidden="true" />} href={`/subscribers?list=${id}`}>
          {t("showPeople")}
        </MenuLink>
        <MenuItem icon={<Pencil aria-hidden="true" />} onClick={() => setEditOpen(true)}>
          {t("edit")}
        </MenuItem>
        <MenuSeparator />
        {list.archivedAt ? (
          <MenuItem icon={<ArchiveRestore aria-hidden="true" />} onClick={restore}>
            {t("restore")}
          </MenuItem>
        ) : (
          <MenuItem icon={<Archive aria-hidden="true" />} onClick={putAway}>
            {t("archive")}
          </MenuItem>
        )}
      </Menu>
      <ListDialog list={list} save={actions.save} open={editOpen} onOpenChange={setEditOpen} />
    </>
  );
}
