import { useFormatter, useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import { RelativeTime } from "#components/ui/time.tsx";
import type { WorkerView } from "#lib/reports/sending.ts";

/** The processes that send: which live, since when, and how fast. */
export function WorkerCard({ workers }: { workers: readonly WorkerView[] }) {
  const t = useTranslations("sending.workers");
  const format = useFormatter();
  return (
    <Card>
      <CardHeader title={t("title")} description={t("description")} />
      <CardBody>
        {workers.length === 0 ? (
          <p className="text-sm text-muted">{t("empty")}</p>
        ) : (
          <Table caption={t("caption")} className="sm:border-0 sm:shadow-none">
            <TableHead>
              <Th>{t("process")}</Th>
              <Th>{t("state")}</Th>
              <Th>{t("since")}</Th>
              <Th>{t("seen")}</Th>
              <Th align="right">{t("rate")}</Th>
            </TableHead>
            <TableBody>
              {workers.map((worker) => (
                <Tr key={worker.id}>
                  <Td primary className="wrap-anywhere">
                    {worker.host}
                    <span className="block text-xs font-normal text-muted">
                      {t("pid", { pid: String(worker.pid) })}
                    </span>
                  </Td>
                  <Td label={t("state")}>
                    <Badge tone={worker.isAlive ? "success" : "neutral"} dot>
                      {t(worker.isAlive ? "alive" : "gone")}
                    </Badge>
                  </Td>
                  <Td label={t("since")}>
                    <RelativeTime at={worker.startedAt} past />
                  </Td>
                  <Td label={t("seen")}>
                    <RelativeTime at={worker.seenAt} past />
                  </Td>
                  <Td label={t("rate")} align="right">
                    {worker.isAlive
                      ? t("perSecond", { rate: format.number(worker.messagesPerSecond, { maximumFractionDigits: 1 }) })
                      : "–"}
                  </Td>
                </Tr>
              ))}
            </TableBody>
          </Table>
        )}
      </CardBody>
    </Card>
  );
}
