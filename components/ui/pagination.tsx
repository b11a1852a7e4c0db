import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ButtonLink, buttonStyles } from "./button.tsx";

interface PaginationProps {
  /** Address of the page before; null on the first. */
  previousHref: string | null;
  nextHref: string | null;
  /** What is shown: "50 of 12,304". */
  summary?: ReactNode;
}

/** For keyset pages, which know their neighbours and no page numbers. Draws nothing when all fits on one page. */
export function Pagination({ previousHref, nextHref, summary }: PaginationProps) {
  const t = useTranslations("ui");
  if (!previousHref && !nextHref) return summary ? <p className="mt-4 text-sm text-muted">{summary}</p> : null;
  return (
    <nav aria-label={t("pagination")} className="mt-4 flex flex-wrap items-center justify-between gap-3">
      <p className="text-sm text-muted">{summary}</p>
      <div className="flex gap-2">
        <Step href={previousHref}>
          <ChevronLeft aria-hidden="true" />
          {t("previous")}
        </Step>
        <Step href={nextHref}>
          {t("next")}
          <ChevronRight aria-hidden="true" />
        </Step>
      </div>
    </nav>
  );
}

function Step({ href, children }: { href: string | null; children: ReactNode }) {
  if (href) return <ButtonLink href={href}>{children}</ButtonLink>;
  return (
    <span aria-disabled="true" className={buttonStyles()}>
      {children}
    </span>
  );
}
