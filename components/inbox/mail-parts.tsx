"use client";

import { Download, Paperclip } from "lucide-react";
import { useTranslations } from "next-intl";
import { ButtonLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { FileSize } from "#components/ui/file-size.tsx";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import { MailFrame } from "./mail-frame.tsx";

interface MailPartsProps {
  id: string;
  isReadable: boolean;
  hasHtml: boolean;
  text: string | null;
  headers: ReadonlyArray<{ name: string; value: string }>;
  headersLeftOut: number;
  source: string;
  /** How much of the source is shown, when that is not all. */
  sourceCutKb: number | null;
  attachments: ReadonlyArray<{ name: string; mediaType: string; bytes: number }>;
}

/** A mail from every side. Everything but the frame is plain text. */
export function MailParts(mail: MailPartsProps) {
  const t = useTranslations("inbox.mail");
  const source = { value: "source", label: t("source"), content: <Source {...mail} /> };
  if (!mail.isReadable) {
    return (
      <div className="flex flex-col gap-5">
        <Callout tone="warning">{t("unreadable")}</Callout>
        <Source {...mail} />
      </div>
    );
  }
  return (
    <Tabs
      aria-label={t("tabs")}
      tabs={[
        {
          value: "html",
          label: t("html"),
          content: mail.hasHtml ? <MailFrame id={mail.id} /> : <Nothing>{t("noHtml")}</Nothing>,
        },
        {
          value: "text",
          label: t("text"),
          content: mail.text === null ? <Nothing>{t("noText")}</Nothing> : <Plain label={t("text")}>{mail.text}</Plain>,
        },
        { value: "headers", label: t("headers"), content: <Headers {...mail} /> },
        source,
        ...(mail.attachments.length > 0
          ? [
              {
                value: "attachments",
                label: t("attachments"),
                count: mail.attachments.length,
                content: <Attachments {...mail} />,
              },
            ]
          : []),
      ]}
    />
  );
}

function Headers({ headers, headersLeftOut }: MailPartsProps) {
  const t = useTranslations("inbox.mail");
  return (
    <>
      <Table caption={t("headers")}>
        <TableHead>
          <Th>{t("name")}</Th>
          <Th>{t("value")}</Th>
        </TableHead>
        <TableBody>
          {headers.map(({ name, value }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: names repeat, and the list never changes
            <Tr key={i}>
              <Td primary className="align-top! whitespace-nowrap">
                {name}
              </Td>
              <Td className="w-full font-mono text-xs wrap-anywhere max-sm:text-left">{value}</Td>
            </Tr>
          ))}
        </TableBody>
      </Table>
      {headersLeftOut > 0 && (
        <p className="mt-3 text-sm text-muted">{t("headersLeftOut", { count: headersLeftOut })}</p>
      )}
    </>
  );
}

function Source({ id, source, sourceCutKb }: MailPartsProps) {
  const t = useTranslations("inbox.mail");
  return (
    <div className="flex flex-col items-start gap-3">
      <ButtonLink href={`/api/inbox/${id}/source`} download prefetch={false} icon={<Download aria-hidden="true" />}>
        {t("downloadSource")}
      </ButtonLink>
      {sourceCutKb !== null && <p className="text-sm text-muted">{t("sourceCut", { kb: sourceCutKb })}</p>}
      <Plain label={t("source")}>{source}</Plain>
    </div>
  );
}

function Attachments({ id, attachments }: MailPartsProps) {
  const t = useTranslations("inbox");
  return (
    <Table caption={t("mail.attachments")}>
      <TableHead>
        <Th>{t("mail.name")}</Th>
        <Th>{t("mail.type")}</Th>
        <Th align="right">{t("size")}</Th>
        <Th>
          <span className="sr-only">{t("mail.download")}</span>
        </Th>
      </TableHead>
      <TableBody>
        {attachments.map(({ name, mediaType, bytes }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place in the mail is what names an attachment
          <Tr key={i}>
            <Td primary>
              <span className="flex items-center gap-2 wrap-anywhere">
                <Paperclip aria-hidden="true" className="size-4 shrink-0 text-muted" />
                {name}
              </span>
            </Td>
            <Td label={t("mail.type")}>{mediaType}</Td>
            <Td label={t("size")} align="right">
              <FileSize bytes={bytes} />
            </Td>
            <Td>
              <ButtonLink
                href={`/api/inbox/${id}/attachments/${i}`}
                download
                prefetch={false}
                size="sm"
                aria-label={`${t("mail.download")}: ${name}`}
              >
                {t("mail.download")}
              </ButtonLink>
            </Td>
          </Tr>
        ))}
      </TableBody>
    </Table>
  );
}

/** Focusable, so that a keyboard can scroll it. */
function Plain({ label, children }: { label: string; children: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      className="max-h-[70vh] w-full overflow-auto rounded-xl border border-line bg-surface p-4"
    >
      <pre className="font-mono text-xs whitespace-pre-wrap wrap-anywhere">{children}</pre>
    </section>
  );
}

function Nothing({ children }: { children: string }) {
  return (
    <p className="rounded-xl border border-dashed border-line px-4 py-8 text-center text-sm text-muted">{children}</p>
  );
}
