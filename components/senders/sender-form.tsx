"use client";

import { PlugZap } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type SubmitEvent, useRef, useState, useTransition } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Card, CardBody, CardFooter, CardHeader } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { notify } from "#components/ui/notify.ts";
import { PasswordInput } from "#components/ui/password-input.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import { AdvancedCard } from "./advanced-card.tsx";
import { idleLimits, limitOf } from "./limit-hints.ts";
import type { LoginMethod, SenderValues } from "./sender-values.ts";
import { ServerFields } from "./server-fields.tsx";
import { type ConnectionTestShown, TestResult } from "./test-result.tsx";

interface SenderFormProps {
  /** Null for a new one. */
  sender: SenderValues | null;
  /** The first real one becomes the default unless somebody says no. */
  isFirst: boolean;
  save: (form: FormData) => Promise<ActionResult<string>>;
  test: (form: FormData) => Promise<ActionResult<ConnectionTestShown>>;
}

export function SenderForm({ sender, isFirst, save, test }: SenderFormProps) {
  const t = useTranslations("senders.form");
  const router = useRouter();
  const element = useRef<HTMLFormElement>(null);
  const [name, setName] = useState(sender?.name ?? "");
  const form = useFormAction(save, () => {
    if (sender) notify.success(t("saved"));
    else {
      notify.success(t("created", { name }));
      router.push("/senders");
    }
  });
  const [method, setMethod] = useState<LoginMethod>(sender?.authMethod ?? "auto");
  const [idle, setIdle] = useState(() => idleLimits(limitsOf(sender)));
  const [testing, startTest] = useTransition();
  const [tested, setTested] = useState<ActionResult<ConnectionTestShown> | null>(null);
  // What was pressed last is what is shown: the complaints of a save are not those of the test after it.
  const saveError = tested ? null : form.error;
  const fields = tested ? (tested.ok ? {} : (tested.fields ?? {})) : form.fields;

  function submit(event: SubmitEvent<HTMLFormElement>) {
    setTested(null);
    form.onSubmit(event);
  }

  function runTest() {
    const current = element.current;
    if (!current) return;
    startTest(async () => setTested(await test(new FormData(current))));
  }

  /** The limits stand in two places, so the form as a whole is asked. */
  function compareLimits() {
    const given = element.current && new FormData(element.current);
    const of = (field: string) => limitOf(given?.get(field));
    const [second, minute] = [of("ratePerSecond"), of("ratePerMinute")];
    setIdle(idleLimits({ second, minute, hour: of("ratePerHour"), day: of("ratePerDay") }));
  }

  return (
    <form
      ref={element}
      onSubmit={submit}
      onChange={compareLimits}
      noValidate
      className="flex max-w-3xl min-w-0 flex-col gap-5"
    >
      <Card>
        <CardHeader title={t("server")} description={t("serverDescription")} />
        <CardBody>
          <ServerFields sender={sender} fields={fields} name={name} onName={setName} />
        </CardBody>
      </Card>
      <Card>
        <CardHeader title={t("login")} description={t("loginDescription")} />
        <CardBody>
          <FieldStack>
            <Field name="username" label={t("username")} error={fields.username}>
              <Input defaultValue={sender?.username} autoComplete="off" autoCapitalize="none" spellCheck={false} />
            </Field>
            {method === "xoauth2" ? (
              <>
                <input type="hidden" name="password" value="" />
                <p className="text-sm text-muted">{t("withToken")}</p>
              </>
            ) : (
              <Field
                name="password"
                label={t("password")}
                hint={sender?.hasPassword ? t("passwordSet") : undefined}
                error={fields.password}
              >
                <PasswordInput
                  autoComplete="new-password"
                  placeholder={sender?.hasPassword ? t("passwordPlaceholder") : undefined}
                />
              </Field>
            )}
          </FieldStack>
        </CardBody>
      </Card>
      <Card>
        <CardHeader title={t("from")} description={t("fromDescription")} />
        <CardBody>
          <div className="grid gap-5 sm:grid-cols-2">
            <Field name="defaultFromName" label={t("fromName")} optional error={fields.defaultFromName}>
              <Input defaultValue={sender?.defaultFromName} autoComplete="off" />
            </Field>
            <Field name="defaultFromEmail" label={t("fromEmail")} optional error={fields.defaultFromEmail}>
              <Input type="email" defaultValue={sender?.defaultFromEmail} autoComplete="off" />
            </Field>
          </div>
        </CardBody>
      </Card>
      <Card>
        <CardHeader title={t("limits")} description={t("limitsDescription")} />
        <CardBody>
          <div className="grid gap-5 sm:grid-cols-2">
            <Field name="ratePerSecond" label={t("ratePerSecond")} optional error={fields.ratePerSecond}>
              <Input inputMode="numeric" defaultValue={sender?.ratePerSecond ?? ""} placeholder={t("noLimit")} />
            </Field>
            <Field name="ratePerHour" label={t("ratePerHour")} optional error={fields.ratePerHour}>
              <Input inputMode="numeric" defaultValue={sender?.ratePerHour ?? ""} placeholder={t("noLimit")} />
            </Field>
            <Field name="connections" label={t("connections")} error={fields.connections}>
              <Input inputMode="numeric" defaultValue={sender?.connections ?? 4} />
            </Field>
          </div>
          {idle.length > 0 && (
            <div role="status" className="mt-4 text-sm text-muted">
              {idle.map(([unit, stronger]) => (
                <p key={unit}>{t("idleLimit", { idle: t(`units.${unit}`), stronger: t(`units.${stronger}`) })}</p>
              ))}
            </div>
          )}
          <div className="mt-5">
            {sender?.isDefault ? (
              <p className="text-sm text-muted">{t("isDefault")}</p>
            ) : (
              <Checkbox name="makeDefault" label={t("makeDefault")} defaultChecked={isFirst} />
            )}
          </div>
        </CardBody>
      </Card>
      <AdvancedCard
        sender={sender}
        fields={fields}
        method={method}
        onMethod={setMethod}
        host={() => String((element.current && new FormData(element.current).get("host")) ?? "")}
      />
      <Card>
        {(saveError || tested) && (
          <CardBody className="flex flex-col gap-4">
            {saveError && (
              <Callout tone="danger" live>
                {saveError}
              </Callout>
            )}
            {tested?.ok === false && (
              <Callout tone="danger" live>
                {tested.message}
              </Callout>
            )}
            {tested?.ok && <TestResult test={tested.data} />}
          </CardBody>
        )}
        <CardFooter className={saveError || tested ? undefined : "rounded-t-xl border-t-0"}>
          <Button icon={<PlugZap aria-hidden="true" />} loading={testing} onClick={runTest} className="mr-auto">
            {t("test")}
          </Button>
          <ButtonLink href="/senders">{t("cancel")}</ButtonLink>
          <Button type="submit" variant="primary" loading={form.pending}>
            {sender ? t("save") : t("create")}
          </Button>
        </CardFooter>
      </Card>
    </form>
  );
}

function limitsOf(sender: SenderValues | null) {
  return {
    second: sender?.ratePerSecond ?? null,
    minute: sender?.ratePerMinute ?? null,
    hour: sender?.ratePerHour ?? null,
    day: sender?.ratePerDay ?? null,
  };
}
