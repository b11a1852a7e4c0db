"use client";

import { AlertDialog as Base } from "@base-ui/react/alert-dialog";
import { useTranslations } from "next-intl";
import { type ReactElement, type ReactNode, useId, useState, useTransition } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";
import { labelStyles } from "./field.tsx";
import { controlHeight, controlStyles } from "./field-styles.ts";
import { scrimStyles } from "./overlay-styles.ts";

interface ConfirmDialogProps {
  /** The question, naming the thing: "Delete the list “Newsletter”?" */
  title: ReactNode;
  /** What happens, with the count: "1,204 people leave this list. Their profiles stay." */
  description: ReactNode;
  /** The verb, never "OK": "Delete list". */
  confirmLabel: string;
  tone?: "danger" | "primary";
  /** Text the person has to type before the button works (a name, a number of recipients). */
  typeToConfirm?: string;
  trigger?: ReactElement<Record<string, unknown>>;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** Runs when confirmed; the dialog waits for it and closes unless the answer is `false`. */
  onConfirm: () => unknown;
  children?: ReactNode;
}

/** Asks before something that cannot be taken back. The scrim does not close it; Escape and Cancel do. */
export function ConfirmDialog({
  title,
  description,
  confirmLabel,
  tone = "danger",
  typeToConfirm,
  trigger,
  open,
  onOpenChange,
  onConfirm,
  children,
}: ConfirmDialogProps) {
  const t = useTranslations("ui");
  const [ownOpen, setOwnOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const [pending, startTransition] = useTransition();
  const typedId = useId();
  const isOpen = open ?? ownOpen;
  const isConfirmed = typeToConfirm === undefined || typed.trim() === typeToConfirm;

  function change(next: boolean) {
    if (!next) setTyped("");
    setOwnOpen(next);
    onOpenChange?.(next);
  }

  function confirm() {
    startTransition(async () => {
      if ((await onConfirm()) !== false) change(false);
    });
  }

  return (
    <Base.Root open={isOpen} onOpenChange={change}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={scrimStyles} />
        <Base.Viewport className="fixed inset-0 z-50 flex items-end justify-center overflow-y-auto sm:items-center sm:p-6">
          <Base.Popup className="w-full rounded-t-xl border border-line bg-raised p-5 shadow-lg outline-none transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0 sm:max-w-md sm:rounded-xl">
            <Base.Title className="text-lg font-semibold text-balance">{title}</Base.Title>
            <Base.Description className="mt-1.5 text-sm text-muted">{description}</Base.Description>
            {children && <div className="mt-4">{children}</div>}
            {typeToConfirm && (
              <div className="mt-4 flex flex-col gap-1.5">
                <label htmlFor={typedId} className={labelStyles}>
                  {t.rich("typeToConfirm", {
                    text: typeToConfirm,
                    mark: (chunks) => <strong className="font-semibold">{chunks}</strong>,
                  })}
                </label>
                <input
                  id={typedId}
                  value={typed}
                  autoComplete="off"
                  onChange={(event) => setTyped(event.target.value)}
                  onKeyDown={(event) => event.key === "Enter" && isConfirmed && !pending && confirm()}
                  className={cn(controlStyles, controlHeight, "px-3")}
                />
              </div>
            )}
            <div className="mt-6 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
              <Base.Close render={<Button disabled={pending}>{t("cancel")}</Button>} />
              <Button variant={tone} loading={pending} disabled={!isConfirmed} onClick={confirm}>
                {confirmLabel}
              </Button>
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
