"use client";

import { CircleAlert, CircleCheck, Lightbulb, Locate, TriangleAlert, Wrench } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { checkDoc } from "#lib/content/doc/checks.ts";
import type { EmailDoc } from "#lib/content/doc/email-doc.ts";
import type { Finding, Severity } from "#lib/content/doc/finding.ts";

interface CheckPanelProps {
  doc: EmailDoc;
  /** Null for a template, which has none. */
  lines: { subject: string; preheader: string } | null;
  /** Null while the mail has not been compiled yet. */
  sizeBytes: number | null;
  onFix: (doc: EmailDoc) => void;
  /** The id of a section or block, "footer", "subject" or "preheader". */
  onShow: (partId: string) => void;
}

const looks: Record<Severity, { icon: typeof CircleAlert; text: string }> = {
  stop: { icon: CircleAlert, text: "text-danger-text" },
  warn: { icon: TriangleAlert, text: "text-warning-text" },
  hint: { icon: Lightbulb, text: "text-info-text" },
};
const severities: readonly Severity[] = ["stop", "warn", "hint"];

/** What to mend before sending, the worst first; what can be mended by one press has a button for it. */
export function CheckPanel({ doc, lines, sizeBytes, onFix, onShow }: CheckPanelProps) {
  const t = useTranslations("checks");
  const { subject = "", preheader = "" } = lines ?? {};
  const isTemplate = lines === null;
  const found = useMemo(() => {
    const all = checkDoc({ doc, subject, preheader, sizeBytes });
    return isTemplate ? all.filter(({ part }) => part !== "subject" && part !== "preheader") : all;
  }, [doc, subject, preheader, sizeBytes, isTemplate]);
  return (
    <section aria-label={t("title")} className="flex flex-col gap-5">
      <p role="status" className={cn("text-sm", found.length === 0 ? "sr-only" : "text-muted")}>
        {found.length === 0 ? t("nothing") : t("count", { count: found.length })}
      </p>
      {found.length === 0 && (
        <div className="flex items-start gap-3 rounded-lg border border-success-line bg-success-soft px-4 py-3 text-sm">
          <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-success-text" />
          <p>{t("nothing")}</p>
        </div>
      )}
      {severities.map((severity) => (
        <FindingGroup
          key={severity}
          severity={severity}
          found={found.filter((one) => one.severity === severity)}
          doc={doc}
          onFix={onFix}
          onShow={onShow}
        />
      ))}
    </section>
  );
}

interface FindingGroupProps extends Pick<CheckPanelProps, "doc" | "onFix" | "onShow"> {
  severity: Severity;
  found: readonly Finding[];
}

function FindingGroup({ severity, found, doc, onFix, onShow }: FindingGroupProps) {
  const t = useTranslations("checks");
  const { icon: Icon, text } = looks[severity];
  if (found.length === 0) return null;
  return (
    <div className="flex flex-col gap-2">
      <h3 className={cn("flex items-center gap-2 text-sm font-semibold", text)}>
        <Icon aria-hidden="true" className="size-4" />
        {t(`severity.${severity}`)}
        <span className="text-muted">{found.length}</span>
      </h3>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {found.map((one) => {
          const { code, part, values, fix } = one;
          const words = t(`findings.${code}`, values);
          return (
            <li key={`${code}/${part}/${JSON.stringify(values)}`} className="flex flex-col gap-2 px-3 py-2.5">
              <p className="text-sm wrap-anywhere">{words}</p>
              {(part !== null || fix) && (
                <div className="flex flex-wrap gap-2">
                  {fix && (
                    <Button
                      size="sm"
                      icon={<Wrench aria-hidden="true" />}
                      aria-label={`${t(`fixes.${code}`)}: ${words}`}
                      onClick={() => onFix(fix(doc))}
                    >
                      {t(`fixes.${code}`)}
                    </Button>
                  )}
                  {part !== null && (
                    <Button
                      size="sm"
                      variant="ghost"
                      icon={<Locate aria-hidden="true" />}
                      aria-label={`${t("show")}: ${words}`}
                      onClick={() => onShow(part)}
                    >
                      {t("show")}
                    </Button>
                  )}
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
