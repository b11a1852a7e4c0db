import { CircleAlert, CircleCheck, CircleHelp, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";

export interface ReviewCheck {
  code: string;
  area: string;
  state: "ok" | "blocked" | "confirm" | "warning";
  detail: Record<string, string | number>;
}

const looks = {
  ok: { Icon: CircleCheck, tone: "text-success-text" },
  blocked: { Icon: CircleAlert, tone: "text-danger-text" },
  confirm: { Icon: CircleHelp, tone: "text-warning-text" },
  warning: { Icon: TriangleAlert, tone: "text-warning-text" },
} as const;

const order = { blocked: 0, confirm: 1, warning: 2, ok: 3 };

/** Everything that was looked at before the launch: what keeps it back first, what is fine last. */
export function CheckList({ checks }: { checks: readonly ReviewCheck[] }) {
  const t = useTranslations("campaigns.checks");
  const tErrors = useTranslations("errors");
  const sorted = [...checks].sort((a, b) => order[a.state] - order[b.state]);
  const words = ({ code, state, detail }: ReviewCheck) =>
    state === "ok" ? t(`ok.${code.replace("campaign.", "")}`, detail) : tErrors(code, detail);
  return (
    <section aria-labelledby="checks" className="rounded-xl border border-line bg-surface p-4 shadow-xs sm:p-5">
      <h2 id="checks" className="mb-3 font-semibold">
        {t("title")}
      </h2>
      <ul className="flex flex-col gap-2.5 text-sm">
        {sorted.map((check) => {
          const { Icon, tone } = looks[check.state];
          return (
            <li key={check.code} className="flex gap-2.5" data-check={check.code} data-state={check.state}>
              <Icon aria-hidden="true" className={`mt-0.5 size-4 shrink-0 ${tone}`} />
              <span className="min-w-0">
                <span className="sr-only">{t(`states.${check.state}`)} </span>
                {words(check)}
                {check.state !== "ok" && "domainId" in check.detail && (
                  <>
                    {" "}
                    <Link
                      href={check.detail.domainId ? `/domains/${check.detail.domainId}` : "/domains"}
                      className="underline underline-offset-2"
                    >
                      {t("openDomain")}
                    </Link>
                  </>
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
