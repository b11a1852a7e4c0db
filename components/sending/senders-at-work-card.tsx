import { useTranslations } from "next-intl";
import { SenderHealth } from "#components/senders/sender-health.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import type { SenderAtWork } from "#lib/reports/sending.ts";

/** How the senders fare: health, connections held, and what is used of their limits. Those in trouble first. */
export function SendersAtWorkCard({ senders }: { senders: readonly SenderAtWork[] }) {
  const t = useTranslations("sending.senders");
  const tSenders = useTranslations("senders");
  return (
    <Card>
      <CardHeader title={t("title")} />
      <CardBody>
        {senders.length === 0 ? (
          <p className="text-sm text-muted">{t("empty")}</p>
        ) : (
          <Table caption={t("caption")} className="sm:border-0 sm:shadow-none">
            <TableHead>
              <Th>{t("name")}</Th>
              <Th>{t("state")}</Th>
              <Th>{t("connections")}</Th>
              <Th>{t("quota")}</Th>
            </TableHead>
            <TableBody>
              {senders.map((sender) => (
                <Tr key={sender.id}>
                  <Td primary className="wrap-anywhere">
                    <span className="flex flex-wrap items-center gap-2">
                      {sender.isInbox ? t("testInbox") : sender.name}
                      {sender.isDefault && <Badge tone="accent">{tSenders("default")}</Badge>}
                    </span>
                  </Td>
                  <Td label={t("state")} className="sm:max-w-64">
                    <SenderHealth sender={sender} />
                  </Td>
                  <Td label={t("connections")} className="tabular sm:whitespace-nowrap">
                    {t("held", { held: sender.connectionsHeld, most: sender.connections })}
                  </Td>
                  <Td label={t("quota")} className="tabular">
                    {sender.quotas.length === 0 ? (
                      <span className="text-muted">{t("noLimit")}</span>
                    ) : (
                      <ul>
                        {sender.quotas.map(({ unit, used, most }) => (
                          <li key={unit}>{t("used", { unit, used, most })}</li>
                        ))}
                      </ul>
                    )}
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
