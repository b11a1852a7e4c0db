import { useFormatter, useTranslations } from "next-intl";
import { ReasonWords } from "#components/reports/reason-words.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import { RelativeTime } from "#components/ui/time.tsx";
import type { NextRetries } from "#lib/reports/sending.ts";

/** Who is tried again when, and why they wait. */
export function RetryCard({ retries }: { retries: NextRetries }) {
  const t = useTranslations("sending.retries");
  const format = useFormatter();
  return (
    <Card>
      <CardHeader title={t("title")} description={t("description")} />
      <CardBody>
        {retries.groups.length === 0 ? (
          <p className="text-sm text-muted">{t("empty")}</p>
        ) : (
          <Table caption={t("caption")} className="sm:border-0 sm:shadow-none">
            <TableHead>
              <Th>{t("reason")}</Th>
              <Th>{t("next")}</Th>
              <Th align="right">{t("soon")}</Th>
              <Th align="right">{t("hour")}</Th>
              <Th align="right">{t("later")}</Th>
            </TableHead>
            <TableBody>
              {retries.groups.map((group) => (
                <Tr key={group.reason}>
                  <Td primary>
                    <ReasonWords reason={group.reason} />
                  </Td>
                  <Td label={t("next")}>
                    <RelativeTime at={group.nextTryAt} />
                  </Td>
                  <Td label={t("soon")} align="right">
                    {format.number(group.within15Minutes)}
                  </Td>
                  <Td label={t("hour")} align="right">
                    {format.number(group.within1Hour)}
                  </Td>
                  <Td label={t("later")} align="right">
                    {format.number(group.later)}
                  </Td>
                </Tr>
              ))}
            </TableBody>
          </Table>
        )}
        {retries.notLookedAt > 0 && (
          <p className="mt-3 text-sm text-muted">{t("more", { count: retries.notLookedAt })}</p>
        )}
      </CardBody>
    </Card>
  );
}
