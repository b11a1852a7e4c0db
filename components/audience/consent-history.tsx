import { useTranslations } from "next-intl";
import { DateTime } from "#components/ui/time.tsx";
import { type Standing, StandingBadge } from "./standing-badge.tsx";

export interface ConsentRow {
  id: string;
  at: Date;
  status: Standing;
  method: "import" | "manual" | "unsubscribe_page" | "one_click" | "form" | "api" | "bounce" | "complaint" | "sample";
  wording: string;
  listName: string | null;
  campaignName: string | null;
  importFileName: string | null;
  userName: string | null;
  ipAddress: string | null;
}

/** The proof of every change of standing, newest first. */
export function ConsentHistory({ rows }: { rows: readonly ConsentRow[] }) {
  const t = useTranslations("subscribers");
  if (rows.length === 0) return <p className="text-sm text-muted">{t("noHistory")}</p>;
  return (
    <ol className="flex flex-col divide-y divide-line">
      {rows.map((row) => {
        const facts = [
          row.importFileName ? t("fromImport", { file: row.importFileName }) : t(`methods.${row.method}`),
          row.campaignName && t("fromCampaign", { campaign: row.campaignName }),
          row.userName && t("byUser", { name: row.userName }),
          row.ipAddress && t("fromAddress", { ip: row.ipAddress }),
        ].filter((fact) => fact);
        return (
          <li key={row.id} className="flex flex-col gap-1 py-3 first:pt-0 last:pb-0">
            <p className="flex flex-wrap items-center gap-2">
              <StandingBadge status={row.status} />
              <span className="wrap-anywhere">
                {row.listName ? t("onList", { list: row.listName }) : t("everywhere")}
              </span>
              <span className="ml-auto text-sm text-muted">
                <DateTime at={row.at} />
              </span>
            </p>
            <p className="text-sm wrap-anywhere text-muted">{facts.join(", ")}</p>
            {row.wording && <p className="text-sm wrap-anywhere">“{row.wording}”</p>}
          </li>
        );
      })}
    </ol>
  );
}
