"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactElement, ReactNode } from "react";
import { buttonStyles } from "./button.tsx";
import { cn } from "./cn.ts";
import { scrimStyles } from "./overlay-styles.ts";

interface DialogProps {
  title: ReactNode;
  description?: ReactNode;
  /** The element that opens it; leave out when `open` is controlled from elsewhere (a menu item, say). */
  trigger?: ReactElement<Record<string, unknown>>;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  size?: "sm" | "md" | "lg";
  /** Buttons at the bottom right. With a form put `DialogFooter` into the form instead. */
  footer?: ReactNode;
  children?: ReactNode;
}

const widths = { sm: "sm:max-w-sm", md: "sm:max-w-lg", lg: "sm:max-w-3xl" };

/** Centred on desktop, a sheet from below on phones. Escape, the scrim and × close it; focus returns to the trigger. */
export function Dialog({
  title,
  description,
  trigger,
  open,
  onOpenChange,
  size = "md",
  footer,
  children,
}: DialogProps) {
  const t = useTranslations("ui");
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={scrimStyles} />
        <Base.Viewport className="fixed inset-0 z-50 flex items-end justify-center overflow-y-auto sm:items-center sm:p-6">
          <Base.Popup
            className={cn(
              "relative flex max-h-[92dvh] w-full flex-col overflow-hidden rounded-t-xl border border-line bg-raised shadow-lg outline-none sm:rounded-xl",
              "transition-[opacity,translate,scale] duration-150 ease-out data-ending-style:opacity-0 data-starting-style:opacity-0",
              "max-sm:data-ending-style:translate-y-8 max-sm:data-starting-style:translate-y-8 sm:data-ending-style:scale-[0.98] sm:data-starting-style:scale-[0.98]",
              widths[size],
            )}
          >
            <div className="flex items-start gap-4 px-5 pt-5 pb-3">
              <div className="min-w-0 flex-1">
                <Base.Title className="text-lg font-semibold">{title}</Base.Title>
                {description && <Base.Description className="mt-1 text-sm text-muted">{description}</Base.Description>}
              </div>
              <Base.Close
                aria-label={t("close")}
                className={cn(buttonStyles({ variant: "ghost", size: "icon-sm" }), "-mt-1 -mr-2 text-muted")}
              >
                <X aria-hidden="true" />
              </Base.Close>
            </div>
            <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5">{children}</div>
            {footer && <div className={footerStyles}>{footer}</div>}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

const footerStyles =
  "flex flex-col-reverse gap-2 border-t border-line bg-paper px-5 py-3.5 sm:flex-row sm:justify-end max-sm:[&_button]:w-full";

/** The button row of a form inside a dialog; it reaches over the dialog's padding to its edges. */
export function DialogFooter({ children }: { children: ReactNode }) {
  return <div className={cn(footerStyles, "-mx-5 -mb-5 mt-6")}>{children}</div>;
}

/** Any button that only closes the dialog it stands in: `<DialogClose render={<Button>Cancel</Button>} />`. */
export const DialogClose = Base.Close;
