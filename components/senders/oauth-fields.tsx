"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { PasswordInput } from "#components/ui/password-input.tsx";
import { Select } from "#components/ui/select.tsx";
import { type OauthPreset, oauthPresetKeys, oauthPresetOf, oauthPresets } from "./providers.ts";

interface OauthFieldsProps {
  oauth: { tokenUrl: string; clientId: string; scope: string } | null;
  hasOauth: boolean;
  /** The mail server as it stands in the form, for a first guess at the provider. */
  host: string;
  fields: Record<string, string>;
}

/** What XOAUTH2 needs in place of a password. */
export function OauthFields({ oauth, hasOauth, host, fields }: OauthFieldsProps) {
  const t = useTranslations("senders.oauth");
  const [preset, setPreset] = useState<OauthPreset>(() => oauthPresetOf(oauth?.tokenUrl ?? "", host));
  const [tokenUrl, setTokenUrl] = useState<string>(oauth?.tokenUrl ?? oauthPresets[preset].tokenUrl);
  const [scope, setScope] = useState<string>(oauth?.scope ?? oauthPresets[preset].scope);
  const stored = hasOauth ? t("stored") : undefined;

  function choose(key: string) {
    const chosen = oauthPresetKeys.find((known) => known === key);
    if (!chosen) return;
    setPreset(chosen);
    if (chosen === "other") return;
    setTokenUrl(oauthPresets[chosen].tokenUrl);
    setScope(oauthPresets[chosen].scope);
  }

  return (
    <FieldStack>
      <Field label={t("preset")} hint={t("presetHint")}>
        <Select
          value={preset}
          onValueChange={choose}
          items={oauthPresetKeys.map((key) => ({ value: key, label: t(`presets.${key}`) }))}
        />
      </Field>
      <Field name="oauthClientId" label={t("clientId")} error={fields.oauthClientId}>
        <Input defaultValue={oauth?.clientId} autoComplete="off" spellCheck={false} />
      </Field>
      <div className="grid gap-5 sm:grid-cols-2">
        <Field name="oauthClientSecret" label={t("clientSecret")} optional error={fields.oauthClientSecret}>
          <PasswordInput autoComplete="new-password" placeholder={stored} />
        </Field>
        <Field name="oauthRefreshToken" label={t("refreshToken")} error={fields.oauthRefreshToken}>
          <PasswordInput autoComplete="new-password" placeholder={stored} />
        </Field>
      </div>
      {hasOauth && <p className="-mt-3 text-sm text-muted">{t("storedHint")}</p>}
      <Field name="oauthTokenUrl" label={t("tokenUrl")} error={fields.oauthTokenUrl}>
        <Input
          value={tokenUrl}
          onChange={(event) => setTokenUrl(event.target.value)}
          autoComplete="off"
          spellCheck={false}
          placeholder="https://"
        />
      </Field>
      <Field name="oauthScope" label={t("scope")} optional error={fields.oauthScope}>
        <Input value={scope} onChange={(event) => setScope(event.target.value)} autoComplete="off" spellCheck={false} />
      </Field>
    </FieldStack>
  );
}
