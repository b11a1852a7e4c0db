"use client";

import { Image, ImageOff, Monitor, Smartphone } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";

/** The mail's HTML where it can do nothing: no script, no origin of ours, nothing from outside unless asked for. */
export function MailFrame({ id }: { id: string }) {
  const t = useTranslations("inbox.mail");
  const [pictures, setPictures] = useState(false);
  const [width, setWidth] = useState("desktop");
  const Icon = pictures ? ImageOff : Image;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="flex flex-wrap items-center gap-3">
          <Button size="sm" icon={<Icon aria-hidden="true" />} onClick={() => setPictures(!pictures)}>
            {pictures ? t("hidePictures") : t("showPictures")}
          </Button>
          <p className="text-sm text-muted">{pictures ? t("picturesOn") : t("picturesHint")}</p>
        </div>
        <div className="max-sm:hidden">
          <SegmentedControl
            label={t("width")}
            value={width}
            onValueChange={setWidth}
            items={[
              { value: "desktop", label: t("desktop"), icon: <Monitor aria-hidden="true" /> },
              { value: "phone", label: t("phone"), icon: <Smartphone aria-hidden="true" /> },
            ]}
          />
        </div>
      </div>
      <div className="rounded-xl border border-line bg-sunken sm:p-4">
        <iframe
          title={t("frameTitle")}
          src={`/api/inbox/${id}/html${pictures ? "?pictures=1" : ""}`}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          referrerPolicy="no-referrer"
          // Mails are made for white paper; those that know dark mode say so themselves.
          className={`mx-auto block h-[70vh] w-full rounded-lg bg-white ${width === "phone" ? "max-w-[375px]" : ""}`}
        />
      </div>
    </div>
  );
}
