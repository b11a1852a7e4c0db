import { ImageUp } from "lucide-react";
import { useTranslations } from "next-intl";

/** Lies over the page while files hover above it. */
export function DropVeil() {
  const t = useTranslations("media");
  return (
    <div className="pointer-events-none fixed inset-3 z-60 grid place-items-center rounded-xl border-2 border-dashed border-accent bg-accent-soft/90">
      <p className="flex items-center gap-3 text-lg font-semibold text-accent-text">
        <ImageUp aria-hidden="true" className="size-6" />
        {t("dropNow")}
      </p>
    </div>
  );
}
