"use client";

import { Send } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState, useTransition } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { durationWords } from "./planned-start.tsx";

type When = { kind: "now" } | { kind: "at"; wallTime: string; zone: string };

interface LaunchFormProps {
  campaignId: string;
  version: number;
  recipients: number;
  /** A big send: the person types the count. */
  typeCount: boolean;
  isBlocked: boolean;
  /** PUBLIC_URL when its plain http needs a yes. */
  confirmUrl: string | null;
  isInbox: boolean;
  zone: string;
  zones: ReadonlyArray<{ value: string; label: string }>;
  /** Goes to the campaign when launched; answers only when refused. */
  launch: (input: {
    campaignId: string;
    version: number;
    when: When;
    confirmedCount?: number;
    acceptPlainHttp: boolean;
  }) => Promise<ActionResult<unknown>>;
  planStart: (input: { campaignId: string; wallTime: string; zone: string }) => Promise<ActionResult<PlannedStart>>;
}

/** The instant of a picked time, and what is worth a look about it. */
interface PlannedStart {
  at: string;
  warning: { code: string; detail: Record<string, string | number> } | null;
}

/** Now or at a time in a named zone, and the button that does it. */
export function LaunchForm(props: LaunchFormProps) {
  const { campaignId, version, recipients, typeCount, isBlocked, confirmUrl, isInbox, zones, launch, planStart } =
    props;
  const t = useTranslations("campaigns.launch");
  const [kind, setKind] = useState<"now" | "at">("now");
  const [wallTime, setWallTime] = useState("");
  const [zone, setZone] = useState(props.zone);
  const [accepted, setAccepted] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const [confirming, setConfirming] = useState(false);
  const tErrors = useTranslations("errors");
  const planned = usePlannedStart(campaignId, kind === "at" ? wallTime : "", zone, planStart);
  const isReady = !isBlocked && (confirmUrl === null || accepted) && (kind === "now" || planned.start !== null);

  async function run(): Promise<void> {
    setError(null);
    const answer = await launch({
      campaignId,
      version,
      when: kind === "now" ? { kind } : { kind, wallTime, zone },
      acceptPlainHttp: accepted,
      ...(typeCount ? { confirmedCount: recipients } : {}),
    });
    if (answer && !answer.ok) setError(answer.message);
  }

  return (
    <section aria-labelledby="launch" className="rounded-xl border border-line bg-surface p-4 shadow-xs sm:p-5">
      <h2 id="launch" className="mb-4 font-semibold">
        {t("title")}
      </h2>
      <FieldStack>
        <RadioGroup
          label={t("when")}
          value={kind}
          onValueChange={(value) => setKind(value === "at" ? "at" : "now")}
          items={[
            { value: "now", label: t("now"), hint: t("nowHint") },
            { value: "at", label: t("at") },
          ]}
        />
        {kind === "at" && (
          <>
            <Field label={t("time")} error={planned.problem}>
              <Input
                type="datetime-local"
                value={wallTime}
                onChange={(event) => setWallTime(event.target.value.slice(0, 16))}
              />
            </Field>
            <Field label={t("zone")}>
              <Combobox items={zones} value={zone} onValueChange={(value) => value && setZone(value)} />
            </Field>
            {planned.start && <StartsIn at={planned.start.at} />}
            {planned.start?.warning && (
              <Callout tone="warning" live>
                {tErrors(planned.start.warning.code, planned.start.warning.detail)}
              </Callout>
            )}
          </>
        )}
        {confirmUrl && (
          <Checkbox
            label={t("plainHttp")}
            hint={t("plainHttpHint", { url: confirmUrl })}
            checked={accepted}
            onCheckedChange={setAccepted}
          />
        )}
        {error && (
          <Callout tone="danger" live>
            {error}
          </Callout>
        )}
        {isBlocked && <p className="text-sm text-danger-text">{t("blocked")}</p>}
        <Button
          variant="primary"
          size="lg"
          className="w-full"
          disabled={!isReady}
          loading={pending}
          icon={<Send aria-hidden="true" />}
          onClick={() => (typeCount ? setConfirming(true) : startTransition(run))}
        >
          {kind === "now" ? t("sendTo", { count: recipients }) : t("scheduleFor", { count: recipients })}
        </Button>
        {isInbox && <p className="text-sm text-muted">{t("inboxHint")}</p>}
      </FieldStack>
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title={t("confirmTitle", { count: recipients })}
        description={t("confirmText")}
        confirmLabel={kind === "now" ? t("sendTo", { count: recipients }) : t("scheduleFor", { count: recipients })}
        tone="primary"
        typeToConfirm={String(recipients)}
        onConfirm={run}
      />
    </section>
  );
}

function StartsIn({ at }: { at: string }) {
  const t = useTranslations("campaigns.launch");
  const tLive = useTranslations("campaigns.live");
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  const minutes = Math.max(60, Math.ceil((new Date(at).getTime() - now) / 60_000) * 60);
  return (
    <p role="status" className="tabular text-sm text-muted">
      {t("startsIn", { duration: durationWords(minutes, tLive) })}
    </p>
  );
}

/** What a picked wall time means, or the words that say why it cannot be. The server knows daylight saving. */
function usePlannedStart(campaignId: string, wallTime: string, zone: string, plan: LaunchFormProps["planStart"]) {
  const [answer, setAnswer] = useState<{ start: PlannedStart | null; problem: string | null }>(nothing);
  useEffect(() => {
    setAnswer(nothing);
    if (wallTime === "") return;
    let isLatest = true;
    const timer = setTimeout(async () => {
      const result = await plan({ campaignId, wallTime, zone });
      if (!isLatest) return;
      setAnswer(result.ok ? { start: result.data, problem: null } : { start: null, problem: result.message });
    }, 200);
    return () => {
      isLatest = false;
      clearTimeout(timer);
    };
  }, [campaignId, wallTime, zone, plan]);
  return answer;
}

const nothing = { start: null, problem: null };
