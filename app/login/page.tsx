import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { findActor } from "#app/_web/actor.ts";
import { AuthShell } from "#components/shell/auth-shell.tsx";
import { isSetUp } from "#lib/auth/setup.ts";
import { db } from "#lib/db.ts";
import { LoginForm } from "./login-form.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth.login"))("title") };
}

export default async function LoginPage() {
  if (!(await isSetUp(db()))) redirect("/setup");
  if (await findActor()) redirect("/");
  const t = await getTranslations("auth.login");
  return (
    <AuthShell title={t("title")} footer={t.rich("lost", { code: (chunks) => <code>{chunks}</code> })}>
      <LoginForm />
    </AuthShell>
  );
}
