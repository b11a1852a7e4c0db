import Link from "next/link";
import { useTranslations } from "next-intl";
import { FileSize } from "#components/ui/file-size.tsx";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import { RelativeTime } from "#components/ui/time.tsx";

interface MailTableProps {
  mails: ReadonlyArray<{ id: string; receivedAt: Date; rcptTo: string[]; subject: string; bytes: number }>;
}

export function MailTable({ mails }: MailTableProps) {
  const t = useTranslations("inbox");
  return (
    <Table caption={t("caption")}>
      <TableHead>
        <Th>{t("subject")}</Th>
        <Th>{t("to")}</Th>
        <Th align="right">{t("size")}</Th>
        <Th align="right">{t("received")}</Th>
      </TableHead>
      <TableBody>
        {mails.map((mail) => (
          <Tr key={mail.id}>
            <Td primary className="sm:max-w-96">
              {/* Without prefetch: fifty mails would be parsed to be looked at once. */}
              <Link
                href={`/inbox/${mail.id}`}
                prefetch={false}
                className="block truncate after:absolute after:inset-0 hover:underline"
              >
                {mail.subject || t("noSubject")}
              </Link>
            </Td>
            <Td label={t("to")} className="sm:max-w-72">
              <span className="block truncate" title={mail.rcptTo.join(", ")}>
                {mail.rcptTo.join(", ")}
              </span>
            </Td>
            <Td label={t("size")} align="right" hideOnPhone>
              <FileSize bytes={mail.bytes} />
            </Td>
            <Td label={t("received")} align="right" className="whitespace-nowrap">
              <RelativeTime at={mail.receivedAt} past />
            </Td>
          </Tr>
        ))}
      </TableBody>
    </Table>
  );
}
