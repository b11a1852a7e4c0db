"use client";

import { useTranslations } from "next-intl";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import type { LinkClicks } from "#lib/reports/link-clicks.ts";
import { useShare } from "./use-share.ts";
import { hitsOf, peopleOf, type Who } from "./who.ts";

interface LinksTableProps {
  /** Null when single clicks are not kept any more. */
  links: readonly LinkClicks[] | null;
  sent: number;
  who: Who;
  isTracked: boolean;
}

/** Every link of the mail with who clicked it. */
export function LinksTable({ links, sent, who, isTracked }: LinksTableProps) {
  const t = useTranslations("reports.links");
  const share = useShare();
  if (!isTracked || links === null || links.length === 0) {
    const why = isTracked ? (links === null ? t("gone") : t("empty")) : t("off");
    return (
      <Card>
        <CardHeader title={t("title")} />
        <CardBody className="text-muted">{why}</CardBody>
      </Card>
    );
  }
  const most = Math.max(1, ...links.map((link) => peopleOf(link.clickedBy, who)));
  return (
    <section>
      <h2 className="text-base font-semibold">{t("title")}</h2>
      <p className="mt-0.5 mb-3 text-sm text-muted">{t("description")}</p>
      <Table caption={t("title")}>
        <TableHead>
          <Th>{t("link")}</Th>
          <Th align="right">{t("people")}</Th>
          <Th align="right">{t("share")}</Th>
          <Th align="right">{t("clicks")}</Th>
        </TableHead>
        <TableBody>
          {links.map((link) => {
            const people = peopleOf(link.clickedBy, who);
            return (
              <Tr key={link.position}>
                <Td primary className="sm:max-w-0 sm:w-full">
                  <a
                    href={link.url}
                    target="_blank"
                    rel="noreferrer noopener"
                    className="link block break-all sm:truncate"
                    title={link.url}
                  >
                    {shortUrl(link.url)}
                  </a>
                  <div aria-hidden="true" className="mt-1.5 h-1.5 rounded-full bg-neutral-soft">
                    <div className="h-full rounded-full bg-accent" style={{ width: `${(people / most) * 100}%` }} />
                  </div>
                </Td>
                <Td label={t("people")} align="right">
                  {people}
                </Td>
                <Td label={t("share")} align="right">
                  {share(people, sent)}
                </Td>
                <Td label={t("clicks")} align="right">
                  {hitsOf(link.clicks, who)}
                </Td>
              </Tr>
            );
          })}
        </TableBody>
      </Table>
    </section>
  );
}

const shortUrl = (url: string) => url.replace(/^https?:\/\//, "").replace(/\/$/, "");
