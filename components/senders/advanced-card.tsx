"use client";

import { ChevronDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Card, CardBody } from "#components/ui/card.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { OauthFields } from "./oauth-fields.tsx";
import type { LoginMethod, SenderValues } from "./sender-values.ts";
import { WarmupFields } from "./warmup-fields.tsx";

const methods: readonly LoginMethod[] = ["auto", "plain", "login", "cram-md5", "xoauth2"];

const fieldNames = [
  ...["authMethod", "oauthTokenUrl", "oauthClientId", "oauthScope", "oauthClientSecret", "oauthRefreshToken"],
  ...["authorities", "ratePerMinute", "ratePerDay", "messagesPerConnection", "weight"],
  ...["warmupStartsOn", "warmupFirstDay", "warmupGrowthPercent", "warmupDays"],
];

interface AdvancedCardProps {
  sender: SenderValues | null;
  fields: Record<string, string>;
  method: LoginMethod;
  onMethod: (method: LoginMethod) => void;
  /** The mail server as it stands in the form. */
  host: () => string;
}

/** What most people never need. Closed until something in it is set or wrong. */
export function AdvancedCard({ sender, fields, method, onMethod, host }: AdvancedCardProps) {
  const t = useTranslations("senders.form");
  const [open, setOpen] = useState(() => sender !== null && isSet(sender));
  const isWrong = fieldNames.some((name) => fields[name]);
  return (
    <Card>
      <details open={open || isWrong} onToggle={(event) => setOpen(event.currentTarget.open)} className="group">
        <summary className="flex cursor-pointer list-none items-start justify-between gap-4 rounded-xl px-5 py-4.5">
          <span className="min-w-0">
            <span className="block text-base font-semibold">{t("advanced")}</span>
            <span className="mt-0.5 block max-w-prose text-sm text-muted">{t("advancedDescription")}</span>
          </span>
          <ChevronDown
            aria-hidden="true"
            className="mt-1 size-4 shrink-0 text-muted transition-transform group-open:rotate-180"
          />
        </summary>
        <CardBody className="flex flex-col gap-7 pt-0">
          <Part title={t("login")}>
            <Field label={t("method")} hint={t("methodHint")} error={fields.authMethod}>
              <Select
                name="authMethod"
                value={method}
                onValueChange={(value) => onMethod(value as LoginMethod)}
                items={methods.map((value) => ({ value, label: t(`methods.${value}`) }))}
              />
            </Field>
            {method === "xoauth2" && (
              <OauthFields
                oauth={sender?.oauth ?? null}
                hasOauth={sender?.hasOauth ?? false}
                host={host()}
                fields={fields}
              />
            )}
          </Part>
          <Part title={t("limits")}>
            <div className="grid gap-5 sm:grid-cols-2">
              <Field name="ratePerMinute" label={t("ratePerMinute")} optional error={fields.ratePerMinute}>
                <Input inputMode="numeric" defaultValue={sender?.ratePerMinute ?? ""} placeholder={t("noLimit")} />
              </Field>
              <Field name="ratePerDay" label={t("ratePerDay")} optional error={fields.ratePerDay}>
                <Input inputMode="numeric" defaultValue={sender?.ratePerDay ?? ""} placeholder={t("noLimit")} />
              </Field>
              <Field
                name="messagesPerConnection"
                label={t("messagesPerConnection")}
                error={fields.messagesPerConnection}
              >
                <Input inputMode="numeric" defaultValue={sender?.messagesPerConnection ?? 100} />
              </Field>
            </div>
          </Part>
          <Part title={t("weightTitle")}>
            <Field name="weight" label={t("weight")} hint={t("weightHint")} error={fields.weight}>
              <Input inputMode="numeric" defaultValue={sender?.weight ?? 0} className="sm:max-w-32" />
            </Field>
          </Part>
          <Part title={t("warmupTitle")}>
            <WarmupFields plan={sender?.warmup ?? null} fields={fields} />
          </Part>
          <Part title={t("authoritiesTitle")}>
            <Field
              name="authorities"
              label={t("authorities")}
              hint={t("authoritiesHint")}
              optional
              error={fields.authorities}
            >
              <Textarea
                defaultValue={sender?.authorities ?? ""}
                rows={5}
                spellCheck={false}
                placeholder="-----BEGIN CERTIFICATE-----"
                className="font-mono text-xs"
              />
            </Field>
          </Part>
        </CardBody>
      </details>
    </Card>
  );
}

function Part({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <section className="border-t border-line pt-5">
      <h3 className="mb-4 text-sm font-semibold">{title}</h3>
      <FieldStack>{children}</FieldStack>
    </section>
  );
}

function isSet(sender: SenderValues): boolean {
  return (
    sender.authMethod !== "auto" ||
    sender.authorities !== "" ||
    sender.ratePerMinute !== null ||
    sender.ratePerDay !== null ||
    sender.weight > 0 ||
    sender.warmup !== null
  );
}
