import Link from "next/link";
import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import { RelativeTime } from "#components/ui/time.tsx";
import type { DomainView } from "#lib/senders/domains/list.ts";
import { DomainStatusBadge } from "./domain-status.tsx";

export function DomainTable({ domains }: { domains: readonly DomainView[] }) {
  const t = useTranslations("domains");
  return (
    <Table caption={t("caption")}>
      <TableHead>
        <Th>{t("domain")}</Th>
        <Th>{t("state")}</Th>
        <Th>{t("checked")}</Th>
      </TableHead>
      <TableBody>
        {domains.map((domain) => (
          <Tr key={domain.id}>
            <Td primary>
              <Link
                href={`/domains/${domain.id}`}
                className="wrap-anywhere after:absolute after:inset-0 hover:underline"
              >
                {domain.displayName}
              </Link>
            </Td>
            <Td label={t("state")}>
              <span className="flex flex-wrap gap-1.5 max-sm:justify-end">
                <DomainStatusBadge status={domain.status} />
                {domain.gone > 0 && <Badge tone="warning">{t("goneCount", { count: domain.gone })}</Badge>}
              </span>
            </Td>
            <Td label={t("checked")} className="text-muted">
              {domain.checkedAt ? <RelativeTime at={domain.checkedAt} past /> : t("neverChecked")}
            </Td>
          </Tr>
        ))}
      </TableBody>
    </Table>
  );
}
