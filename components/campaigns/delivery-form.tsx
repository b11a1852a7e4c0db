"use client";

import { useFormatter, useTranslations } from "next-intl";
import { Callout } from "#components/ui/callout.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { Select } from "#components/ui/select.tsx";
import { Switch } from "#components/ui/switch.tsx";
import { CanaryField } from "./canary-field.tsx";
import type { DraftFields } from "./draft-fields.ts";
import { type CheckEnd, EndField } from "./end-field.tsx";

export interface SenderChoice {
  id: string;
  name: string;
  kind: "smtp" | "inbox";
  isDefault: boolean;
}

/** What the choices about time go by. */
export interface DeliveryTiming {
  zone: string;
  zones: ReadonlyArray<{ value: string; label: string }>;
  canaryLimits: { count: number; minutes: number };
  checkEnd: CheckEnd;
}

interface DeliveryFormProps {
  fields: DraftFields;
  senders: readonly SenderChoice[];
  /** Who shares the campaigns that choose no sender; empty when nothing is shared. */
  shares: ReadonlyArray<{ name: string; share: number }>;
  isSampleWorkspace: boolean;
  timing: DeliveryTiming;
  onChange: (changed: Partial<DraftFields>) => void;
}

const byDefault = "default";

/** Through which sender, with what tracking, how carefully, until when, and what to do about mails in doubt. */
export function DeliveryForm({ fields, senders, shares, isSampleWorkspace, timing, onChange }: DeliveryFormProps) {
  const t = useTranslations("campaigns.delivery");
  const format = useFormatter();
  const standard = senders.find((sender) => sender.isDefault);
  // Nobody gave the test inbox its name, so each reader sees it in their own language.
  const named = ({ name, kind }: SenderChoice) => (kind === "inbox" ? t("inbox") : name);
  const items = [
    shares.length > 1
      ? {
          value: byDefault,
          label: t("sharedSender", { count: shares.length }),
          hint: format.list(shares.map(({ name, share }) => `${name} (${format.number(share, { style: "percent" })})`)),
        }
      : { value: byDefault, label: t("defaultSender", { name: standard ? named(standard) : t("inbox") }) },
    ...senders.map((sender) => ({
      value: sender.id,
      label: named(sender),
      hint: sender.kind === "inbox" ? t("inboxHint") : undefined,
    })),
  ];
  return (
    <div className="max-w-2xl rounded-xl border border-line bg-surface p-4 shadow-xs sm:p-5">
      <FieldStack>
        {isSampleWorkspace ? (
          <Callout tone="info">{t("sampleHint")}</Callout>
        ) : (
          <Field label={t("sender")}>
            <Select
              items={items}
              value={fields.senderId ?? byDefault}
              onValueChange={(value) => onChange({ senderId: value === byDefault ? null : value })}
            />
          </Field>
        )}
        <div className="flex flex-col gap-3">
          <Switch
            label={t("trackOpens")}
            hint={t("trackOpensHint")}
            checked={fields.trackOpens}
            onCheckedChange={(trackOpens) => onChange({ trackOpens })}
          />
          <Switch
            label={t("trackClicks")}
            hint={t("trackClicksHint")}
            checked={fields.trackClicks}
            onCheckedChange={(trackClicks) => onChange({ trackClicks })}
          />
        </div>
        <CanaryField canary={fields.canary} limits={timing.canaryLimits} onChange={(canary) => onChange({ canary })} />
        <EndField
          endsAt={fields.endsAt}
          zone={timing.zone}
          zones={timing.zones}
          checkEnd={timing.checkEnd}
          onChange={(endsAt) => onChange({ endsAt })}
        />
        <RadioGroup
          label={t("inDoubt")}
          hint={t("inDoubtHint")}
          value={fields.inDoubtPolicy}
          onValueChange={(value) => onChange({ inDoubtPolicy: value === "hold" ? "hold" : "resend" })}
          items={[
            { value: "resend", label: t("resend"), hint: t("resendHint") },
            { value: "hold", label: t("hold"), hint: t("holdHint") },
          ]}
        />
      </FieldStack>
    </div>
  );
}
