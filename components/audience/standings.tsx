"use client";

import { Ellipsis, MailMinus, MailPlus, Plus, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Dialog, DialogClose, DialogFooter } from "#components/ui/dialog.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Input } from "#components/ui/input.tsx";
import { Menu, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";
import { notify } from "#components/ui/notify.ts";
import { DateTime } from "#components/ui/time.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import { type Standing, StandingBadge } from "./standing-badge.tsx";

export interface StandingRow {
  listId: string;
  listName: string;
  isListArchived: boolean;
  status: Standing;
  changedAt: Date;
}

export interface StandingActions {
  set: (input: unknown) => Promise<ActionResult>;
  remove: (input: unknown) => Promise<ActionResult>;
}

interface StandingsProps {
  subscriberId: string;
  standings: readonly StandingRow[];
  /** Lists the person has never been on. */
  otherLists: readonly { id: string; name: string }[];
  /** Null for people who may only look. */
  actions: StandingActions | null;
}

/** Where a person stands on each list, and the ways to change it. */
export function Standings({ subscriberId, standings, otherLists, actions }: StandingsProps) {
  const t = useTranslations("subscribers");
  const [joining, setJoining] = useState<{ id: string; name: string; isReturn: boolean } | null>(null);
  return (
    <div className="flex flex-col gap-4">
      {standings.length === 0 && <p className="text-sm text-muted">{t("noStandings")}</p>}
      <ul className="divide-y divide-line">
        {standings.map((standing) => (
          <li key={standing.listId} className="flex items-center gap-3 py-2.5 first:pt-0 last:pb-0">
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-2 font-medium wrap-anywhere">
                {standing.listName}
                {standing.isListArchived && <Badge>{t("archivedList")}</Badge>}
              </p>
              <p className="text-sm text-muted">
                {t("since")} <DateTime at={standing.changedAt} shape="date" />
              </p>
            </div>
            <StandingBadge status={standing.status} />
            {actions && !standing.isListArchived && (
              <StandingMenu
                subscriberId={subscriberId}
                standing={standing}
                actions={actions}
                onReturn={() => setJoining({ id: standing.listId, name: standing.listName, isReturn: true })}
              />
            )}
          </li>
        ))}
      </ul>
      {actions && otherLists.length > 0 && (
        <div>
          <Menu
            align="start"
            trigger={
              <Button size="sm" icon={<Plus aria-hidden="true" />}>
                {t("addToList")}
              </Button>
            }
          >
            {otherLists.map((list) => (
              <MenuItem key={list.id} onClick={() => setJoining({ ...list, isReturn: false })}>
                {list.name}
              </MenuItem>
            ))}
          </Menu>
        </div>
      )}
      {actions && joining && (
        <SubscribeDialog
          subscriberId={subscriberId}
          list={joining}
          set={actions.set}
          onClose={() => setJoining(null)}
        />
      )}
    </div>
  );
}

interface StandingMenuProps {
  subscriberId: string;
  standing: StandingRow;
  actions: StandingActions;
  onReturn: () => void;
}

function StandingMenu({ subscriberId, standing, actions, onReturn }: StandingMenuProps) {
  const t = useTranslations("subscribers");
  const router = useRouter();
  const { listId, listName: list, status } = standing;
  const isOn = status === "subscribed" || status === "unconfirmed";

  async function run(answer: Promise<ActionResult>, onDone: () => void) {
    const result = await answer;
    if (result.ok) onDone();
    else notify.error(result.message);
    router.refresh();
  }
  // Taking a click back is no consent to be asked for: it says so itself.
  const back = () =>
    run(actions.set({ subscriberId, listId, status: "subscribed", wording: t("undo") }), () =>
      notify.success(t("subscribedToast", { list })),
    );
  // Who was only waiting to confirm cannot be subscribed by taking a click back.
  const say = (title: string) => {
    if (status === "subscribed") notify.undo(title, { label: t("undo"), onUndo: back });
    else notify.success(title);
  };
  const leave = () =>
    run(actions.set({ subscriberId, listId, status: "unsubscribed" }), () => say(t("unsubscribedToast", { list })));
  const remove = () => run(actions.remove({ subscriberId, listId }), () => say(t("removedToast", { list })));

  if (status === "complained") return null;
  return (
    <Menu
      trigger={
        <IconButton label={t("moreForList", { name: list })} size="sm">
          <Ellipsis aria-hidden="true" />
        </IconButton>
      }
    >
      {isOn ? (
        <>
          {status === "unconfirmed" && (
            <MenuItem icon={<MailPlus aria-hidden="true" />} onClick={onReturn}>
              {t("subscribe")}
            </MenuItem>
          )}
          <MenuItem icon={<MailMinus aria-hidden="true" />} onClick={leave}>
            {t("unsubscribe")}
          </MenuItem>
          <MenuSeparator />
          <MenuItem icon={<Trash2 aria-hidden="true" />} tone="danger" onClick={remove}>
            {t("remove")}
          </MenuItem>
        </>
      ) : (
        <MenuItem icon={<MailPlus aria-hidden="true" />} onClick={onReturn}>
          {t("subscribeAgain")}
        </MenuItem>
      )}
    </Menu>
  );
}

interface SubscribeDialogProps {
  subscriberId: string;
  list: { id: string; name: string; isReturn: boolean };
  set: StandingActions["set"];
  onClose: () => void;
}

function SubscribeDialog({ subscriberId, list, set, onClose }: SubscribeDialogProps) {
  const t = useTranslations("subscribers");
  const router = useRouter();
  const form = useFormAction(
    (data) => set({ subscriberId, listId: list.id, status: "subscribed", wording: String(data.get("wording") ?? "") }),
    () => {
      notify.success(t("subscribedToast", { list: list.name }));
      onClose();
      router.refresh();
    },
  );
  return (
    <Dialog
      title={t("subscribeTitle", { list: list.name })}
      description={list.isReturn ? t("subscribeAgainText") : undefined}
      open
      onOpenChange={(open) => !open && onClose()}
      size="sm"
    >
      <form onSubmit={form.onSubmit}>
        <FieldStack className="pb-5">
          {form.error && (
            <Callout tone="danger" live>
              {form.error}
            </Callout>
          )}
          <Field
            label={list.isReturn ? t("wordingReturn") : t("wording")}
            name="wording"
            hint={t("wordingHint")}
            error={form.fields.wording}
            optional={!list.isReturn}
          >
            <Input maxLength={500} required={list.isReturn} autoFocus autoComplete="off" />
          </Field>
        </FieldStack>
        <DialogFooter>
          <DialogClose render={<Button>{t("cancel")}</Button>} />
          <Button type="submit" variant="primary" loading={form.pending}>
            {t("subscribe")}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
