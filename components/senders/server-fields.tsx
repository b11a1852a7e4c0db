"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Callout } from "#components/ui/callout.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { type ProviderKey, portAfter, providerKeys, providerOf, providers, type TlsChoice } from "./providers.ts";

interface ServerFieldsProps {
  sender: { host: string; port: number; tlsMode: TlsChoice; verifyCertificate: boolean } | null;
  fields: Record<string, string>;
  name: string;
  onName: (name: string) => void;
}

/** Choosing a provider fills in the rest; everything stays open to change. */
export function ServerFields({ sender, fields, name, onName }: ServerFieldsProps) {
  const t = useTranslations("senders.form");
  const tp = useTranslations("senders.providers");
  const th = useTranslations("senders.providerHints");
  const [provider, setProvider] = useState<ProviderKey>(sender ? providerOf(sender.host) : "own");
  const [host, setHost] = useState(sender?.host ?? "");
  const [port, setPort] = useState(String(sender?.port ?? 587));
  const [tlsMode, setTlsMode] = useState<TlsChoice>(sender?.tlsMode ?? "starttls");

  function choose(key: string) {
    const chosen = providerKeys.find((known) => known === key);
    if (!chosen) return;
    // A name that nobody typed follows the provider.
    if (name === "" || name === tp(provider)) onName(chosen === "own" ? "" : tp(chosen));
    setProvider(chosen);
    setHost(providers[chosen].host);
    setPort(String(providers[chosen].port));
    setTlsMode(providers[chosen].tlsMode);
  }

  function chooseTls(mode: string) {
    const chosen = mode as TlsChoice;
    setTlsMode(chosen);
    setPort(portAfter(port, chosen));
  }

  return (
    <FieldStack>
      <Field label={t("provider")} hint={t("providerHint")}>
        <Select
          value={provider}
          onValueChange={choose}
          items={providerKeys.map((key) => ({ value: key, label: tp(key) }))}
        />
      </Field>
      {provider !== "own" && <Callout>{th(provider)}</Callout>}
      <Field name="name" label={t("name")} hint={t("nameHint")} error={fields.name}>
        <Input value={name} onChange={(event) => onName(event.target.value)} autoComplete="off" />
      </Field>
      <div className="grid gap-5 sm:grid-cols-[minmax(0,1fr)_7rem]">
        <Field name="host" label={t("host")} error={fields.host}>
          <Input
            value={host}
            onChange={(event) => setHost(event.target.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="smtp.example.com"
          />
        </Field>
        <Field name="port" label={t("port")} error={fields.port}>
          <Input inputMode="numeric" value={port} onChange={(event) => setPort(event.target.value)} />
        </Field>
      </div>
      <Field label={t("tlsMode")} error={fields.tlsMode}>
        <Select
          name="tlsMode"
          value={tlsMode}
          onValueChange={chooseTls}
          items={(["starttls", "implicit", "none"] as const).map((mode) => ({ value: mode, label: t(`tls.${mode}`) }))}
        />
      </Field>
      {tlsMode === "none" && <Callout tone="warning">{t("noTls")}</Callout>}
      <Checkbox
        name="verifyCertificate"
        label={t("verifyCertificate")}
        hint={t("verifyCertificateHint")}
        defaultChecked={sender?.verifyCertificate ?? true}
      />
    </FieldStack>
  );
}
