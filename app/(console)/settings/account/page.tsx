import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { NavTabs } from "#components/ui/nav-tabs.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { PasswordForm } from "./password-form.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth.settings"))("account") };
}

export default async function AccountPage() {
  await requireActor();
  const t = await getTranslations("auth.settings");
  return (
    <>
      <PageHeader title={t("title")} />
      <div className="mb-5">
        <NavTabs
          aria-label={t("title")}
          items={[
            { href: "/settings", label: t("workspace") },
            { href: "/settings/account", label: t("account") },
          ]}
        />
      </div>
      <PasswordForm />
    </>
  );
}
