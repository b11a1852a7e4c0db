"use client";

import { Combobox as Base } from "@base-ui/react/combobox";
import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ComboboxItem } from "./combobox-item.ts";

/** The box around the text input, lit while the input has the focus. */
export const comboboxBoxStyles =
  "flex w-full min-w-0 items-center rounded-md border border-field bg-surface text-ink shadow-xs transition-[border-color] hover:border-muted " +
  "has-[input:focus-visible]:border-focus has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-focus/70 " +
  "data-invalid:border-danger data-disabled:bg-sunken data-disabled:text-muted";

export const comboboxInputStyles =
  "min-w-0 flex-1 border-0 bg-transparent text-base outline-none placeholder:text-muted sm:text-sm";

export function ComboboxPopup() {
  const t = useTranslations("ui");
  return (
    <Base.Portal>
      <Base.Positioner sideOffset={4} className="z-50 outline-none">
        <Base.Popup className="floating max-h-[min(var(--available-height),22rem)] w-(--anchor-width) max-w-(--available-width) overflow-y-auto overscroll-contain">
          <Base.Empty>
            <p className="px-3 py-2.5 text-sm text-muted">{t("noMatches")}</p>
          </Base.Empty>
          <Base.List className="p-1 data-empty:p-0">
            {(item: ComboboxItem) => (
              <Base.Item
                key={item.value}
                value={item}
                className="flex min-h-8 cursor-default items-center gap-2 rounded-md py-1.5 pr-3 pl-2 text-sm outline-none select-none data-highlighted:bg-hover max-sm:min-h-11"
              >
                <span className="grid size-4 shrink-0 place-items-center">
                  <Base.ItemIndicator>
                    <Check aria-hidden="true" className="size-4 text-accent-text" />
                  </Base.ItemIndicator>
                </span>
                <span className="min-w-0 flex-1 truncate">{item.label}</span>
                {item.hint && <span className="shrink-0 text-xs text-muted">{item.hint}</span>}
              </Base.Item>
            )}
          </Base.List>
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}
