import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { type Actor, requireActor } from "#app/_web/actor.ts";
import { ConsentHistory } from "#components/audience/consent-history.tsx";
import { PersonEditor } from "#components/audience/person-editor.tsx";
import { LiftButton, PersonMenu } from "#components/audience/person-menu.tsx";
import { PersonProfile } from "#components/audience/person-profile.tsx";
import { Standings } from "#components/audience/standings.tsx";
import { PersonMails } from "#components/reports/person-mails.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { listConsent } from "#lib/audience/consent.ts";
import { writeFieldValue } from "#lib/audience/field-values.ts";
import { listFields } from "#lib/audience/fields.ts";
import { listLists } from "#lib/audience/lists.ts";
import { findSubscriber } from "#lib/audience/subscribers.ts";
import { listStandings } from "#lib/audience/subscriptions.ts";
import { findSuppression } from "#lib/audience/suppression.ts";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { isId } from "#lib/ids.ts";
import { mailsOfPerson } from "#lib/reports/message-timeline.ts";
import {
  deletePersonAction,
  editPersonAction,
  liftSuppressionAction,
  removeFromListAction,
  setStandingAction,
  suppressPersonAction,
} from "../actions.ts";

export async function generateMetadata({ params }: PageProps<"/subscribers/[id]">): Promise<Metadata> {
  const { scope } = await requireActor();
  const person = await load(scope, (await params).id);
  return { title: person.email };
}

export default async function PersonPage({ params }: PageProps<"/subscribers/[id]">) {
  const { scope } = await requireActor();
  const person = await load(scope, (await params).id);
  const t = await getTranslations("subscribers");
  const [standings, history, fields, lists, suppression, mails] = await Promise.all([
    listStandings(db(), scope, person.id),
    listConsent(db(), scope, person.id),
    listFields(db(), scope),
    listLists(db(), scope),
    findSuppression(db(), scope, person.email),
    mailsOfPerson(db(), scope, person.id),
  ]);
  const mayWrite = may(scope, "write");
  const values = Object.fromEntries(fields.map((field) => [field.key, writeFieldValue(person.fields[field.key])]));
  const formFields = fields.map(({ key, label, type }) => ({ key, label, type }));
  const { id, email, firstName, lastName } = person;
  const canLift = suppression?.reason === "hard_bounce" || suppression?.reason === "manual";
  return (
    <>
      <PageHeader
        title={`${firstName} ${lastName}`.trim() || email}
        description={email}
        breadcrumbs={[{ label: t("title"), href: "/subscribers" }, { label: email }]}
        actions={
          mayWrite && (
            <>
              <PersonEditor
                id={id}
                values={{ email, firstName, lastName, fields: values }}
                fields={formFields}
                save={editPersonAction}
              />
              <PersonMenu
                person={{ id, email }}
                isSuppressed={suppression !== null}
                suppress={suppressPersonAction}
                lift={liftSuppressionAction}
                remove={deletePersonAction}
              />
            </>
          )
        }
      />
      {suppression && (
        <Callout
          tone="danger"
          title={t("suppressedTitle")}
          className="mb-5"
          actions={mayWrite && canLift && <LiftButton person={{ id, email }} lift={liftSuppressionAction} />}
        >
          {t(`suppressedText.${suppression.reason}`)} {suppression.detail}
        </Callout>
      )}
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-5">
          <Card>
            <CardHeader title={t("profile")} />
            <CardBody>
              <PersonProfile
                person={{ email, firstName, lastName, source: person.source, createdAt: person.createdAt }}
                fields={formFields.map((field) => ({ ...field, value: person.fields[field.key] ?? null }))}
              />
            </CardBody>
          </Card>
          <Card>
            <CardHeader title={t("standings")} description={t("standingsHint")} />
            <CardBody>
              <Standings
                subscriberId={id}
                standings={standings}
                otherLists={lists
                  .filter((list) => !standings.some((standing) => standing.listId === list.id))
                  .map((list) => ({ id: list.id, name: list.name }))}
                actions={mayWrite ? { set: setStandingAction, remove: removeFromListAction } : null}
              />
            </CardBody>
          </Card>
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <PersonMails mails={mails} />
          <Card>
            <CardHeader title={t("history")} description={t("historyHint")} />
            <CardBody>
              <ConsentHistory rows={history} />
            </CardBody>
          </Card>
        </div>
      </div>
    </>
  );
}

async function load(scope: Actor["scope"], id: string) {
  const person = isId(id) ? await findSubscriber(db(), scope, id) : null;
  return person ?? notFound();
}
