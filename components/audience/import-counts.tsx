import { useTranslations } from "next-intl";
import { Stat, StatRow } from "#components/ui/stat.tsx";

export const countKeys = ["new", "updated", "unchanged", "invalid", "duplicate", "opted_out"] as const;
export type Counts = Record<(typeof countKeys)[number], number> & { rows: number };

/** What becomes, or became, of the rows of a file; the numbers add up to all of them. */
export function ImportCounts({ counts }: { counts: Counts }) {
  const t = useTranslations("imports");
  return (
    <div>
      <StatRow className="sm:grid-cols-3 lg:grid-cols-6">
        {countKeys.map((key) => (
          <Stat
            key={key}
            label={t(`counts.${key}`)}
            value={counts[key]}
            hint={t(`countHints.${key}`)}
            tone={
              key === "new" && counts.new > 0
                ? "success"
                : key === "invalid" && counts.invalid > 0
                  ? "warning"
                  : undefined
            }
          />
        ))}
      </StatRow>
      <p className="mt-2 text-sm text-muted">
        {t("sum", { sum: countKeys.reduce((sum, key) => sum + counts[key], 0) })}
      </p>
    </div>
  );
}
