"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactElement, ReactNode } from "react";
import { buttonStyles } from "./button.tsx";
import { cn } from "./cn.ts";
import { scrimStyles } from "./overlay-styles.ts";

interface SheetProps {
  title: ReactNode;
  /** Keeps the title for screen readers only, when the content names itself. */
  hideTitle?: boolean;
  side?: "left" | "right" | "bottom";
  trigger?: ReactElement<Record<string, unknown>>;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  children: ReactNode;
}

const sides = {
  left: "inset-y-0 left-0 w-[min(20rem,88vw)] border-r data-ending-style:-translate-x-full data-starting-style:-translate-x-full",
  right:
    "inset-y-0 right-0 w-[min(28rem,94vw)] border-l data-ending-style:translate-x-full data-starting-style:translate-x-full",
  bottom:
    "inset-x-0 bottom-0 max-h-[88dvh] rounded-t-xl border-t data-ending-style:translate-y-full data-starting-style:translate-y-full",
};

/** A panel from the edge: navigation and filters on phones, details beside a list on desktop. */
export function Sheet({
  title,
  hideTitle,
  side = "right",
  trigger,
  open,
  onOpenChange,
  className,
  children,
}: SheetProps) {
  const t = useTranslations("ui");
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={scrimStyles} />
        <Base.Popup
          className={cn(
            "fixed z-50 flex flex-col border-line bg-raised shadow-lg outline-none transition-[translate] duration-200 ease-out",
            sides[side],
            className,
          )}
        >
          <div
            className={cn(
              "flex items-center justify-between gap-4 px-5 pt-4 pb-2",
              hideTitle && "absolute top-0 right-0 z-10 p-2",
            )}
          >
            <Base.Title className={hideTitle ? "sr-only" : "text-lg font-semibold"}>{title}</Base.Title>
            <Base.Close
              aria-label={t("close")}
              className={cn(buttonStyles({ variant: "ghost", size: "icon" }), "-mr-2 text-muted", hideTitle && "mr-0")}
            >
              <X aria-hidden="true" />
            </Base.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
