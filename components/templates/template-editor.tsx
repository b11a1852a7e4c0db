"use client";

import { Send } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import type { ContentKind, EditedContent } from "#components/editor/content-kind.ts";
import { EditorOfKind } from "#components/editor/editor-of-kind.tsx";
import type { MergeField } from "#components/editor/mjml-completion.ts";
import { NameInput } from "#components/editor/name-input.tsx";
import { SaveStateNote } from "#components/editor/save-state.tsx";
import { SaveTrouble } from "#components/editor/save-trouble.tsx";
import { useAutosave } from "#components/editor/use-autosave.ts";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Breadcrumbs, type Crumb } from "#components/ui/breadcrumbs.tsx";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { notify } from "#components/ui/notify.ts";

type Patch = { name?: string; content?: EditedContent };

interface TemplateEditorProps {
  template: {
    id: string;
    name: string;
    version: number;
    savedAt: string;
    kind: ContentKind;
    source: string;
    isArchived: boolean;
  };
  mergeFields: readonly MergeField[];
  breadcrumbs: readonly Crumb[];
  save: (
    input: Patch & { templateId: string; version: number },
  ) => Promise<ActionResult<{ version: number; savedAt: string }>>;
  currentVersion: (input: { templateId: string }) => Promise<ActionResult<number>>;
  restore: (input: { templateId: string; archived: boolean }) => Promise<ActionResult<unknown>>;
  use: (input: { kind: "template"; templateId: string }) => Promise<ActionResult<unknown>>;
}

/** A template's name and source, saved from the first key on. */
export function TemplateEditor(props: TemplateEditorProps) {
  const { template, mergeFields, breadcrumbs, save, currentVersion, restore, use } = props;
  const t = useTranslations("templates");
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const [name, setName] = useState(template.name);
  const [source, setSource] = useState(template.source);
  const [generation, setGeneration] = useState(0);
  const autosave = useAutosave<Patch>({
    storageKey: `posthorn/template/${template.id}`,
    version: template.version,
    savedAt: template.savedAt,
    save: (patch, version) => save({ ...patch, templateId: template.id, version }),
    currentVersion: () => currentVersion({ templateId: template.id }),
  });

  function apply(patch: Patch) {
    if (patch.name !== undefined) setName(patch.name);
    if (patch.content) {
      setSource(patch.content.source);
      setGeneration((n) => n + 1);
    }
    autosave.change(patch);
  }

  function run(work: () => Promise<ActionResult<unknown>>) {
    startTransition(async () => {
      const answer = await work();
      if (answer && !answer.ok) notify.error(answer.message);
    });
  }

  return (
    <div className="flex flex-col gap-4">
      <header className="flex flex-col gap-2">
        <Breadcrumbs items={[...breadcrumbs, { label: name }]} />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <NameInput
            label={t("name")}
            value={name}
            onChange={(next) => {
              setName(next);
              if (next.trim() !== "") autosave.change({ name: next });
            }}
          />
          <SaveStateNote state={autosave.state} />
          {!template.isArchived && (
            <Button
              variant="primary"
              className="ml-auto"
              loading={pending}
              icon={<Send aria-hidden="true" />}
              onClick={() =>
                run(async () => {
                  await autosave.flush();
                  return use({ kind: "template", templateId: template.id });
                })
              }
            >
              {t("use")}
            </Button>
          )}
        </div>
      </header>
      {template.isArchived && (
        <Callout
          tone="warning"
          actions={
            <Button
              size="sm"
              loading={pending}
              onClick={() => run(() => restore({ templateId: template.id, archived: false }))}
            >
              {t("restore")}
            </Button>
          }
        >
          {t("archivedNote")}
        </Callout>
      )}
      <SaveTrouble
        conflict={autosave.state.kind === "conflict"}
        localAt={autosave.local?.at ?? null}
        onKeepMine={() => void autosave.keepMine()}
        onTakeTheirs={() => {
          autosave.dropLocal();
          window.location.reload();
        }}
        onRestoreLocal={() => {
          if (autosave.local) apply(autosave.local.patch);
          autosave.forgetLocal();
        }}
        onDropLocal={autosave.dropLocal}
      />
      <EditorOfKind
        kind={template.kind}
        source={source}
        generation={generation}
        onChange={(next) => {
          setSource(next);
          autosave.change({ content: { kind: template.kind, v: 1, source: next } });
        }}
        name={name}
        subject=""
        preheader=""
        hasEnvelope={false}
        mergeFields={mergeFields}
      />
      <p className="text-sm text-muted">
        <button type="button" className="link" onClick={() => router.push("/templates")}>
          {t("backToAll")}
        </button>
      </p>
    </div>
  );
}
