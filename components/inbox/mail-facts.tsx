import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Card, CardBody } from "#components/ui/card.tsx";
import { DateTime } from "#components/ui/time.tsx";

interface MailFactsProps {
  from: string;
  to: string;
  /** The envelope's recipients: whom it was really handed over for. */
  rcptTo: string[];
  receivedAt: Date;
}

export function MailFacts({ from, to, rcptTo, receivedAt }: MailFactsProps) {
  const t = useTranslations("inbox");
  return (
    <Card>
      <CardBody>
        <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[auto_1fr]">
          <Fact name={t("from")}>{from}</Fact>
          <Fact name={t("to")}>{to.includes(rcptTo[0] ?? "") ? to : `${to} (${rcptTo.join(", ")})`}</Fact>
          <Fact name={t("received")}>
            <DateTime at={receivedAt} shape="exact" />
          </Fact>
        </dl>
      </CardBody>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted max-sm:-mb-2">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}
