"use client";

import { useTranslations } from "next-intl";
import { useTheme } from "next-themes";
import { Toaster as Sonner } from "sonner";

/** Where toasts appear; `notify` puts them there. */
export function Toaster() {
  const t = useTranslations("ui");
  const { resolvedTheme } = useTheme();
  return (
    <Sonner
      theme={resolvedTheme === "dark" ? "dark" : "light"}
      position="bottom-right"
      containerAriaLabel={t("notifications")}
      closeButton
      toastOptions={{
        closeButtonAriaLabel: t("dismiss"),
        unstyled: true,
        classNames: {
          toast:
            "flex w-full items-center gap-3 rounded-lg border border-line bg-raised px-4 py-3 text-sm text-ink shadow-lg font-sans",
          content: "min-w-0 flex-1",
          title: "font-medium",
          description: "text-muted",
          icon: "shrink-0",
          success: "[&_[data-icon]]:text-success-text",
          error: "[&_[data-icon]]:text-danger-text",
          warning: "[&_[data-icon]]:text-warning-text",
          info: "[&_[data-icon]]:text-info-text",
          actionButton:
            "order-last shrink-0 rounded-md px-3 py-1.5 text-sm font-semibold text-accent-text bg-accent-soft hover:bg-hover",
          closeButton:
            "absolute -top-2 -left-2 grid size-6 place-items-center rounded-full border border-line bg-raised text-muted hover:text-ink",
        },
      }}
    />
  );
}
