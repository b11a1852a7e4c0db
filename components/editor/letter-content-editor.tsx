"use client";

import dynamic from "next/dynamic";
import { useMemo } from "react";
import { Spinner } from "#components/ui/spinner.tsx";
import type { EmailDoc } from "#lib/content/doc/email-doc.ts";
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

interface LetterContentEditorProps {
  /** A document of lib/content/doc as JSON; only the beginning. */
  source: string;
  onChange: (source: string) => void;
  mergeFields: readonly MergeField[];
}

/** Edits a document that is a letter. */
export function LetterContentEditor({ source, onChange, mergeFields }: LetterContentEditorProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor owns the document from its beginning on
  const doc = useMemo(() => JSON.parse(source) as EmailDoc, []);
  const fields = useMemo(() => mergeFields.flatMap(asLetterField), [mergeFields]);
  return <LetterEditor initialDoc={doc} onChange={(next) => onChange(JSON.stringify(next))} fields={fields} />;
}

function asLetterField({ tag, label }: MergeField): LetterField[] {
  const found = /subscriber(?:\.([A-Za-z_]\w*)|\["([^"]+)"\])/.exec(tag);
  const field = found?.[1] ?? found?.[2];
  return field === undefined ? [] : [{ field, label }];
}
