"use client";

import { ChartColumn, Copy, Pause, Play, Undo2, X } from "lucide-react";
import { useRouter } from "next/navigation";
import { useFormatter, useTranslations } from "next-intl";
import { useTransition } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Card, CardBody } from "#components/ui/card.tsx";
import { notify } from "#components/ui/notify.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Progress as ProgressBar } from "#components/ui/progress.tsx";
import { Stat, StatRow } from "#components/ui/stat.tsx";
import { DateTime } from "#components/ui/time.tsx";
import { readPauseReason } from "#lib/campaigns/pause-reason.ts";
import type { Breaker } from "#lib/delivery/breakers.ts";
import { CampaignStatusBadge } from "./campaign-status-badge.tsx";
import { CanaryNotice } from "./canary-notice.tsx";
import { CancelDialog } from "./cancel-dialog.tsx";
import { LiveNotice } from "./live-notice.tsx";
import { OverruleDialog } from "./overrule-dialog.tsx";
import { PlannedStart } from "./planned-start.tsx";
import { type Progress, useProgress } from "./use-progress.ts";

type Step = "undo" | "pause" | "resume" | "cancel" | "go_on";
type Answer = Promise<ActionResult<unknown>>;

interface CampaignLiveProps {
  campaign: {
    id: string;
    name: string;
    subject: string;
    canaryCount: number | null;
    scheduledWallTime: string | null;
    scheduledZone: string | null;
    finishedAt: Date | null;
    isDeleted: boolean;
  };
  initial: Progress;
  mayLaunch: boolean;
  step: (input: { campaignId: string; step: Step; overrule?: Breaker }) => Answer;
  duplicate: (input: { campaignId: string }) => Answer;
}

