"use client";

import { Ellipsis, Inbox, Pencil, PlugZap, Star, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "#components/ui/menu.tsx";
import { notify } from "#components/ui/notify.ts";
import { Spinner } from "#components/ui/spinner.tsx";
import { type ConnectionTestShown, TestResult } from "./test-result.tsx";

export interface SenderActions {
  test: (senderId: string) => Promise<ActionResult<ConnectionTestShown>>;
  makeDefault: (senderId: string) => Promise<ActionResult>;
  archive: (senderId: string) => Promise<ActionResult>;
  restore: (senderId: string) => Promise<ActionResult>;
}

interface SenderMenuProps {
  sender: { id: string; name: string; kind: "smtp" | "inbox"; isDefault: boolean };
  actions: SenderActions;
}

export function SenderMenu({ sender, actions }: SenderMenuProps) {
  const t = useTranslations("senders");
  const router = useRouter();
  const [testOpen, setTestOpen] = useState(false);
  const [result, setResult] = useState<ConnectionTestShown | null>(null);
  const { id } = sender;
  const name = sender.kind === "inbox" ? t("inboxName") : sender.name;

  /** Runs an action and says what came of it. */
  async function run(action: (senderId: string) => Promise<ActionResult>, onDone: () => void) {
    const answer = await action(id);
    if (answer.ok) onDone();
    else notify.error(answer.message);
    router.refresh();
  }

  async function test() {
    setResult(null);
    setTestOpen(true);
    const answer = await actions.test(id);
    if (answer.ok) setResult(answer.data);
    else {
      setTestOpen(false);
      notify.error(answer.message);
    }
    router.refresh();
  }

  const archive = () =>
    run(actions.archive, () =>
      notify.undo(t("archived", { name }), {
        label: t("undo"),
        onUndo: () => run(actions.restore, () => notify.success(t("restored", { name }))),
      }),
    );

  return (
    <>
      <Menu
        trigger={
          <IconButton label={t("more", { name })} size="sm">
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        {sender.kind === "inbox" ? (
          <MenuLink icon={<Inbox aria-hidden="true" />} href="/inbox">
            {t("openInbox")}
          </MenuLink>
        ) : (
          <MenuLink icon={<Pencil aria-hidden="true" />} href={`/senders/${id}`}>
            {t("edit")}
          </MenuLink>
        )}
        <MenuItem icon={<PlugZap aria-hidden="true" />} onClick={test}>
          {t("test")}
        </MenuItem>
        {!sender.isDefault && (
          <MenuItem
            icon={<Star aria-hidden="true" />}
            onClick={() => run(actions.makeDefault, () => notify.success(t("madeDefault", { name })))}
          >
            {t("makeDefault")}
          </MenuItem>
        )}
        {sender.kind === "smtp" && (
          <>
            <MenuSeparator />
            <MenuItem icon={<Trash2 aria-hidden="true" />} tone="danger" onClick={archive}>
              {t("archive")}
            </MenuItem>
          </>
        )}
      </Menu>
      <Dialog title={t("test")} description={name} open={testOpen} onOpenChange={setTestOpen}>
        {result ? (
          <TestResult test={result} />
        ) : (
          <p className="flex items-center gap-3 py-4 text-sm text-muted" role="status">
            <Spinner />
            {t("testing", { name })}
          </p>
        )}
      </Dialog>
    </>
  );
}
