import Link from "next/link";
import { useTranslations } from "next-intl";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import { RelativeTime } from "#components/ui/time.tsx";
import type { Counts } from "./import-counts.tsx";
import { type ImportStatus, ImportStatusBadge } from "./import-status.tsx";

export interface ImportRow {
  id: string;
  fileName: string;
  status: ImportStatus;
  result: Counts | null;
  dryRun: Counts | null;
  listNames: readonly string[];
  createdAt: Date;
  createdByName: string | null;
}

export function ImportTable({ imports }: { imports: readonly ImportRow[] }) {
  const t = useTranslations("imports");
  return (
    <Table caption={t("caption")}>
      <TableHead>
        <Th>{t("file")}</Th>
        <Th>{t("status")}</Th>
        <Th>{t("people")}</Th>
        <Th>{t("lists")}</Th>
        <Th>{t("started")}</Th>
      </TableHead>
      <TableBody>
        {imports.map((row) => (
          <Tr key={row.id}>
            <Td primary className="sm:max-w-72">
              <Link href={`/imports/${row.id}`} className="wrap-anywhere hover:underline">
                {row.fileName}
              </Link>
            </Td>
            <Td label={t("status")}>
              <ImportStatusBadge status={row.status} />
            </Td>
            <Td label={t("people")} className="tabular">
              {row.result ? (
                t("addedPeople", { count: row.result.new, updated: row.result.updated })
              ) : (
                <span className="text-muted">{row.dryRun ? t("rowsOf", { count: row.dryRun.rows }) : "–"}</span>
              )}
            </Td>
            <Td label={t("lists")} className="wrap-anywhere sm:max-w-56">
              {row.listNames.join(", ") || <span className="text-muted">–</span>}
            </Td>
            <Td label={t("started")} className="text-muted">
              <span>
                <RelativeTime at={row.createdAt} />
                {row.createdByName && ` ${t("by", { name: row.createdByName })}`}
              </span>
            </Td>
          </Tr>
        ))}
      </TableBody>
    </Table>
  );
}
