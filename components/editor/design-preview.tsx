"use client";

import { Monitor, Smartphone } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Dialog } from "#components/ui/dialog.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";

interface DesignPreviewProps {
  title: string;
  /** The document of the preview; null while the dialog is closed. */
  src: string | null;
  onClose: () => void;
  footer?: ReactNode;
}

/** A design in full, wide or as on a phone, before anything is made of it. */
export function DesignPreview({ title, src, onClose, footer }: DesignPreviewProps) {
  const t = useTranslations("starters");
  const [width, setWidth] = useState<"desktop" | "phone">("desktop");
  return (
    <Dialog title={title} open={src !== null} onOpenChange={(open) => !open && onClose()} size="lg" footer={footer}>
      <div className="flex flex-col gap-3">
        <SegmentedControl
          label={t("width")}
          value={width}
          onValueChange={setWidth}
          iconsOnly
          items={[
            { value: "desktop", label: t("desktop"), icon: <Monitor aria-hidden="true" /> },
            { value: "phone", label: t("phone"), icon: <Smartphone aria-hidden="true" /> },
          ]}
        />
        {src && (
          <iframe
            src={src}
            title={t("frame")}
            sandbox=""
            referrerPolicy="no-referrer"
            className="mx-auto block h-[60vh] w-full rounded-lg border border-line bg-white"
            style={{ maxWidth: width === "phone" ? 375 : undefined }}
          />
        )}
      </div>
    </Dialog>
  );
}
