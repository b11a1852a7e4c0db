import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { DeleteMails } from "#components/inbox/delete-mails.tsx";
import { MailFacts } from "#components/inbox/mail-facts.tsx";
import { MailParts } from "#components/inbox/mail-parts.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { NotFound } from "#lib/errors.ts";
import { getMail } from "#lib/inbox/read.ts";
import { deleteMailsAction, restoreMailsAction } from "../actions.ts";

/** A page that shows more of a source than this is of no use to anybody. */
const shownSourceBytes = 200 * 1024;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("inbox"))("title") };
}

export default async function MailPage({ params }: PageProps<"/inbox/[id]">) {
  const { scope } = await requireActor();
  const t = await getTranslations("inbox");
  const mail = await getMail(db(), scope, (await params).id).catch((error: unknown) => {
    if (error instanceof NotFound) notFound();
    throw error;
  });
  const { parsed, raw, id } = mail;
  return (
    <>
      <PageHeader
        title={parsed.subject || mail.subject || t("noSubject")}
        breadcrumbs={[
          { label: t("title"), href: "/inbox" },
          { label: parsed.subject || mail.subject || t("noSubject") },
        ]}
        actions={
          may(scope, "write") && (
            <DeleteMails mailId={id} count={1} deleteMails={deleteMailsAction} restoreMails={restoreMailsAction} />
          )
        }
      />
      <div className="flex flex-col gap-5">
        <MailFacts
          from={parsed.from || mail.mailFrom}
          to={parsed.to || mail.rcptTo.join(", ")}
          rcptTo={mail.rcptTo}
          receivedAt={mail.receivedAt}
        />
        <MailParts
          id={id}
          isReadable={parsed.isReadable}
          hasHtml={parsed.html !== null}
          text={parsed.text?.slice(0, shownSourceBytes) ?? null}
          headers={parsed.headers}
          headersLeftOut={parsed.headersLeftOut}
          source={raw.subarray(0, shownSourceBytes).toString("utf8")}
          sourceCutKb={raw.length > shownSourceBytes ? shownSourceBytes / 1024 : null}
          attachments={parsed.attachments.map(({ name, mediaType, content }) => ({
            name,
            mediaType,
            bytes: content.length,
          }))}
        />
      </div>
    </>
  );
}
