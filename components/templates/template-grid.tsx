"use client";

import { Archive, ArchiveRestore, Copy, Ellipsis, Eye, Pencil, Send } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { DesignPreview } from "#components/editor/design-preview.tsx";
import { MailThumbnail } from "#components/editor/mail-thumbnail.tsx";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogClose, DialogFooter } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Input } from "#components/ui/input.tsx";
import { Menu, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";
import { notify } from "#components/ui/notify.ts";
import { RelativeTime } from "#components/ui/time.tsx";

interface TemplateCardData {
  id: string;
  name: string;
  version: number;
  updatedAt: Date;
  isArchived: boolean;
}

type Answer = Promise<ActionResult<unknown>>;

interface TemplateGridProps {
  templates: readonly TemplateCardData[];
  mayWrite: boolean;
  rename: (input: { templateId: string; name: string }) => Answer;
  duplicate: (input: { templateId: string }) => Answer;
  archive: (input: { templateId: string; archived: boolean }) => Answer;
  use: (input: { kind: "template"; templateId: string }) => Answer;
}

/** Templates as cards with a look at each. */
export function TemplateGrid({ templates, ...actions }: TemplateGridProps) {
  return (
    <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
      {templates.map((template) => (
        <TemplateCard key={template.id} template={template} {...actions} />
      ))}
    </ul>
  );
}

function TemplateCard({ template, ...actions }: { template: TemplateCardData } & Omit<TemplateGridProps, "templates">) {
  const { id, name, version, updatedAt, isArchived } = template;
  const t = useTranslations("templates");
  const tUi = useTranslations("ui");
  const [, startTransition] = useTransition();
  const tStarters = useTranslations("starters");
  const [renaming, setRenaming] = useState(false);
  const [seeing, setSeeing] = useState(false);
  const src = `/api/previews/templates/${id}?v=${version}`;

  function run(work: () => Answer, onDone?: () => void) {
    startTransition(async () => {
      const answer = await work();
      if (answer && !answer.ok) notify.error(answer.message);
      else onDone?.();
    });
  }

  function setArchived(archived: boolean) {
    run(
      () => actions.archive({ templateId: id, archived }),
      () =>
        notify.undo(t(archived ? "archivedToast" : "restoredToast", { name }), {
          label: tUi("undo"),
          onUndo: () => run(() => actions.archive({ templateId: id, archived: !archived })),
        }),
    );
  }

  return (
    <li className="relative flex min-w-0 flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-xs">
      <MailThumbnail src={src} title={name} />
      <div className="flex items-start gap-2 border-t border-line py-2.5 pr-2 pl-4">
        <div className="min-w-0 flex-1">
          <Link
            href={`/templates/${id}`}
            className="block truncate font-medium after:absolute after:inset-0 hover:underline"
          >
            {name}
          </Link>
          <p className="text-sm text-muted">{t.rich("edited", { time: () => <RelativeTime at={updatedAt} /> })}</p>
        </div>
        {actions.mayWrite && (
          <div className="relative z-10">
            <Menu
              trigger={
                <IconButton label={t("more", { name })}>
                  <Ellipsis aria-hidden="true" />
                </IconButton>
              }
            >
              <MenuItem icon={<Eye aria-hidden="true" />} onClick={() => setSeeing(true)}>
                {tStarters("show")}
              </MenuItem>
              {!isArchived && (
                <>
                  <MenuItem
                    icon={<Send aria-hidden="true" />}
                    onClick={() => run(() => actions.use({ kind: "template", templateId: id }))}
                  >
                    {t("use")}
                  </MenuItem>
                  <MenuItem icon={<Pencil aria-hidden="true" />} onClick={() => setRenaming(true)}>
                    {t("rename")}
                  </MenuItem>
                  <MenuItem
                    icon={<Copy aria-hidden="true" />}
                    onClick={() => run(() => actions.duplicate({ templateId: id }))}
                  >
                    {t("duplicate")}
                  </MenuItem>
                  <MenuSeparator />
                </>
              )}
              <MenuItem
                icon={isArchived ? <ArchiveRestore aria-hidden="true" /> : <Archive aria-hidden="true" />}
                onClick={() => setArchived(!isArchived)}
              >
                {isArchived ? t("restore") : t("archive")}
              </MenuItem>
            </Menu>
          </div>
        )}
      </div>
      <DesignPreview title={name} src={seeing ? src : null} onClose={() => setSeeing(false)} />
      <Dialog title={t("renameTitle")} open={renaming} onOpenChange={setRenaming} size="sm">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const next = String(new FormData(event.currentTarget).get("name") ?? "");
            run(
              () => actions.rename({ templateId: id, name: next }),
              () => setRenaming(false),
            );
          }}
        >
          <Field label={t("name")} name="name">
            <Input name="name" defaultValue={name} required maxLength={200} autoFocus />
          </Field>
          <DialogFooter>
            <DialogClose render={<Button>{tUi("cancel")}</Button>} />
            <Button type="submit" variant="primary">
              {t("rename")}
            </Button>
          </DialogFooter>
        </form>
      </Dialog>
    </li>
  );
}
