"use client";

import { Ellipsis, KeyRound, RefreshCw, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";
import { notify } from "#components/ui/notify.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { RelativeTime } from "#components/ui/time.tsx";
import type { DomainCheck } from "#lib/senders/domains/check.ts";
import type { DomainDetail } from "#lib/senders/domains/list.ts";
import { BouncesCard } from "./bounces-card.tsx";
import { DomainNotices } from "./domain-notices.tsx";
import { DomainSettings } from "./domain-settings.tsx";
import { DomainStatusBadge } from "./domain-status.tsx";
import { RecordCard } from "./record-card.tsx";
import { useDomainCheck } from "./use-domain-check.ts";

export interface DomainActions {
  check: () => Promise<ActionResult<DomainCheck>>;
  rotate: () => Promise<ActionResult>;
  cancelRotation: () => Promise<ActionResult>;
  setSigning: (on: boolean) => Promise<ActionResult>;
  setEd25519: (on: boolean) => Promise<ActionResult>;
  setLinks: (on: boolean) => Promise<ActionResult>;
  setBounces: (form: FormData) => Promise<ActionResult>;
  removeBounces: () => Promise<ActionResult>;
  archive: () => Promise<ActionResult>;
  restore: () => Promise<ActionResult>;
}

/** One domain: its records with what DNS says of them, and what can be turned. `actions` is null for who may only look. */
export function DomainPage({ domain, actions }: { domain: DomainDetail; actions: DomainActions | null }) {
  const t = useTranslations("domains");
  const router = useRouter();
  const [asking, setAsking] = useState<"rotate" | null>(null);
  const name = domain.displayName;
  const waiting = domain.records.some(
    ({ purpose, note }) =>
      purpose !== "links" && (note === null || note.state === "missing" || note.state === "different"),
  );
  const open = asText(domain);
  const { checking, checkNow } = useDomainCheck(actions?.check ?? null, {
    neverChecked: domain.checkedAt === null,
    waiting,
  });

  /** Runs an action, says what came of it, and shows the page as it is now. */
  async function run(action: () => Promise<ActionResult>, done: string): Promise<boolean> {
    const answer = await action();
    if (answer.ok) notify.success(done);
    else notify.error(answer.message);
    router.refresh();
    return answer.ok;
  }

  async function archive() {
    if (!actions) return;
    const answer = await actions.archive();
    if (!answer.ok) {
      notify.error(answer.message);
      return;
    }
    const restore = () => run(actions.restore, t("restored", { name }));
    notify.undo(t("archived", { name }), { label: t("undo"), onUndo: restore });
    router.push("/domains");
  }

  return (
    <>
      <PageHeader
        title={name}
        description={name === domain.domain ? undefined : t("asALabels", { domain: domain.domain })}
        badge={<DomainStatusBadge status={domain.status} />}
        breadcrumbs={[{ label: t("title"), href: "/domains" }, { label: name }]}
        actions={
          actions && (
            <>
              <Button variant="primary" icon={<RefreshCw aria-hidden="true" />} loading={checking} onClick={checkNow}>
                {t("checkNow")}
              </Button>
              <Menu
                trigger={
                  <IconButton label={t("more", { name })}>
                    <Ellipsis aria-hidden="true" />
                  </IconButton>
                }
              >
                <MenuItem
                  icon={<KeyRound aria-hidden="true" />}
                  disabled={domain.rotating}
                  onClick={() => setAsking("rotate")}
                >
                  {t("rotate")}
                </MenuItem>
                <MenuSeparator />
                <MenuItem icon={<Trash2 aria-hidden="true" />} tone="danger" onClick={archive}>
                  {t("archive")}
                </MenuItem>
              </Menu>
            </>
          )
        }
      />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-5">
          <DomainNotices
            domain={domain}
            actions={
              actions && {
                makeKeys: () => setAsking("rotate"),
                cancelRotation: () => run(actions.cancelRotation, t("rotationCancelled")),
              }
            }
          />
          {domain.records.map((record) => (
            <RecordCard key={record.key} record={record} checking={checking} />
          ))}
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <Card>
            <CardHeader title={t("dns.title")} />
            <CardBody className="flex flex-col items-start gap-3 text-sm">
              <p>{t("dns.text")}</p>
              {open !== "" && <CopyButton value={open} label={t("dns.copyAll")} />}
              <p className="text-muted" role="status">
                {checking
                  ? t("dns.checking")
                  : domain.checkedAt
                    ? t.rich("dns.checked", { when: () => <RelativeTime at={domain.checkedAt ?? ""} past /> })
                    : t("neverChecked")}
                {!checking && waiting && actions && ` ${t("dns.waiting")}`}
              </p>
            </CardBody>
          </Card>
          <DomainSettings
            domain={domain}
            turn={
              actions && {
                signing: (on) => run(() => actions.setSigning(on), t(on ? "signingOn" : "signingOff")),
                ed25519: (on) => run(() => actions.setEd25519(on), t(on ? "ed25519On" : "ed25519Off")),
                links: (on) => run(() => actions.setLinks(on), t(on ? "linksOn" : "linksOff")),
              }
            }
          />
          <BouncesCard
            domain={domain}
            actions={
              actions && {
                set: actions.setBounces,
                onSet: () => {
                  notify.success(t("bouncesSet"));
                  router.refresh();
                  checkNow();
                },
                remove: () => run(actions.removeBounces, t("bouncesOff")),
              }
            }
          />
        </div>
      </div>
      {asking === "rotate" && actions && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setAsking(null)}
          title={t("askRotate.title", { name })}
          description={t(
            domain.status === "waiting" || domain.status === "lost" ? "askRotate.textAtOnce" : "askRotate.text",
          )}
          confirmLabel={t("rotate")}
          tone="primary"
          onConfirm={() => run(actions.rotate, t("rotated"))}
        />
      )}
    </>
  );
}

/** The records that are not right yet as text, for whoever looks after the zone. */
function asText({ records }: DomainDetail): string {
  return records
    .filter((record) => record.value !== null && record.note?.state !== "ok")
    .map(({ name, type, priority, value }) => `${name}\n${type}\n${priority === null ? "" : `${priority} `}${value}\n`)
    .join("\n");
}
