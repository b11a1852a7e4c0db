"use client";

import { MapPinOff, Unplug } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button, ButtonLink } from "#components/ui/button.tsx";

/** For not-found.tsx of any route; fits inside the console and on a page of its own. */
export function NotFoundState() {
  const t = useTranslations("ui");
  return (
    <Problem icon={<MapPinOff />} title={t("notFoundTitle")} text={t("notFoundText")}>
      <ButtonLink href="/" variant="primary">
        {t("backHome")}
      </ButtonLink>
    </Problem>
  );
}

/** For error.tsx of any route. `error` is shown only by its id, which stands in the server's log too. */
export function ErrorState({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTranslations("ui");
  const id = error instanceof Error && "digest" in error ? String(error.digest) : null;
  return (
    <Problem icon={<Unplug />} title={t("errorTitle")} text={t("errorText")} id={id ? t("errorId", { id }) : null}>
      <Button variant="primary" onClick={retry}>
        {t("tryAgain")}
      </Button>
      <ButtonLink href="/">{t("backHome")}</ButtonLink>
    </Problem>
  );
}

interface ProblemProps {
  icon: React.ReactNode;
  title: string;
  text: string;
  id?: string | null;
  children: React.ReactNode;
}

function Problem({ icon, title, text, id, children }: ProblemProps) {
  return (
    <div className="flex flex-col items-center px-2 py-16 text-center">
      <div
        aria-hidden="true"
        className="mb-5 grid size-14 place-items-center rounded-full bg-accent-soft text-accent-text [&_svg]:size-6.5"
      >
        {icon}
      </div>
      <h1 className="text-xl font-semibold">{title}</h1>
      <p className="mt-2 max-w-md text-sm text-balance text-muted">{text}</p>
      {id && <p className="mt-3 font-mono text-xs text-muted">{id}</p>}
      <div className="mt-6 flex flex-wrap justify-center gap-2">{children}</div>
    </div>
  );
}
