"use client";

import { FileText, Monitor, Moon, Smartphone, Sun } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { cn } from "#components/ui/cn.ts";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { MailFrame } from "./mail-frame.tsx";
import { type Person, PersonPicker } from "./person-picker.tsx";
import type { PreviewState } from "./use-preview.ts";

type View = "desktop" | "phone" | "text";
type Scheme = "light" | "dark";

interface PreviewPaneProps {
  preview: PreviewState;
  scheme: Scheme;
  onSchemeChange: (scheme: Scheme) => void;
  person: Person | null;
  onPersonChange: (person: Person | null) => void;
}

/** The mail as it will look: wide, on a phone, or as plain text; light or dark; as anybody on the list. */
export function PreviewPane({ preview, scheme, onSchemeChange, person, onPersonChange }: PreviewPaneProps) {
  const t = useTranslations("editor.preview");
  const [view, setView] = useState<View>("desktop");
  const { rendered } = preview;
  return (
    <section aria-label={t("label")} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
        <SegmentedControl
          label={t("width")}
          value={view}
          onValueChange={setView}
          iconsOnly
          items={[
            { value: "desktop", label: t("desktop"), icon: <Monitor aria-hidden="true" /> },
            { value: "phone", label: t("phone"), icon: <Smartphone aria-hidden="true" /> },
            { value: "text", label: t("text"), icon: <FileText aria-hidden="true" /> },
          ]}
        />
        <SegmentedControl
          label={t("scheme")}
          value={scheme}
          onValueChange={onSchemeChange}
          iconsOnly
          items={[
            { value: "light", label: t("light"), icon: <Sun aria-hidden="true" /> },
            { value: "dark", label: t("dark"), icon: <Moon aria-hidden="true" /> },
          ]}
        />
        <PersonPicker value={person} onValueChange={onPersonChange} />
      </div>
      <div className="min-h-0 flex-1 overflow-hidden bg-sunken">
        {view === "text" ? (
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
            tabIndex={0}
            className="h-full overflow-auto p-4 font-mono text-sm whitespace-pre-wrap"
          >
            {rendered?.text ?? ""}
          </pre>
        ) : (
          <div className={cn("mx-auto h-full", view === "phone" && "max-w-[375px] border-x border-line")}>
            <MailFrame
              html={rendered?.html ?? ""}
              title={t("frameTitle")}
              className={cn("block size-full", scheme === "dark" ? "bg-black" : "bg-white")}
            />
          </div>
        )}
      </div>
    </section>
  );
}
