"use client";

import { useFormatter, useTranslations } from "next-intl";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { notify } from "#components/ui/notify.ts";

/** What was found, for those who may decide about it. */
export interface LockFinding {
  reason: "other_database" | "other_host" | "unknown_host" | "set_back";
  /** The installation the database was recorded for. */
  instanceId: string;
  lastUsedAt: Date | null;
  /** Up to when this machine remembers the database to have been in use. */
  rememberedAt: Date | null;
  /** What a confirmation would do, in all workspaces. */
  campaigns: { underWay: number; overdue: number; ahead: number };
}

interface SendingLockNoticeProps {
  /** Null for people who can only wait. */
  finding: LockFinding | null;
  confirm: () => Promise<ActionResult<{ paused: number; missed: number }>>;
}

/** On every page while nothing is sent because this looks like a copy: what was found, and the way out. */
export function SendingLockNotice({ finding, confirm }: SendingLockNoticeProps) {
  const t = useTranslations("instance");
  if (!finding) {
    return (
      <Callout tone="warning" title={t("title")} className="mb-6">
        {t("othersText")}
      </Callout>
    );
  }
  return (
    <Callout
      tone="danger"
      title={t("title")}
      className="mb-6"
      actions={<ConfirmCopy campaigns={finding.campaigns} confirm={confirm} />}
    >
      <Found finding={finding} />
      <p className="mt-1.5">{t("meanwhile")}</p>
    </Callout>
  );
}

function Found({ finding: { reason, instanceId, lastUsedAt, rememberedAt } }: { finding: LockFinding }) {
  const t = useTranslations("instance.found");
  const format = useFormatter();
  const time = (at: Date | null) => (at ? format.dateTime(at, { dateStyle: "medium", timeStyle: "short" }) : "");
  const used = lastUsedAt ? ` ${t("lastUsed", { at: time(lastUsedAt) })}` : "";
  const setting = () => <code className="font-mono wrap-anywhere">POSTHORN_INSTANCE_ID={instanceId}</code>;
  switch (reason) {
    case "other_database":
      return (
        <p>
          {t("otherDatabase")}
          {used}
        </p>
      );
    case "set_back":
      return (
        <p>{lastUsedAt ? t("setBack", { stands: time(lastUsedAt), remembered: time(rememberedAt) }) : t("old")}</p>
      );
    case "other_host":
    case "unknown_host":
      return (
        <>
          <p>
            {t("otherHost")}
            {used}
          </p>
          <p className="mt-1.5">{t.rich("joinInstead", { setting })}</p>
        </>
      );
    default:
      return reason satisfies never;
  }
}

function ConfirmCopy({
  campaigns,
  confirm,
}: { campaigns: LockFinding["campaigns"] } & Pick<SendingLockNoticeProps, "confirm">) {
  const t = useTranslations("instance.confirm");
  const { underWay, overdue, ahead } = campaigns;
  return (
    <ConfirmDialog
      title={t("title")}
      description={t("text")}
      confirmLabel={t("confirm")}
      trigger={<Button size="sm">{t("button")}</Button>}
      onConfirm={async () => {
        const answer = await confirm();
        if (answer.ok) notify.success(t("done"), { description: t("doneText", answer.data) });
        else notify.error(answer.message);
        return answer.ok;
      }}
    >
      <ul className="list-disc space-y-1.5 pl-5 text-sm">
        {underWay + overdue + ahead === 0 && <li>{t("nothing")}</li>}
        {underWay > 0 && <li>{t("underWay", { count: underWay })}</li>}
        {overdue > 0 && <li>{t("overdue", { count: overdue })}</li>}
        {ahead > 0 && <li>{t("ahead", { count: ahead })}</li>}
      </ul>
    </ConfirmDialog>
  );
}
