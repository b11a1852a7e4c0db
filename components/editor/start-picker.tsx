"use client";

import { Eye } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { SearchInput } from "#components/ui/search-input.tsx";
import { Select } from "#components/ui/select.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { DesignPreview } from "./design-preview.tsx";
import { MailThumbnail } from "./mail-thumbnail.tsx";

export type StartChoice = { kind: "starter"; starterId: string } | { kind: "template"; templateId: string };

interface StartPickerProps {
  starters: ReadonlyArray<{ key: string; category: string }>;
  templates: ReadonlyArray<{ id: string; name: string; version: number }>;
  /** Goes to what was made; answers only when it was refused. */
  start: (choice: StartChoice) => Promise<ActionResult<unknown>>;
}

interface Design {
  key: string;
  title: string;
  description: string;
  category: string;
  src: string;
  choice: StartChoice;
}

const categories = ["empty", "newsletter", "promotion", "event", "relationship", "transactional"] as const;

/** The designs that something new can begin with: own templates first, then the starters. One press begins. */
export function StartPicker({ starters, templates, start }: StartPickerProps) {
  const t = useTranslations("starters");
  const tStart = useTranslations("editor.start");
  const [pending, startTransition] = useTransition();
  const [chosen, setChosen] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [query, setQuery] = useState("");
  const [category, setCategory] = useState("");
  const [seen, setSeen] = useState<Design | null>(null);

  function choose({ key, choice }: Design) {
    setChosen(key);
    startTransition(async () => {
      const answer = await start(choice);
      if (answer && !answer.ok) setError(answer.message);
    });
  }

  const own = templates.map(
    ({ id, name, version }): Design => ({
      ...{ key: id, title: name, description: tStart("ownTemplate"), category: "own" },
      src: `/api/previews/templates/${id}?v=${version}`,
      choice: { kind: "template", templateId: id },
    }),
  );
  const given = starters.map(
    ({ key, category: of }): Design => ({
      ...{ key, title: t(`names.${key}`), description: t(`descriptions.${key}`), category: of },
      src: `/api/previews/starters/${key}`,
      choice: { kind: "starter", starterId: key },
    }),
  );
  const matches = ({ title, description }: Design) =>
    `${title} ${description}`.toLocaleLowerCase().includes(query.trim().toLocaleLowerCase());
  const groups = [
    { id: "own-templates", title: tStart("templates"), designs: category === "" ? own.filter(matches) : [] },
    {
      id: "starters",
      title: tStart("starters"),
      designs: given.filter((one) => (category === "" || one.category === category) && matches(one)),
    },
  ].filter(({ designs }) => designs.length > 0);

  return (
    <div className="flex flex-col gap-8">
      {error && (
        <Callout tone="danger" live>
          {error}
        </Callout>
      )}
      <search className="flex flex-wrap gap-2">
        <SearchInput label={t("search")} value={query} onValueChange={setQuery} className="max-sm:w-full sm:w-72" />
        <Select
          aria-label={t("category")}
          value={category}
          onValueChange={setCategory}
          className="sm:w-auto sm:min-w-40"
          items={[
            { value: "", label: t("categories.all") },
            ...categories.map((value) => ({ value, label: t(`categories.${value}`) })),
          ]}
        />
      </search>
      {groups.length === 0 && (
        <p role="status" className="text-muted">
          {t("noMatch")}
        </p>
      )}
      {groups.map(({ id, title, designs }) => (
        <section key={id} aria-labelledby={id}>
          <h2 id={id} className="mb-3 text-lg font-semibold">
            {title}
          </h2>
          <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
            {designs.map((design) => (
              <DesignCard
                key={design.key}
                design={design}
                disabled={pending}
                busy={pending && chosen === design.key}
                onChoose={() => choose(design)}
                onSee={() => setSeen(design)}
              />
            ))}
          </ul>
        </section>
      ))}
      <DesignPreview
        title={seen?.title ?? ""}
        src={seen?.src ?? null}
        onClose={() => setSeen(null)}
        footer={
          <Button variant="primary" loading={pending} onClick={() => seen && choose(seen)}>
            {t("use")}
          </Button>
        }
      />
    </div>
  );
}

interface DesignCardProps {
  design: Design;
  disabled: boolean;
  busy: boolean;
  onChoose: () => void;
  onSee: () => void;
}

function DesignCard({ design, disabled, busy, onChoose, onSee }: DesignCardProps) {
  const t = useTranslations("starters");
  const { title, description, src } = design;
  return (
    <li className="group relative min-w-0">
      <button
        type="button"
        disabled={disabled}
        onClick={onChoose}
        className="relative flex size-full flex-col overflow-hidden rounded-xl border border-line bg-surface text-left shadow-xs transition-colors hover:border-field disabled:opacity-60"
      >
        <MailThumbnail src={src} title={title} />
        <span className="flex w-full flex-col gap-0.5 border-t border-line py-3 pr-13 pl-4">
          <span className="truncate font-medium">{title}</span>
          <span className="text-sm text-muted">{description}</span>
        </span>
        {busy && (
          <span className="absolute inset-0 grid place-items-center bg-surface/70">
            <Spinner />
          </span>
        )}
      </button>
      <IconButton label={t("preview", { name: title })} className="absolute top-55 right-2" onClick={onSee}>
        <Eye aria-hidden="true" />
      </IconButton>
    </li>
  );
}
