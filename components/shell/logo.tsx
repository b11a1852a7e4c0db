import { useTranslations } from "next-intl";
import { cn } from "#components/ui/cn.ts";

/** The post horn: one tube that coils and opens into a brass bell. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 34 34" fill="none" aria-hidden="true" className={cn("size-7 text-accent-text", className)}>
      <path d="M4 26.2h10a7.9 7.9 0 1 0-7.9-7.9" stroke="currentColor" strokeWidth="3.2" strokeLinecap="round" />
      <path d="M3.2 22.7v7" stroke="currentColor" strokeWidth="3.2" strokeLinecap="round" />
      <path
        d="M14 8.8h4.6c4.8 0 8.6-2 11-5.7a1 1 0 0 1 1.9.5v13.8a1 1 0 0 1-1.9.5c-2.4-3.7-6.2-5.7-11-5.7H14z"
        className="fill-brass"
      />
    </svg>
  );
}

/** Mark and name. */
export function Logo({ className }: { className?: string }) {
  const t = useTranslations("shell");
  return (
    <span className={cn("inline-flex items-center gap-2.5", className)}>
      <LogoMark />
      <span className="text-lg font-semibold tracking-[-0.02em] text-ink">{t("brand")}</span>
    </span>
  );
}
