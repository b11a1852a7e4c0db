import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ActionResult } from "#components/ui/action-result.ts";
import { ButtonLink, buttonStyles } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { ImportButtons } from "./import-buttons.tsx";
import { type Counts, ImportCounts } from "./import-counts.tsx";

interface ImportOutcomeProps {
  current: {
    id: string;
    status: "checked" | "done" | "failed" | "cancelled";
    fileName: string;
    dryRun: Counts | null;
    result: Counts | null;
    listIds: readonly string[];
    listNames: readonly string[];
    consentBasis: string;
    /** In words. */
    error: string | null;
    hasRejects: boolean;
  };
  /** Null for people who may only look. */
  actions: Record<"start" | "back" | "cancel", (input: unknown) => Promise<ActionResult>> | null;
}

/** Where an import waits or ended: the dry run's numbers, the result, or what went wrong. */
export function ImportOutcome({ current, actions }: ImportOutcomeProps) {
  const t = useTranslations("imports");
  const { id, status } = current;
  if (status === "failed") {
    return (
      <Callout
        tone="danger"
        title={t("failedTitle")}
        actions={actions && <ImportButtons id={id} people={null} back={actions.back} cancel={actions.cancel} />}
      >
        {current.error}
      </Callout>
    );
  }
  const counts = status === "done" ? current.result : current.dryRun;
  if (status === "cancelled" || !counts) {
    return (
      <Callout title={t("cancelledTitle")} actions={actions && <Again />}>
        {t("cancelledText")}
      </Callout>
    );
  }
  const people = counts.new + counts.updated;
  const refused = counts.invalid + counts.duplicate + counts.opted_out;
  const facts = { rows: counts.rows, name: current.fileName };
  return (
    <Card>
      <CardHeader
        title={status === "done" ? t("doneTitle") : t("checkedTitle")}
        description={status === "done" ? t("doneText", facts) : t("checkedText", facts)}
      />
      <CardBody className="flex flex-col gap-5">
        <ImportCounts counts={counts} />
        <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[auto_1fr]">
          <dt className="text-muted">{t("goesTo")}</dt>
          <dd className="wrap-anywhere">{current.listNames.join(", ")}</dd>
          <dt className="text-muted">{t("consent")}</dt>
          <dd className="wrap-anywhere">{current.consentBasis}</dd>
        </dl>
        {status === "checked" && people === 0 && <Callout tone="warning">{t("nobody")}</Callout>}
        {status === "checked" && actions && (
          <ImportButtons id={id} people={people} start={actions.start} back={actions.back} cancel={actions.cancel} />
        )}
        {status === "done" && current.hasRejects && (
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            {actions && (
              <a href={`/api/imports/${id}/refused`} download className={buttonStyles()}>
                <Download aria-hidden="true" />
                {t("refused")}
              </a>
            )}
            <p className="text-sm text-muted">{t("refusedHint", { count: refused })}</p>
          </div>
        )}
        {status === "done" && (
          <div className="flex flex-wrap gap-2">
            <ButtonLink
              href={counts.new > 0 ? `/subscribers?import=${id}` : `/subscribers?list=${current.listIds[0]}`}
              variant="primary"
            >
              {t("showPeople")}
            </ButtonLink>
            {actions && <Again />}
          </div>
        )}
      </CardBody>
    </Card>
  );
}

function Again() {
  const t = useTranslations("imports");
  return <ButtonLink href="/imports/new">{t("another")}</ButtonLink>;
}
