"use client";

import { Ban, Ellipsis, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";
import { notify } from "#components/ui/notify.ts";

type PersonAction = (input: unknown) => Promise<ActionResult>;

interface PersonMenuProps {
  person: { id: string; email: string };
  isSuppressed: boolean;
  suppress: PersonAction;
  lift: PersonAction;
  remove: PersonAction;
}

export function PersonMenu({ person, isSuppressed, suppress, lift, remove }: PersonMenuProps) {
  const t = useTranslations("subscribers");
  const router = useRouter();
  const [asking, setAsking] = useState<"suppress" | "delete" | null>(null);
  const { id, email } = person;

  async function block() {
    const answer = await suppress({ id });
    if (!answer.ok) {
      notify.error(answer.message);
      return false;
    }
    notify.undo(t("suppressed_", { email }), {
      label: t("undo"),
      onUndo: async () => {
        await lift({ id });
        router.refresh();
      },
    });
    router.refresh();
    return true;
  }

  async function erase() {
    const answer = await remove({ id });
    if (!answer.ok) {
      notify.error(answer.message);
      return false;
    }
    notify.success(t("deleted", { email }));
    router.push("/subscribers");
    return true;
  }

  return (
    <>
      <Menu
        trigger={
          <IconButton label={t("moreForPerson")}>
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        {!isSuppressed && (
          <>
            <MenuItem icon={<Ban aria-hidden="true" />} onClick={() => setAsking("suppress")}>
              {t("suppress")}
            </MenuItem>
            <MenuSeparator />
          </>
        )}
        <MenuItem icon={<Trash2 aria-hidden="true" />} tone="danger" onClick={() => setAsking("delete")}>
          {t("delete")}
        </MenuItem>
      </Menu>
      <ConfirmDialog
        title={t("suppressTitle", { email })}
        description={t("suppressText")}
        confirmLabel={t("suppress")}
        open={asking === "suppress"}
        onOpenChange={(open) => setAsking(open ? "suppress" : null)}
        onConfirm={block}
      />
      <ConfirmDialog
        title={t("deleteTitle", { email })}
        description={t("deleteText")}
        confirmLabel={t("delete")}
        open={asking === "delete"}
        onOpenChange={(open) => setAsking(open ? "delete" : null)}
        onConfirm={erase}
      />
    </>
  );
}

/** The way back for a bounced or blocked address. */
export function LiftButton({ person, lift }: { person: { id: string; email: string }; lift: PersonAction }) {
  const t = useTranslations("subscribers");
  const router = useRouter();
  const [pending, setPending] = useState(false);
  return (
    <Button
      size="sm"
      loading={pending}
      onClick={async () => {
        setPending(true);
        const answer = await lift({ id: person.id });
        setPending(false);
        if (answer.ok) notify.success(t("lifted", { email: person.email }));
        else notify.error(answer.message);
        router.refresh();
      }}
    >
      {t("lift")}
    </Button>
  );
}
