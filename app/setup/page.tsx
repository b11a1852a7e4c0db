import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { AuthShell } from "#components/shell/auth-shell.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { isSetUp } from "#lib/auth/setup.ts";
import { timeZoneChoices } from "#lib/auth/time-zones.ts";
import { db } from "#lib/db.ts";
import { SetUpForm } from "./setup-form.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth.setup"))("title") };
}

export default async function SetUpPage() {
  if (await isSetUp(db())) redirect("/login");
  const t = await getTranslations("auth.setup");
  const asked = await headers();
  const host = (asked.get("host") ?? "").replace(/:\d+$/, "");
  const insecure = asked.get("x-forwarded-proto") !== "https" && !["localhost", "127.0.0.1", "[::1]"].includes(host);
  return (
    <AuthShell title={t("title")} description={t("description")} size="md">
      {insecure && (
        <Callout tone="warning" className="mb-5">
          {t("insecure")}
        </Callout>
      )}
      <SetUpForm
        timeZones={timeZoneChoices().map((zone) => ({ value: zone.name, label: zone.label }))}
        language={await getLocale()}
      />
    </AuthShell>
  );
}
