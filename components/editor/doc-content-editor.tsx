"use client";

import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { Callout } from "#components/ui/callout.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import type { EmailDoc } from "#lib/content/doc/email-doc.ts";
import { isLetter } from "#lib/content/doc/letter.ts";
import type { LetterField } from "./letter/insertables.ts";
import type { MergeField } from "./mjml-completion.ts";

const LetterEditor = dynamic(() => import("./letter/letter-editor.tsx").then((m) => m.LetterEditor), {
  ssr: false,
  loading: () => (
    <div className="grid h-full place-items-center">
      <Spinner />
    </div>
  ),
});

interface DocContentEditorProps {
  /** A document of lib/content/doc as JSON; only the beginning. */
  source: string;
  onChange: (source: string) => void;
  mergeFields: readonly MergeField[];
}

/** Edits content of the kind "doc". What it cannot show is left as it is. */
export function DocContentEditor({ source, onChange, mergeFields }: DocContentEditorProps) {
  const t = useTranslations("letter");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor owns the document from its beginning on
  const doc = useMemo(() => asLetter(source), []);
  const fields = useMemo(() => mergeFields.flatMap(asLetterField), [mergeFields]);
  if (!doc) return <Callout tone="warning">{t("notALetter")}</Callout>;
  return <LetterEditor initialDoc={doc} onChange={(next) => onChange(JSON.stringify(next))} fields={fields} />;
}

/** The server has checked it; here it is only told apart. */
function asLetter(source: string): EmailDoc | null {
  try {
    const doc = JSON.parse(source) as EmailDoc;
    return doc.v === 1 && isLetter(doc) ? doc : null;
  } catch {
    return null;
  }
}

function asLetterField({ tag, label }: MergeField): LetterField[] {
  const found = /subscriber(?:\.([A-Za-z_]\w*)|\["([^"]+)"\])/.exec(tag);
  const field = found?.[1] ?? found?.[2];
  return field === undefined ? [] : [{ field, label }];
}