/** A launched campaign: its countdown, its progress, and the ways to hold or stop it. */
export function CampaignLive({ campaign, initial, mayLaunch, step, duplicate }: CampaignLiveProps) {
  const t = useTranslations("campaigns");
  const tLive = useTranslations("campaigns.live");
  const format = useFormatter();
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const progress = useProgress(campaign.id, initial, () => router.refresh());
  const { status, written, frozen } = progress;
  const total = frozen ?? written;
  const settled = progress.sent + progress.failed + progress.inDoubt + progress.skipped;
  const open = Math.max(0, total - settled);
  const isUnderWay = ["freezing", "sending", "paused", "cancelling"].includes(status);
  const wasFrozen = isUnderWay || status === "finished" || status === "cancelled";

  function run(work: () => Answer): Promise<void> {
    return new Promise((resolve) => {
      startTransition(async () => {
        const answer = await work();
        if (answer && !answer.ok) notify.error(answer.message);
        resolve();
      });
    });
  }
  const take = (name: Step) => run(() => step({ campaignId: campaign.id, step: name }));
  const name = campaign.name || t("untitled");
  const reason = status === "paused" && progress.pauseReason !== null ? readPauseReason(progress.pauseReason) : null;
  const stopped = reason?.kind === "breaker" ? reason : null;

  const actions = (
    <>
      {wasFrozen && (
        <ButtonLink href={`/campaigns/${campaign.id}/report`} icon={<ChartColumn aria-hidden="true" />}>
          {t("report")}
        </ButtonLink>
      )}
      {!isUnderWay && status !== "scheduled" && mayLaunch && (
        <Button
          icon={<Copy aria-hidden="true" />}
          loading={pending}
          onClick={() => run(() => duplicate({ campaignId: campaign.id }))}
        >
          {t("duplicate")}
        </Button>
      )}
      {mayLaunch && (status === "sending" || status === "freezing") && (
        <Button icon={<Pause aria-hidden="true" />} loading={pending} onClick={() => take("pause")}>
          {tLive("pause")}
        </Button>
      )}
      {mayLaunch && status === "paused" && !stopped && (
        <Button variant="primary" icon={<Play aria-hidden="true" />} loading={pending} onClick={() => take("resume")}>
          {tLive("resume")}
        </Button>
      )}
      {mayLaunch && ["freezing", "sending", "paused"].includes(status) && (
        <CancelDialog
          name={name}
          open={open}
          sent={progress.sent}
          trigger={
            <Button variant="danger-ghost" icon={<X aria-hidden="true" />}>
              {tLive("cancel")}
            </Button>
          }
          onConfirm={() => take("cancel")}
        />
      )}
    </>
  );

  return (
    <>
      <PageHeader
        title={name}
        description={campaign.subject}
        badge={<CampaignStatusBadge status={status} />}
        breadcrumbs={[{ label: t("title"), href: "/campaigns" }, { label: name }]}
        actions={actions}
      />
      <div className="flex flex-col gap-5" data-campaign-status={status}>
        <LiveNotice
          campaignId={campaign.id}
          progress={progress}
          mayLaunch={mayLaunch}
          backToDraft={() => take("undo")}
          overrule={
            stopped && (
              <OverruleDialog
                name={name}
                stopped={stopped}
                trigger={<Button size="sm">{tLive("overrule")}</Button>}
                onConfirm={() =>
                  run(() => step({ campaignId: campaign.id, step: "resume", overrule: stopped.breaker }))
                }
              />
            )
          }
        />
        {status === "sending" && progress.canary && campaign.canaryCount !== null && (
          <CanaryNotice
            count={campaign.canaryCount}
            canary={progress.canary}
            actions={
              mayLaunch && (
                <>
                  <Button size="sm" variant="primary" loading={pending} onClick={() => take("go_on")}>
                    {tLive("canary.goOn")}
                  </Button>
                  <CancelDialog
                    name={name}
                    open={open}
                    sent={progress.sent}
                    trigger={<Button size="sm">{tLive("canary.stopHere")}</Button>}
                    onConfirm={() => take("cancel")}
                  />
                </>
              )
            }
          />
        )}
        {status === "scheduled" && progress.launchAt && (
          <PlannedStart
            launchAt={progress.launchAt}
            wallTime={campaign.scheduledWallTime}
            zone={campaign.scheduledZone}
            action={
              mayLaunch && (
                <Button
                  variant={campaign.scheduledWallTime ? "secondary" : "primary"}
                  loading={pending}
                  icon={<Undo2 aria-hidden="true" />}
                  onClick={() => take("undo")}
                >
                  {tLive(campaign.scheduledWallTime ? "unschedule" : "undo")}
                </Button>
              )
            }
          />
        )}
        {wasFrozen && (
          <Card>
            <CardBody>
              <div className="flex flex-col gap-6">
                <ProgressBar
                  label={tLive(`bar.${status}`)}
                  value={status === "freezing" && written === 0 ? null : status === "freezing" ? null : settled}
                  max={Math.max(1, total)}
                  valueText={
                    status === "freezing"
                      ? tLive("prepared", { count: written })
                      : tLive("settledOf", { settled, total })
                  }
                  tone={status === "paused" ? "warning" : status === "finished" ? "success" : "accent"}
                />
                <StatRow className="sm:grid-cols-3">
                  <Stat label={tLive("sent")} value={format.number(progress.sent)} hint={tLive("sentHint")} />
                  <Stat label={tLive("waiting")} value={format.number(progress.pending + progress.sending)} />
                  <Stat
                    label={tLive("deferred")}
                    value={format.number(progress.deferred)}
                    hint={tLive("deferredHint")}
                  />
                  <Stat label={tLive("failed")} value={format.number(progress.failed)} />
                  <Stat label={tLive("inDoubt")} value={format.number(progress.inDoubt)} />
                  <Stat label={tLive("skipped")} value={format.number(progress.skipped)} />
                </StatRow>
                {campaign.finishedAt && (
                  <p className="text-sm text-muted">
                    {tLive.rich("finishedAt", { time: () => <DateTime at={campaign.finishedAt ?? ""} /> })}
                  </p>
                )}
              </div>
            </CardBody>
          </Card>
        )}
        <section aria-label={tLive("mail")} className="overflow-hidden rounded-xl border border-line bg-surface">
          <h2 className="border-b border-line px-4 py-3 font-semibold">{tLive("mail")}</h2>
          <iframe
            src={`/api/previews/campaigns/${campaign.id}`}
            title={tLive("mail")}
            sandbox=""
            referrerPolicy="no-referrer"
            className="block h-[60vh] w-full bg-white"
          />
        </section>
      </div>
    </>
  );
}
