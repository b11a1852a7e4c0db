"use client";

import { Braces, Code, Eye, PenLine, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useMemo, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { Menu, MenuItem } from "#components/ui/menu.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import type { ContentKind } from "./content-kind.ts";
import { LetterContentEditor } from "./letter-content-editor.tsx";
import type { MergeField } from "./mjml-completion.ts";
import { MjmlEditor, type MjmlEditorHandle, type SourceMark } from "./mjml-editor.tsx";
import type { Person } from "./person-picker.tsx";
import { PreviewPane } from "./preview-pane.tsx";
import { type PreviewProblem, usePreview } from "./use-preview.ts";

interface ContentEditorProps {
  kind: ContentKind;
  source: string;
  /** Changes when the whole text is replaced from outside, so that the editor begins anew. */
  generation: number;
  onChange: (source: string) => void;
  name: string;
  subject: string;
  preheader: string;
  mergeFields: readonly MergeField[];
  /** False for a template, which has no subject and no preview text. */
  hasEnvelope?: boolean;
  /** Told after each rendering: subject and preview text as the chosen person sees them. */
  onRendered?: (line: { subject: string; preheader: string }) => void;
}

type Note = PreviewProblem & { isError: boolean };

const gmailLimit = 102 * 1024;

/** MJML on the left, the mail on the right (one of the two on phones), and below what is wrong with it, by line. */
export function ContentEditor(props: ContentEditorProps) {
  const { kind, source, generation, onChange, name, subject, preheader, mergeFields, onRendered } = props;
  const t = useTranslations("editor");
  const editor = useRef<MjmlEditorHandle>(null);
  const [scheme, setScheme] = useState<"light" | "dark">("light");
  const [person, setPerson] = useState<Person | null>(null);
  const [pane, setPane] = useState<"code" | "preview">("code");
  const preview = usePreview({ kind, source, name, subject, preheader, subscriberId: person?.id ?? null, scheme });
  const { problems, rendered, offline } = preview;
  const told = useRef(onRendered);
  told.current = onRendered;
  useEffect(() => {
    if (rendered) told.current?.({ subject: rendered.subject, preheader: rendered.preheader });
  }, [rendered]);
  const marks = useMemo<SourceMark[]>(() => {
    const errors = problems.filter((p) => p.where === "content").map((p) => ({ ...p, severity: "error" as const }));
    const warnings = problems.length > 0 ? [] : (rendered?.warnings ?? []);
    const lined = warnings.filter((w) => w.line !== undefined).map((w) => ({ ...w, severity: "warning" as const }));
    return [...errors, ...lined];
  }, [problems, rendered]);
  const notes: Note[] = [
    ...problems.map((p) => ({ ...p, isError: true })),
    ...(problems.length > 0 ? [] : (rendered?.warnings ?? [])).map((w) => ({
      ...w,
      where: "content" as const,
      isError: false,
    })),
  ];

  return (
    <div className="flex flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-xs">
      <div className="border-b border-line p-2 lg:hidden">
        <SegmentedControl
          label={t("pane")}
          value={pane}
          onValueChange={setPane}
          items={[
            kind === "doc"
              ? { value: "code", label: t("write"), icon: <PenLine aria-hidden="true" /> }
              : { value: "code", label: t("code"), icon: <Code aria-hidden="true" /> },
            { value: "preview", label: t("preview.label"), icon: <Eye aria-hidden="true" /> },
          ]}
        />
      </div>
      <div className="flex h-[68vh] min-h-[26rem] lg:divide-x lg:divide-line">
        <section
          aria-label={t(kind === "doc" ? "write" : "code")}
          className={cn("flex min-w-0 flex-1 flex-col", pane === "preview" && "max-lg:hidden")}
        >
          {kind === "doc" ? (
            <LetterContentEditor key={generation} source={source} onChange={onChange} mergeFields={mergeFields} />
          ) : (
            <>
              <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-3 py-2">
                <Menu
                  trigger={
                    <Button size="sm" icon={<Braces aria-hidden="true" />}>
                      {t("personalize")}
                    </Button>
                  }
                >
                  {mergeFields.map((field) => (
                    <MenuItem key={field.tag} onClick={() => editor.current?.insert(field.tag)}>
                      {field.label}
                    </MenuItem>
                  ))}
                </Menu>
                {rendered && <SizeNote bytes={rendered.sizeBytes} />}
              </div>
              <div className="min-h-0 flex-1">
                <MjmlEditor
                  key={generation}
                  ref={editor}
                  initialValue={source}
                  onChange={onChange}
                  marks={marks}
                  mergeFields={mergeFields}
                  label={t("codeLabel")}
                />
              </div>
            </>
          )}
        </section>
        <div className={cn("flex min-w-0 flex-1", pane === "code" && "max-lg:hidden")}>
          <PreviewPane
            preview={preview}
            scheme={scheme}
            onSchemeChange={setScheme}
            person={person}
            onPersonChange={setPerson}
          />
        </div>
      </div>
      <div aria-live="polite" className="border-t border-line">
        {offline && <p className="px-4 py-2 text-sm text-warning-text">{t("previewOffline")}</p>}
        {notes.length === 0 && !offline && <p className="px-4 py-2 text-sm text-muted">{t("noProblems")}</p>}
        {notes.length > 0 && (
          <ul className="max-h-40 overflow-y-auto py-1">
            {notes.map((note) => (
              <li key={`${note.line ?? 0} ${note.message}`} className="flex items-start gap-2 px-4 py-1 text-sm">
                <TriangleAlert
                  aria-hidden="true"
                  className={cn("mt-0.5 size-4 shrink-0", note.isError ? "text-danger-text" : "text-warning-text")}
                />
                <span className="min-w-0">
                  <span className="sr-only">{note.isError ? t("problem") : t("warning")} </span>
                  {note.where !== "content" && `${t(`where.${note.where}`)}: `}
                  {note.message}
                </span>
                {note.line !== undefined && note.where === "content" && (
                  <button
                    type="button"
                    className="link ml-auto shrink-0"
                    onClick={() => {
                      setPane("code");
                      editor.current?.goTo(note.line ?? 1, note.column);
                    }}
                  >
                    {t("line", { line: note.line })}
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function SizeNote({ bytes }: { bytes: number }) {
  const t = useTranslations("editor");
  const kilobytes = Math.max(1, Math.round(bytes / 1024));
  return (
    <span
      className={cn("tabular text-sm", bytes > gmailLimit ? "text-warning-text" : "text-muted")}
      title={t("sizeHint")}
    >
      {t("size", { kilobytes })}
    </span>
  );
}
