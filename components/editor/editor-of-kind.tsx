"use client";

import dynamic from "next/dynamic";
import { type ComponentProps, useState } from "react";
import { Spinner } from "#components/ui/spinner.tsx";
import type { EmailDoc } from "#lib/content/doc/email-doc.ts";
import { isLetter } from "#lib/content/doc/letter.ts";
import { ContentEditor } from "./content-editor.tsx";

const DocEditor = dynamic(() => import("./doc/doc-editor.tsx").then((m) => m.DocEditor), {
  ssr: false,
  loading: () => (
    <div className="grid min-h-96 place-items-center">
      <Spinner />
    </div>
  ),
});

/** Content is edited in the way it was made: MJML as code, a letter as text, any other document in the design editor. */
export function EditorOfKind(props: ComponentProps<typeof ContentEditor>) {
  return <Chosen key={props.generation} {...props} />;
}

function Chosen(props: ComponentProps<typeof ContentEditor>) {
  const { kind, source } = props;
  // Chosen once: what becomes too simple for the design editor stays in it while it is open.
  const [isDesign] = useState(() => kind === "doc" && !isLetterSource(source));
  return isDesign ? <DocEditor {...props} /> : <ContentEditor {...props} />;
}

function isLetterSource(source: string): boolean {
  try {
    return isLetter(JSON.parse(source) as EmailDoc);
  } catch {
    return false;
  }
}
