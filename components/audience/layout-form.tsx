"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useTransition } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { notify } from "#components/ui/notify.ts";
import { Select } from "#components/ui/select.tsx";

export interface FileLayout {
  encoding: string;
  delimiter: string;
  hasHeader: boolean;
}

const encodings = [
  { value: "utf-8", label: "UTF-8" },
  { value: "windows-1252", label: "Windows-1252" },
  { value: "utf-16le", label: "UTF-16 LE" },
  { value: "utf-16be", label: "UTF-16 BE" },
];
const delimiters = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe" } as const;

/** How the file is read, where the guess was wrong. A change takes effect at once. */
export function LayoutForm(props: {
  id: string;
  layout: FileLayout;
  change: (input: unknown) => Promise<ActionResult>;
}) {
  const { id, layout, change } = props;
  const t = useTranslations("imports");
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const save = (part: Partial<FileLayout>) =>
    startTransition(async () => {
      const answer = await change({ id, ...layout, ...part });
      if (!answer.ok) notify.error(answer.message);
      router.refresh();
    });
  return (
    <div className="grid items-end gap-4 sm:grid-cols-2 lg:grid-cols-3" aria-busy={pending}>
      <Field label={t("encoding")} disabled={pending}>
        <Select items={encodings} value={layout.encoding} onValueChange={(encoding) => save({ encoding })} />
      </Field>
      <Field label={t("delimiter")} disabled={pending}>
        <Select
          items={Object.entries(delimiters).map(([value, name]) => ({ value, label: t(`delimiters.${name}`) }))}
          value={layout.delimiter}
          onValueChange={(delimiter) => save({ delimiter })}
        />
      </Field>
      <Checkbox
        label={t("hasHeader")}
        checked={layout.hasHeader}
        disabled={pending}
        onCheckedChange={(hasHeader) => save({ hasHeader })}
        className="pb-1.5"
      />
    </div>
  );
}
