"use client";

import { Archive, ArchiveRestore, Ellipsis, Pencil } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Dialog, DialogClose, DialogFooter } from "#components/ui/dialog.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Input } from "#components/ui/input.tsx";
import { Menu, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";
import { notify } from "#components/ui/notify.ts";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import { DateTime } from "#components/ui/time.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { FieldKind } from "./field-dialog.tsx";

export interface FieldRow {
  id: string;
  key: string;
  label: string;
  type: FieldKind;
  archivedAt: Date | null;
  createdAt: Date;
}

export interface FieldActions {
  rename: (input: unknown) => Promise<ActionResult>;
  archive: (input: unknown) => Promise<ActionResult>;
}

/** `actions` is null for people who may only look. */
export function FieldTable({ fields, actions }: { fields: readonly FieldRow[]; actions: FieldActions | null }) {
  const t = useTranslations("fields");
  return (
    <Table caption={t("caption")}>
      <TableHead>
        <Th>{t("label")}</Th>
        <Th>{t("type")}</Th>
        <Th>{t("tag")}</Th>
        <Th>{t("created")}</Th>
        {actions && (
          <Th>
            <span className="sr-only">{t("rename")}</span>
          </Th>
        )}
      </TableHead>
      <TableBody>
        {fields.map((field) => (
          <Tr key={field.id}>
            <Td primary className="wrap-anywhere">
              {field.label}
            </Td>
            <Td label={t("type")}>{t(`types.${field.type}`)}</Td>
            <Td label={t("tag")}>
              <code className="rounded-sm bg-sunken px-1.5 py-0.5 text-xs">{`{{ subscriber.${field.key} }}`}</code>
            </Td>
            <Td label={t("created")} className="whitespace-nowrap text-muted">
              <DateTime at={field.createdAt} shape="date" />
            </Td>
            {actions && (
              <Td actions>
                <FieldMenu field={field} actions={actions} />
              </Td>
            )}
          </Tr>
        ))}
      </TableBody>
    </Table>
  );
}

function FieldMenu({ field, actions }: { field: FieldRow; actions: FieldActions }) {
  const t = useTranslations("fields");
  const router = useRouter();
  const [renameOpen, setRenameOpen] = useState(false);
  const { id, label: name } = field;
  const form = useFormAction(
    (data) => actions.rename({ id, label: data.get("label") }),
    () => {
      setRenameOpen(false);
      notify.success(t("saved"));
      router.refresh();
    },
  );
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
        <MenuItem icon={<Pencil aria-hidden="true" />} onClick={() => setRenameOpen(true)}>
          {t("rename")}
        </MenuItem>
        <MenuSeparator />
        {field.archivedAt ? (
          <MenuItem icon={<ArchiveRestore aria-hidden="true" />} onClick={restore}>
            {t("restore")}
          </MenuItem>
        ) : (
          <MenuItem icon={<Archive aria-hidden="true" />} onClick={putAway}>
            {t("archive")}
          </MenuItem>
        )}
      </Menu>
      <Dialog title={t("renameTitle")} open={renameOpen} onOpenChange={setRenameOpen} size="sm">
        <form onSubmit={form.onSubmit}>
          <FieldStack className="pb-5">
            {form.error && (
              <Callout tone="danger" live>
                {form.error}
              </Callout>
            )}
            <Field label={t("label")} name="label" hint={t("renameHint")} error={form.fields.label}>
              <Input defaultValue={name} maxLength={80} required autoFocus autoComplete="off" />
            </Field>
          </FieldStack>
          <DialogFooter>
            <DialogClose render={<Button>{t("cancel")}</Button>} />
            <Button type="submit" variant="primary" loading={form.pending}>
              {t("save")}
            </Button>
          </DialogFooter>
        </form>
      </Dialog>
    </>
  );
}
