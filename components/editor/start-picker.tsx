"use client";

import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Callout } from "#components/ui/callout.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { MailThumbnail } from "./mail-thumbnail.tsx";

export type StartChoice = { kind: "starter"; starterId: string } | { kind: "template"; templateId: string };

interface StartPickerProps {
  starters: readonly string[];
  templates: ReadonlyArray<{ id: string; name: string; version: number }>;
  /** Goes to what was made; answers only when it was refused. */
  start: (choice: StartChoice) => Promise<ActionResult<unknown>>;
}

/** The designs that something new can begin with: own templates first, then the starters. One press begins. */
export function StartPicker({ starters, templates, start }: StartPickerProps) {
  const t = useTranslations("editor.start");
  const [pending, startTransition] = useTransition();
  const [chosen, setChosen] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);

  function choose(key: string, choice: StartChoice) {
    setChosen(key);
    startTransition(async () => {
      const answer = await start(choice);
      if (answer && !answer.ok) setError(answer.message);
    });
  }

  const card = (key: string, title: string, description: string, src: string, choice: StartChoice) => (
    <li key={key} className="min-w-0">
      <button
        type="button"
        disabled={pending}
        onClick={() => choose(key, choice)}
        className="group relative flex w-full flex-col overflow-hidden rounded-xl border border-line bg-surface text-left shadow-xs transition-colors hover:border-field disabled:opacity-60"
      >
        <MailThumbnail src={src} title={title} />
        <span className="flex w-full flex-col gap-0.5 border-t border-line px-4 py-3">
          <span className="truncate font-medium">{title}</span>
          <span className="text-sm text-muted">{description}</span>
        </span>
        {pending && chosen === key && (
          <span className="absolute inset-0 grid place-items-center bg-surface/70">
            <Spinner />
          </span>
        )}
      </button>
    </li>
  );

  const grid = "grid gap-4 sm:grid-cols-2 xl:grid-cols-3";
  return (
    <div className="flex flex-col gap-8">
      {error && (
        <Callout tone="danger" live>
          {error}
        </Callout>
      )}
      {templates.length > 0 && (
        <section aria-labelledby="own-templates">
          <h2 id="own-templates" className="mb-3 text-lg font-semibold">
            {t("templates")}
          </h2>
          <ul className={grid}>
            {templates.map(({ id, name, version }) =>
              card(id, name, t("ownTemplate"), `/api/previews/templates/${id}?v=${version}`, {
                kind: "template",
                templateId: id,
              }),
            )}
          </ul>
        </section>
      )}
      <section aria-labelledby="starters">
        <h2 id="starters" className="mb-3 text-lg font-semibold">
          {t("starters")}
        </h2>
        <ul className={grid}>
          {starters.map((key) =>
            card(key, t(`names.${key}`), t(`descriptions.${key}`), `/api/previews/starters/${key}`, {
              kind: "starter",
              starterId: key,
            }),
          )}
        </ul>
      </section>
    </div>
  );
}
