import { Check, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Callout } from "#components/ui/callout.tsx";

export interface ConnectionTestShown {
  ok: boolean;
  steps: ReadonlyArray<{
    step: "dns" | "connect" | "greeting" | "ehlo" | "tls" | "auth" | "mail" | "rcpt";
    ok: boolean;
    detail: string;
  }>;
  /** In plain words; `text` stands in when there are none for the code in the reader's language. */
  advice: ReadonlyArray<{ code: string; text: string; values?: { host: string; port: string } }>;
}

/** A connection test: what to do first, then step by step with the server's own words. */
export function TestResult({ test }: { test: ConnectionTestShown }) {
  const t = useTranslations("senders.result");
  return (
    <div className="flex flex-col gap-4">
      <Callout tone={test.ok ? "success" : "danger"} title={test.ok ? t("ok") : t("failed")} live>
        {test.advice.map(({ code, text, values }) => (
          <p key={code}>{t.has(`advice.${code}`) ? t(`advice.${code}`, values) : text}</p>
        ))}
      </Callout>
      <ol className="flex flex-col gap-2.5 text-sm">
        {test.steps.map(({ step, ok, detail }) => (
          <li key={step} className="flex gap-2.5">
            {ok ? (
              <Check aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-success-text" />
            ) : (
              <X aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-danger-text" />
            )}
            <span className="min-w-0">
              <span className="font-medium">{t(`steps.${step}`)}</span>
              <span className="sr-only"> {ok ? t("stepOk") : t("stepFailed")}</span>
              {detail && <span className="block text-xs wrap-anywhere text-muted">{detail}</span>}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
